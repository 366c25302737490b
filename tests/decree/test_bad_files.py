"""A bad file ends in one line that names it and says what to do, within 5 s and 500 MB, and nothing is written."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

SEED: Final = Path(__file__).parents[1] / "data" / "seed"
WORD: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
SECONDS: Final = 5.0
MEGABYTES: Final = 500


def packed(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def word(body: str, head: str = "") -> bytes:
    text = f'{head}<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>{body}</w:t></w:r></w:p></w:body></w:document>'
    return packed({"word/document.xml": text.encode()})


def laughs() -> bytes:
    levels = [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)]
    return word("&a11;", '<!DOCTYPE w [<!ENTITY a0 "ха">' + "".join(levels) + "]>")


def outside() -> bytes:
    return word("&x;", '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/hostname">]>')


def word_bomb() -> bytes:
    return packed({"word/document.xml": b"<a>" + b" " * (250 * 2**20) + b"</a>"})


def sheet_bomb() -> bytes:
    row = b'<row r="1"><c r="A1" t="inlineStr"><is><t>' + b"A" * 1000 + b"</t></is></c></row>"
    return packed({"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": row * 220_000})


def wide_sheet() -> bytes:
    """Two cells at opposite corners of a sheet, between which 17 thousand million cells would be kept."""
    from openpyxl import Workbook  # noqa: PLC0415 - one sample of many needs it

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["XFD1048576"] = "План", "конец"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def pdf(
    pages: int, content: bytes = b"BT /F1 12 Tf 50 700 Td (Text of a page) Tj ET", *, locked: bool = False
) -> bytes:
    packed_content = zlib.compress(content)
    kids = " ".join(f"{number} 0 R" for number in range(5, 5 + pages))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {pages}>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%b\nendstream" % (len(packed_content), packed_content),
        *[
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 3 0 R>>>>>>"
            for _ in range(pages)
        ],
    ]
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, text in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, text)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    key = b"00" * 32
    lock = b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<%b>/U<%b>>>/ID[<00><00>]" % (key, key) if locked else b""
    return bytes(out) + b"trailer<</Size %d/Root 1 0 R%b>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, lock, start,
    )  # fmt: skip


def deep_page() -> bytes:
    return b"<html><body>" + b"<div>" * 200_000 + "План мероприятий".encode()


FILES: Final[dict[str, tuple[Callable[[], bytes], str]]] = {
    "бомба.docx": (word_bomb, "Сохраните документ заново"),
    "бомба.xlsx": (sheet_bomb, "Сохраните документ заново"),
    "углы.xlsx": (wide_sheet, "удалите лишние строки"),
    "смех.docx": (laughs, "ещё раз"),
    "наружу.docx": (outside, "Сохраните документ заново"),
    "шестьдесят.txt": (lambda: "План мероприятий\n".encode() * (60 * 2**20 // 32), "разделите на части"),
    "строка.txt": (lambda: b"\xd0\x9f" * 900_000, "сохраните его заново"),
    "трубы.txt": (lambda: b"1 | a |\n" * 250_000, ""),
    "пункты.txt": (
        ("План на 2023/2024 учебный год\n1. Отчет. Срок: май. " + "\nслово" * 49_000).encode,
        "",
    ),
    "метки.txt": (("План\n" + "1. А. Срок: . Исполнители: .\nб\n" * 20_000).encode, ""),
    "табуляции.txt": (lambda: b"1\ta\n\t\t\n" * 200_000, ""),
    "страницы.pdf": (lambda: pdf(2000), "Оставьте в нём только"),
    "скан.pdf": (lambda: pdf(2, b"0 0 595 842 re f"), "Распознайте его"),
    "пароль.pdf": (lambda: pdf(1, locked=True), "Снимите пароль"),
    "старый.doc": (lambda: OLE + "WordDocument".encode("utf-16-le"), "Сохраните файл как DOCX"),
    "богатый.rtf": (lambda: b"{\\rtf1 text}", "сохраните как DOCX"),
    "картинка.pdf": (lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 1000, "Сохраните его как DOCX"),
    "обрыв.docx": (lambda: (SEED / "decree.docx").read_bytes()[:15_000], "ещё раз"),
    "обрыв.pdf": (lambda: (SEED / "decree.pdf").read_bytes()[:3000], ""),
    "нули.txt": (lambda: "План".encode() + b"\0" * 500 + b"x", "Сохраните его как DOCX"),
    "пусто.txt": (lambda: b"", "Выберите файл"),
    "новости.html": (lambda: b"<html><body><p>News</p></body></html>", "Проверьте"),
    "глубоко.html": (deep_page, ""),
    "чужое.pdf": ((SEED / "decree.docx").read_bytes, "Переименуйте файл"),
}


# A child begins as a copy of its parent, so a small process starts the command and measures it.
MEASURE: Final = """
import json, os, subprocess, sys, time
began = time.monotonic()
child = subprocess.Popen([sys.executable, "-m", "profminimum", "decree", "read", sys.argv[1]],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
out, err = child.stdout.read(), child.stderr.read()
_, status, usage = os.wait4(child.pid, 0)
child.returncode = os.waitstatus_to_exitcode(status)
spent = min(time.monotonic() - began, usage.ru_utime + usage.ru_stime)
print(json.dumps([child.returncode, out.decode(), err.decode(), spent, usage.ru_maxrss / 1024]))
"""


def run(path: Path, folder: Path) -> tuple[int, str, str, float, float]:
    """Run the command; gives its code, both outputs, seconds of the processor, and the most memory in megabytes."""
    command = [sys.executable, "-c", MEASURE, str(path)]
    code, out, err, seconds, megabytes = json.loads(subprocess.check_output(command, cwd=folder))
    return code, out, err, seconds, megabytes


@pytest.mark.parametrize("name", FILES)
def test_bad_file(tmp_path: Path, name: str) -> None:
    make, advice = FILES[name]
    folder = tmp_path / "work"
    folder.mkdir()
    path = folder / name
    path.write_bytes(make())
    code, out, err, seconds, megabytes = run(path, folder)
    assert (code, out) == (2, ""), err
    assert err.endswith(".\n")
    assert err.count("\n") == 1, err
    assert f"«{name}»" in err
    assert advice in err
    assert "Traceback" not in err
    assert [one.name for one in folder.iterdir()] == [name]
    assert seconds < SECONDS
    assert megabytes < MEGABYTES

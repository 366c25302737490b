from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from profminimum.decree.model import Source, UnreadableError
from profminimum.decree.sources import read_bytes, read_source, safety

SEED = Path(__file__).parents[1] / "data" / "seed"
SEEDS = {kind: (SEED / f"decree.{kind}").read_bytes() for kind in ("txt", "docx", "pdf")}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def archive(parts: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as packed:
        for part, content in parts.items():
            packed.writestr(part, content)
    return stream.getvalue()


def document(text: str, head: str = "") -> dict[str, str | bytes]:
    body = f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>'
    return {"word/document.xml": head + body}


def refused(data: bytes, name: str) -> UnreadableError:
    with pytest.raises(UnreadableError) as caught:
        read_bytes(data, name)
    error = caught.value
    assert error.message.startswith(f"Файл «{name}»: ")
    assert error.message_en.startswith(f"File “{name}”: ")
    assert error.message.endswith(".")
    return error


@pytest.mark.parametrize(
    ("data", "name", "why", "advice"),
    [
        (b"", "a.txt", "пуст", "Выберите файл"),
        (b"\xef\xbb\xbf \r\n\t", "a.txt", "пуст", "Выберите файл"),
        (b"\0" * 100, "a.docx", "пуст", "Выберите файл"),
        (b"<html><body><script>1</script></body></html>", "a.html", "в нём нет текста", "Выберите файл"),
        (b"a\0b" * 10, "a.txt", "нулевые байты", "Сохраните его как DOCX"),
        (OLE + "WordDocument".encode("utf-16-le"), "a.doc", "старого формата (DOC)", "Сохраните файл как DOCX"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a.docx", "защищён паролем", "Снимите пароль"),
        (OLE, "a.msg", "старого формата Office", "Сохраните его как DOCX"),
        (OLE + "Workbook".encode("utf-16-le"), "a.xls", "повреждён", "ещё раз"),
        (b"{\\rtf1 text}", "a.rtf", "RTF", "сохраните как DOCX"),
        (b"{\\rtf1 text}", "a.doc", "RTF", "сохраните как DOCX"),
        (b"\x89PNG\r\n\x1a\n\0", "a.png", "изображение PNG", "Сохраните его как DOCX"),
        (b"\xff\xd8\xff\xe0\0", "a.jpg", "изображение JPEG", "Сохраните его как DOCX"),
        (b"Rar!\x1a\x07", "a.rar", "архив RAR", "Сохраните его как DOCX"),
        (SEEDS["pdf"], "план.docx", "это документ PDF, а не .docx", "«.pdf»"),
        (SEEDS["docx"], "план.pdf", "это документ Word, а не .pdf", "«.docx»"),
        (SEEDS["docx"], "план.doc", "это документ Word, а не .doc", "«.docx»"),
        (SEEDS["docx"], "план.docm", "это документ Word, а не .docm", "«.docx»"),
        (SEEDS["txt"], "план.pdf", "это обычный текст, а не .pdf", "«.txt»"),
        (SEEDS["docx"][:20_000], "план.docx", "повреждён", "ещё раз"),
        (SEEDS["pdf"][:200], "план.pdf", "", ""),
        (archive({"a.txt": "б"}), "a.zip", "архив", "Извлеките"),
        (archive({**document("а"), "word/vbaProject.bin": b"x"}), "a.docm", "с макросами", "без макросов"),
        (archive({"word/other.xml": "<a/>"}), "a.docx", "повреждён", "ещё раз"),
        (archive({"word/document.xml": "<a>"}), "a.docx", "повреждён", "ещё раз"),
        (archive({"word/document.xml": "<a/>"}), "a.docx", "повреждён", "ещё раз"),
        (archive({"xl/workbook.xml": "<a>"}), "a.xlsx", "повреждён", "ещё раз"),
        (archive(document("а"), zipfile.ZIP_LZMA), "a.docx", "повреждён", "ещё раз"),
        (
            archive({"content.xml": "<a/>", "META-INF/manifest.xml": "", "mimetype": "x.spreadsheet"}),
            "a.ods",
            "ODS",
            "как XLSX",
        ),
    ],
)
def test_refusals_say_what_to_do(data: bytes, name: str, why: str, advice: str) -> None:
    message = refused(data, name).message
    assert why in message
    assert advice in message


@pytest.mark.parametrize(
    ("kind", "name"), [("pdf", "decree"), ("docx", "decree.bin"), ("txt", "decree.md"), ("pdf", "D.PDF")]
)
def test_format_is_told_by_content(kind: str, name: str) -> None:
    assert read_bytes(SEEDS[kind], name).format == {"txt": "text"}.get(kind, kind)


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match=r"«нет\.docx»: нет такого файла"):
        read_source(tmp_path / "нет.docx")
    with pytest.raises(UnreadableError, match="не открывается"):
        read_source(tmp_path)


def test_too_large(tmp_path: Path) -> None:
    big = tmp_path / "big.txt"
    with big.open("wb") as stream:
        stream.write(b"a")
        stream.truncate(safety.MAX_BYTES + 2)
    with pytest.raises(UnreadableError, match="больше 50 МБ"):
        read_source(big)


def test_bomb_by_declared_size() -> None:
    data = archive({**document("а"), "word/media/a.bin": b"\0" * (60 * 2**20)})
    assert "слишком велик" in refused(data, "a.docx").message


def test_bomb_that_lies_about_its_size() -> None:
    text = b"<a>" + b" " * (30 * 2**20)
    data = bytearray(archive({"word/document.xml": text, "pad.bin": bytes(range(256)) * 2000}))
    at = data.rfind(b"word/document.xml") - 46
    assert data[at : at + 4] == b"PK\x01\x02"
    struct.pack_into("<L", data, at + 24, 100)
    assert refused(bytes(data), "a.docx").message_en


def test_real_size_is_counted_while_inflating() -> None:
    data = archive({"word/document.xml": b"<a>" + b" " * (25 * 2**20), "pad.bin": bytes(range(256)) * 2000}, 0)
    assert "слишком велик" in refused(data, "a.docx").message


def test_too_many_entries() -> None:
    data = archive({**document("а"), **{f"x/{number}": "" for number in range(safety.MAX_ENTRIES)}})
    assert "слишком велик" in refused(data, "a.docx").message


def test_workbook_bomb() -> None:
    sheets: dict[str, str | bytes] = {"xl/workbook.xml": "<a/>", "pad.bin": bytes(range(256)) * 8000}
    sheets |= {f"xl/worksheets/s{number}.xml": b"<a>" + b" " * (19 * 2**20) + b"</a>" for number in range(11)}
    assert "слишком велик" in refused(archive(sheets), "a.xlsx").message


BILLION = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("head", [BILLION, OUTSIDE, '<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd">'])
def test_document_types_are_refused(head: str) -> None:
    assert "DTD" in refused(archive(document("&a;" if "ENTITY" in head else "а", head)), "a.docx").message
    workbook = {"xl/workbook.xml": f"{head}<workbook/>"}
    assert "DTD" in refused(archive(workbook), "a.xlsx").message


def test_encrypted_archive() -> None:
    data = bytearray(archive(document("а")))
    for mark, shift in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + shift] |= 1
    assert "защищён паролем" in refused(bytes(data), "a.docx").message


def test_deeply_nested_document() -> None:
    deep = "<w:sdt><w:sdtContent>" * 2000 + "</w:sdtContent></w:sdt>" * 2000
    body = f'<w:document xmlns:w="{WORD}"><w:body>{deep}</w:body></w:document>'
    assert refused(archive({"word/document.xml": body}), "a.docx")


def only_unreadable(data: bytes, name: str) -> None:
    """Whatever the bytes: a source, or the one error, which names the file."""
    try:
        source: Source | None = read_bytes(data, name)
        message = ""
    except UnreadableError as error:
        source = None
        message = error.message
    assert source is not None or f"«{Path(name).name or 'без имени'}»" in message


NAMES = st.sampled_from(
    ["a", "a.docx", "a.pdf", "a.xlsx", "a.xls", "a.txt", "a.html", "a.odt", "a.csv", "", "../b/c.txt"]
)


@given(st.binary(max_size=400), NAMES)
@settings(max_examples=150, deadline=None)
def test_random_bytes(data: bytes, name: str) -> None:
    only_unreadable(data, name)


@given(
    st.sampled_from([b"PK\x03\x04", OLE, b"%PDF-1.4\n", b"<html>", b"MIME-Version: 1.0\n", b"\xff\xfe"]),
    st.binary(max_size=300),
)
@settings(max_examples=100, deadline=None)
def test_random_bytes_behind_a_known_head(head: bytes, data: bytes) -> None:
    only_unreadable(head + data, "a")


@given(
    st.text(alphabet="аб1. \t\n|│─┌+-\"';<>&/tdr\u00a0\f", max_size=200),
    st.sampled_from(["a.txt", "a.html", "a.csv"]),
)
@example('\t"\t\t\n"', "a.txt")
@settings(max_examples=200, deadline=None)
def test_random_layouts(text: str, name: str) -> None:
    only_unreadable(text.encode(), name)


@pytest.mark.parametrize("kind", SEEDS)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_truncated_seeds(kind: str, data: st.DataObject) -> None:
    length = data.draw(st.integers(0, len(SEEDS[kind]) - 1))
    only_unreadable(SEEDS[kind][:length], f"decree.{kind}")


@pytest.mark.parametrize("kind", SEEDS)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_seeds_with_flipped_bits(kind: str, data: st.DataObject) -> None:
    spoiled = bytearray(SEEDS[kind])
    for place in data.draw(st.lists(st.integers(0, len(spoiled) * 8 - 1), min_size=1, max_size=40)):
        spoiled[place // 8] ^= 1 << place % 8
    only_unreadable(bytes(spoiled), f"decree.{kind}")

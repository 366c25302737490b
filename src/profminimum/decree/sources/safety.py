"""Which file is this really, and is it safe to open: size, archive bombs, encryption, external entities?"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from pathlib import Path
from typing import Final, Literal, NoReturn

from lxml import etree

from profminimum.decree.model import UnreadableError

Kind = Literal["docx", "pdf", "xlsx", "xls", "html", "odt", "text"]

MAX_BYTES: Final = 50 * 2**20
MAX_PLAIN_BYTES: Final = 2 * 2**20
MAX_TEXT_BYTES: Final = 4 * 2**20
MAX_SECONDS: Final = 4.0
MAX_INFLATED: Final = 200 * 2**20
MAX_PART: Final = 20 * 2**20
MAX_RATIO: Final = 200
RATIO_FROM: Final = 2**20
MAX_ENTRIES: Final = 5000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE = "Сохраните его как DOCX, PDF с текстом или TXT и загрузите снова."
_SAVE_EN = "Save it as DOCX, PDF with text or TXT and load it again."


class TooComplexError(Exception):
    """The file is nested too deeply, or the time for it is used up."""


def refuse(name: str, why: str, why_en: str) -> NoReturn:
    """Raise `UnreadableError` with the name of the file before the reason, in both languages."""
    raise UnreadableError(f"Файл «{name}»: {why}", f"File “{name}”: {why_en}")


def load(path: Path) -> bytes:
    """Read the file, at most `MAX_BYTES`."""
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        refuse(path.name, "нет такого файла. Проверьте путь.", "no such file. Check the path.")
    except (OSError, ValueError):
        refuse(
            path.name,
            "не открывается. Проверьте, что это файл и что у программы есть право его читать.",
            "cannot be opened. Check that it is a file and that the program may read it.",
        )


def kind_of(data: bytes, name: str) -> Kind:
    """Tell the format by content; refuse what is no decree or bears the ending of another format."""
    if not data.strip(b"\0 \r\n\t\f\xef\xbb\xbf"):
        refuse(
            name,
            "пуст. Выберите файл с текстом распоряжения и плана.",
            "is empty. Choose the file with the text of the decree and the plan.",
        )
    if len(data) > MAX_BYTES:
        limit = MAX_BYTES >> 20
        refuse(
            name,
            f"больше {limit} МБ. Сохраните его без изображений или разделите на части.",
            f"is larger than {limit} MB. Save it without pictures or split it.",
        )
    kind = _by_content(data, name)
    _check_ending(kind, name)
    return kind


def _by_content(data: bytes, name: str) -> Kind:
    head = data[:1024].lstrip(b"\xef\xbb\xbf \r\n\t\f")
    if data.startswith(b"PK"):
        return _zip_kind(data, name)
    if data.startswith(_OLE):
        return _ole_kind(data, name)
    if b"%PDF-" in data[:1024] and not head.startswith(b"<"):
        return "pdf"
    if head.startswith(b"{\\rtf"):
        refuse(
            name,
            "это документ RTF, такой формат не читается. Откройте его в Word и сохраните как DOCX.",
            "is an RTF document, which is not read. Open it in Word and save it as DOCX.",
        )
    _refuse_other_binaries(data, name)
    return "html" if _looks_like_html(data, name) else "text"


def _zip_kind(data: bytes, name: str) -> Kind:
    names = set(open_zip(data, name).namelist())
    if "word/document.xml" in names or any(part.startswith("word/") for part in names):
        if "word/vbaProject.bin" in names:
            refuse(
                name,
                "это документ Word с макросами (DOCM). Сохраните его как DOCX без макросов.",
                "is a Word document with macros (DOCM). Save it as DOCX without macros.",
            )
        return "docx"
    if any(part.startswith("xl/") for part in names):
        return "xlsx"
    if "content.xml" in names and any(part.startswith("META-INF/") for part in names):
        if _is_sheet(data, name):
            refuse(
                name,
                "это таблица OpenDocument (ODS), такой формат не читается. Сохраните файл как XLSX.",
                "is an OpenDocument spreadsheet (ODS), which is not read. Save the file as XLSX.",
            )
        return "odt"
    refuse(
        name,
        f"это архив или документ незнакомого вида. Извлеките из него сам документ. {_SAVE}",
        f"is an archive or a document of an unknown kind. Take the document out of it. {_SAVE_EN}",
    )


def _is_sheet(data: bytes, name: str) -> bool:
    archive = open_zip(data, name)
    return "mimetype" in archive.namelist() and b"spreadsheet" in read_part(archive, "mimetype", name, limit=1000)


def _ole_kind(data: bytes, name: str) -> Kind:
    def has(word: str) -> bool:
        return word.encode("utf-16-le") in data

    if has("EncryptedPackage"):
        refuse(
            name,
            "защищён паролем. Снимите пароль в Word или Excel и сохраните файл заново.",
            "is protected by a password. Take the password off in Word or Excel and save the file anew.",
        )
    if has("WordDocument"):
        refuse(
            name,
            "это документ Word старого формата (DOC). Сохраните файл как DOCX.",
            "is a Word document of the old format (DOC). Save the file as DOCX.",
        )
    if has("Workbook") or has("Book"):
        return "xls"
    refuse(
        name,
        f"это файл старого формата Office, который не читается. {_SAVE}",
        f"is a file of an old Office format that is not read. {_SAVE_EN}",
    )


_BINARIES: Final = (
    (b"\x89PNG", "изображение PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "изображение JPEG", "a JPEG picture"),
    (b"II*\0", "изображение TIFF", "a TIFF picture"),
    (b"MM\0*", "изображение TIFF", "a TIFF picture"),
    (b"GIF8", "изображение GIF", "a GIF picture"),
    (b"AT&TFORM", "документ DjVu", "a DjVu document"),
    (b"Rar!", "архив RAR", "a RAR archive"),
    (b"7z\xbc\xaf", "архив 7z", "a 7z archive"),
    (b"\x1f\x8b", "архив GZIP", "a GZIP archive"),
    (b"MZ", "программа", "a program"),
    (b"\x7fELF", "программа", "a program"),
)


def _refuse_other_binaries(data: bytes, name: str) -> None:
    for magic, what, _what_en in _BINARIES:
        if data.startswith(magic) and (magic != b"MZ" or b"\0" in data[:200]):
            refuse(
                name,
                f"это {what}, а не документ с текстом. {_SAVE}",
                f"is {what}, no text document. {_SAVE_EN}",
            )
    if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        refuse(
            name,
            f"это не текст: в нём есть нулевые байты. Возможно, файл повреждён. {_SAVE}",
            f"is no text: it holds zero bytes. It may be damaged. {_SAVE_EN}",
        )


_PAGE: Final = re.compile(
    rb"<(?:!doctype html|html|head|body|table|meta|div|p|h[1-6]|ul|ol|center|title|style)[\s>]", re.IGNORECASE
)
_MARKUP: Final = re.compile(rb"</?(?:html|body|table|div|p|br|span|td)[\s>/]", re.IGNORECASE)


def _looks_like_html(data: bytes, name: str) -> bool:
    head = data[:8192]
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.replace(b"\0", b"")
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t\f")
    if _PAGE.match(start) or (start.startswith(b"<") and _PAGE.search(start)):
        return True
    if b"multipart/related" in head.lower() and b"mime-version:" in head.lower():
        return True
    return name.lower().endswith((".html", ".htm")) and _MARKUP.search(head) is not None


_ENDINGS: Final[dict[str, tuple[Kind, ...]]] = {
    "docx": ("docx",),
    "doc": ("html",),
    "docm": (),
    "rtf": (),
    "pdf": ("pdf",),
    "xlsx": ("xlsx",),
    "xlsm": ("xlsx",),
    "xls": ("xls", "html", "text"),
    "odt": ("odt",),
    "html": ("html", "text"),
    "htm": ("html", "text"),
    "mht": ("html",),
    "mhtml": ("html",),
    "txt": ("text", "html"),
    "csv": ("text",),
    "tsv": ("text",),
    "md": ("text", "html"),
}
_TITLES: Final[dict[Kind, tuple[str, str, str]]] = {
    "docx": ("документ Word", "a Word document", ".docx"),
    "pdf": ("документ PDF", "a PDF document", ".pdf"),
    "xlsx": ("книга Excel", "an Excel workbook", ".xlsx"),
    "xls": ("книга Excel старого формата", "an Excel workbook of the old format", ".xls"),
    "html": ("страница HTML", "an HTML page", ".html"),
    "odt": ("документ OpenDocument", "an OpenDocument text", ".odt"),
    "text": ("обычный текст", "plain text", ".txt"),
}


def _check_ending(kind: Kind, name: str) -> None:
    ending = Path(name.replace("\0", "")).suffix.lstrip(".").lower()
    allowed = _ENDINGS.get(ending)
    if allowed is None or kind in allowed:
        return
    title, title_en, right = _TITLES[kind]
    refuse(
        name,
        f"по содержанию это {title}, а не .{ending}. Переименуйте файл так, чтобы имя кончалось на «{right}», "
        f"или сохраните его заново в нужном формате.",
        f"is {title_en} by its content, not .{ending}. Rename it to end in “{right}” or save it anew in the format "
        f"meant.",
    )


def open_zip(data: bytes, name: str) -> zipfile.ZipFile:
    """Open an archive in memory after checking what it declares: entries, sizes, ratio, encryption."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except (
        zipfile.BadZipFile,
        ValueError,
        OSError,
        EOFError,
        NotImplementedError,
        IndexError,
        OverflowError,
    ):
        damaged(name)
    declared = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or declared > MAX_INFLATED or _too_dense(declared, len(data)):
        bomb(name)
    if any(entry.flag_bits & 1 for entry in entries):
        refuse(
            name,
            "защищён паролем. Снимите пароль и сохраните файл заново.",
            "is protected by a password. Take the password off and save the file anew.",
        )
    return archive


def _too_dense(inflated: int, packed: int) -> bool:
    return inflated > RATIO_FROM and inflated > packed * MAX_RATIO


def too_complex(name: str) -> NoReturn:
    refuse(
        name,
        "слишком сложен или велик: чтение остановлено. Оставьте только распоряжение и план и сохраните как DOCX.",
        "is too complex or large: reading was stopped. Leave only the decree and the plan in it and save it as DOCX.",
    )


def damaged(name: str) -> NoReturn:
    refuse(
        name,
        "повреждён и не открывается. Скачайте или сохраните его ещё раз.",
        "is damaged and cannot be opened. Download or save it once more.",
    )


def bomb(name: str) -> NoReturn:
    refuse(
        name,
        "в распакованном виде слишком велик, такой файл не открывается. Сохраните документ заново без вложений.",
        "is too large when unpacked and is not opened. Save the document anew without attachments.",
    )


def read_part(archive: zipfile.ZipFile, part: str, name: str, limit: int = MAX_PART) -> bytes:
    """Inflate one part, counting bytes while inflating; more than `limit` or than the ratio allows is refused."""
    chunks: list[bytes] = []
    size = 0
    try:
        entry = archive.getinfo(part)
        packed = entry.compress_size
        if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            damaged(name)
        with archive.open(part) as stream:
            while chunk := stream.read(2**16):
                size += len(chunk)
                if size > limit or (size > RATIO_FROM and size > max(packed, 1) * MAX_RATIO * 5):
                    bomb(name)
                chunks.append(chunk)
    except (
        zipfile.BadZipFile,
        zlib.error,
        KeyError,
        ValueError,
        OSError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        IndexError,
    ):
        damaged(name)
    return b"".join(chunks)


def parse_xml(data: bytes, name: str) -> etree._Element:
    """Parse a part of an Office file; a part with a document type (entities, external files) is refused."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        damaged(name)
    if _has_document_type(root):
        refuse_document_type(name)
    return root


def _has_document_type(root: etree._Element) -> bool:
    return root.getroottree().docinfo.internalDTD is not None


def refuse_document_type(name: str) -> NoReturn:
    refuse(
        name,
        "содержит объявления (DTD), это небезопасно. Сохраните документ заново в Word или Excel.",
        "holds a document type (DTD) in its markup, which is unsafe. Save the document anew in Word or Excel.",
    )

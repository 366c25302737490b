from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from profminimum.decree.model import Block, Paragraph, Row, Table, UnreadableError
from profminimum.decree.sources import pdf as reader
from profminimum.decree.sources import read_bytes, read_source, wrapping
from profminimum.decree.sources.wrapping import Printed

SEED = Path(__file__).parents[1] / "data" / "seed"
WIDE = 500  # of each letter, thousandths of the size
SIZE = 10


class Page:
    """A page written by hand: texts and rules in points from the top left corner."""

    height = 800

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def text(self, x: float, y: float, text: str, size: int = SIZE, matrix: str = "1 0 0 1") -> Page:
        shown = text.encode("cp1251").hex()
        self._parts.append(f"BT /F {size} Tf {matrix} {x} {self.height - y} Tm <{shown}> Tj ET".encode())
        return self

    def line(self, x0: float, y0: float, x1: float, y1: float) -> Page:
        self._parts.append(f"{x0} {self.height - y0} m {x1} {self.height - y1} l S".encode())
        return self

    def raw(self, content: bytes) -> Page:
        self._parts.append(content)
        return self

    def grid(self, columns: list[float], rows: list[float]) -> Page:
        for x in columns:
            self.line(x, rows[0], x, rows[-1])
        for y in rows:
            self.line(columns[0], y, columns[-1], y)
        return self

    @property
    def content(self) -> bytes:
        return b"\n".join(self._parts)


def pdf(*pages: Page, resources: str = "", extra: tuple[bytes, ...] = (), unicode_map: bool = True) -> bytes:
    mapping = "".join(
        f"<{code:02X}> <{ord(letter):04X}>\n"
        for code in range(32, 256)
        if (letter := bytes([code]).decode("cp1251", errors="ignore"))
    )
    cmap = f"begincmap 1 begincodespacerange <00> <FF> endcodespacerange 200 beginbfchar {mapping} endbfchar".encode()
    cmap += b" endcmap"
    widths = " ".join([str(WIDE)] * 256)
    objects: list[bytes] = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"",
        f"<</Type/Font/Subtype/TrueType/BaseFont/X/FirstChar 0/LastChar 255/Widths[{widths}]"
        f"{'/ToUnicode 4 0 R' if unicode_map else '/Encoding/Identity-H'}>>".encode(),
        b"<</Length %d>>stream\n%s\nendstream" % (len(cmap), cmap),
    ]
    kids = []
    for page in pages:
        packed = zlib.compress(page.content)
        objects.append(b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed))
        kids.append(len(objects) + 1)
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 {Page.height}]/Contents {len(objects)} 0 R"
            f"/Resources<</Font<</F 3 0 R>>{resources}>>>>".encode()
        )
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(f'{kid} 0 R' for kid in kids)}]>>".encode()
    objects += extra
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (number, body)
    xref = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, xref)
    return bytes(out)


def blocks(*pages: Page) -> tuple[Block, ...]:
    return read_bytes(pdf(*pages), "план.pdf").blocks


def rows(*pages: Page) -> list[Row]:
    return [row for block in blocks(*pages) if isinstance(block, Table) for row in block.rows]


def texts(*pages: Page) -> list[str]:
    return [block.text if isinstance(block, Paragraph) else "T" for block in blocks(*pages)]


def folded(path: Path) -> list[list[str]]:
    """The rows of the seed in one file: white space folded, rows split over pages put together."""
    found: list[list[str]] = []
    for block in read_source(path).blocks:
        for row in block.rows if isinstance(block, Table) else ():
            cells = [" ".join(cell.split()) for cell in row.cells]
            if not cells[0]:
                found[-1] = [" ".join(filter(None, pair)) for pair in zip(found[-1], cells, strict=True)]
            elif cells not in found:
                found.append(cells)
    return found


def test_seed_is_the_same_in_three_formats() -> None:
    printed, written, plain = (folded(SEED / f"decree.{kind}") for kind in ("pdf", "docx", "txt"))
    assert len(printed) == 16
    assert printed == written == plain


@pytest.mark.parametrize("name", ["browser-ruled.pdf", "browser-no-rules.pdf"])
def test_the_seed_printed_by_a_browser_with_and_without_rules(name: str) -> None:
    assert folded(SEED.parent / "layouts" / name) == folded(SEED / "decree.docx")


def test_seed_pages_and_stamps() -> None:
    source = read_source(SEED / "decree.pdf")
    assert source.format == "pdf"
    shape = "".join("T" if isinstance(block, Table) else "p" for block in source.blocks)
    assert shape.lstrip("p") == "TppTppTp"
    assert [block.place.page for block in source.blocks if isinstance(block, Table)] == [2, 3, 4]
    alone = [block.text for block in source.blocks if isinstance(block, Paragraph)]
    assert alone.count("3.12-1327-р (п)(2.0)") == 4
    assert {"2", "3", "4"} <= set(alone)
    assert alone[5].endswith("Сахалинской области в 2023/2024 учебном году")
    eighth = next(
        row for block in source.blocks if isinstance(block, Table) for row in block.rows if row.cells[0] == "8"
    )
    assert eighth.cells[1].count("\n- ") == 4
    assert eighth.cells[3] == "МОСО\nГАУ СО АРЧК\nМОУО\nОО"
    assert eighth.cells[4].count("\n") == 3


def test_merged_cells() -> None:
    page = Page().grid([50, 80, 300, 500], [100, 120, 160]).grid([50, 500], [160, 180])
    page.grid([50, 80, 300], [180, 200, 220]).grid([300, 500], [180, 220])
    for x, y, text in [
        (52, 115, "№"), (82, 115, "Мера"), (302, 115, "Срок"),
        (52, 135, "1"), (82, 135, "Провести"), (302, 135, "май"),
        (150, 175, "Раздел"),
        (52, 195, "2"), (82, 195, "а"), (302, 195, "общий"), (52, 215, "3"), (82, 215, "б"),
    ]:  # fmt: skip
        page.text(x, y, text)
    assert [(row.cells, row.merged) for row in rows(page)] == [
        (("№", "Мера", "Срок"), False),
        (("1", "Провести", "май"), False),
        (("Раздел", "", ""), True),
        (("2", "а", "общий"), False),
        (("3", "б", ""), False),
    ]


def test_table_open_at_its_sides() -> None:
    page = Page()
    for y in (100, 120, 140, 160):
        page.line(50, y, 500, y)
    page.line(80, 100, 80, 160).line(300, 100, 300, 160)
    for number, y in enumerate((115, 135, 155)):
        page.text(55, y, str(number)).text(85, y, "мера").text(305, y, "срок")
    assert [row.cells for row in rows(page)] == [(str(number), "мера", "срок") for number in range(3)]


def test_rows_split_over_pages_stay_two_rows() -> None:
    pages = [Page().grid([50, 80, 500], [100, 130, 160]).text(52, 120, str(n)).text(82, 120, "мера") for n in (1, 2)]
    pages[1].text(82, 150, "конец")
    found = [block for block in blocks(*pages) if isinstance(block, Table)]
    assert [[row.cells for row in table.rows] for table in found] == [
        [("1", "мера"), ("", "")],
        [("2", "мера"), ("", "конец")],
    ]
    assert [table.place.page for table in found] == [1, 2]


def test_table_without_rules() -> None:
    page = Page().text(200, 50, "План мероприятий")
    for y, cells in [
        (100, ["№", "Мероприятие", "Срок", "Исполнитель"]),
        (120, ["1", "Назначить лиц, ответственных", "май", "МОСО"]),
        (132, ["", "за работу", "", "МОУО"]),
        (152, ["2", "Создать группу", "июнь", "ОО"]),
        (172, ["3", "Отчитаться", "июль", "ОО"]),
    ]:
        for x, text in zip((50, 80, 300, 400), cells, strict=True):
            page.text(x, y, text)
    page.text(50, 250, "Министр")
    found = blocks(page)
    assert [getattr(block, "text", "T") for block in found] == ["План мероприятий", "T", "Министр"]
    assert [row.cells for row in rows(page)] == [
        ("№", "Мероприятие", "Срок", "Исполнитель"),
        ("1", "Назначить лиц, ответственных за работу", "май", "МОСО\nМОУО"),
        ("2", "Создать группу", "июнь", "ОО"),
        ("3", "Отчитаться", "июль", "ОО"),
    ]


def test_prose_and_signature_are_no_table() -> None:
    page = (
        Page()
        .text(50, 50, "Министр")
        .text(400, 50, "А.Н. Киктева")
        .text(50, 70, "Исполнитель")
        .text(400, 70, "Иванов")
    )
    assert "T" not in texts(page)


def test_frame_about_a_page_is_no_table() -> None:
    assert texts(Page().grid([20, 580], [20, 780]).text(50, 50, "Один лист в рамке")) == ["Один лист в рамке"]


def test_paragraph_lines_are_joined_and_separate_lines_are_not() -> None:
    page = Page().text(50, 30, "УТВЕРЖДЁН").text(50, 45, "распоряжением")
    page.text(50, 100, "1. " + "слово " * 16 + "и").text(50, 112, "продолжение той же мысли.")
    page.text(50, 124, "2. Другой пункт.")
    assert texts(page) == [
        "УТВЕРЖДЁН",
        "распоряжением",
        "1. " + "слово " * 16 + "и продолжение той же мысли.",
        "2. Другой пункт.",
    ]


def test_stamp_is_a_paragraph_of_its_own() -> None:
    page = Page().text(50, 100, "слово " * 16 + "ещё").text(50, 112, "3.12-1327-р (п)(2.0)").text(50, 124, "- 3 -")
    assert texts(page) == ["слово " * 16 + "ещё", "3.12-1327-р (п)(2.0)", "- 3 -"]


def test_turned_text_in_a_cell_and_at_the_side() -> None:
    page = Page().grid([50, 80, 300, 500], [100, 200, 220])
    page.text(70, 190, "Номер строки", matrix="0 1 -1 0").text(82, 150, "Мера").text(302, 150, "Срок")
    page.text(52, 215, "1").text(82, 215, "а").text(302, 215, "б")
    page.text(590, 700, "Верно копия", matrix="0 1 -1 0").text(20, 600, "вниз тоже", matrix="0 -1 1 0")
    found = blocks(page)
    assert isinstance(found[0], Table)
    assert found[0].rows[0].cells == ("Номер строки", "Мера", "Срок")
    assert [getattr(block, "text", "T") for block in found[1:]] == ["Верно копия", "вниз тоже"]


def test_text_drawn_twice_for_boldness_is_read_once() -> None:
    assert texts(Page().text(50, 50, "ПЛАН").text(50.3, 50.2, "ПЛАН")) == ["ПЛАН"]


def test_words_without_blanks_are_parted_by_gaps() -> None:
    assert texts(Page().text(50, 50, "План").text(72.5, 50, "на").text(85, 50, "год")) == ["План на год"]


def test_cell_lines() -> None:
    page = Page().grid([50, 80, 240, 500], [100, 200])
    for place, line in enumerate(
        ["Провести занятия профориен-", "тационного и научно-", "практического рода:", "- семинар,", "- форум"]
    ):
        page.text(82, 115 + 12 * place, line)
    page.text(52, 115, "1").text(242, 115, "МОСО").text(242, 127, "МОУО")
    assert rows(page)[0].cells == (
        "1",
        "Провести занятия профориентационного и научно-практического рода:\n- семинар,\n- форум",
        "МОСО\nМОУО",
    )


@pytest.mark.parametrize(
    ("lines", "words", "joined"),
    [
        (["профориен-", "тационного"], "", "профориентационного"),
        (["научно-", "практических"], "", "научно-практических"),
        (["научно-", "практических"], "научнопрактических", "научнопрактических"),
        (["нейро-", "квест"], "нейро-квест", "нейро-квест"),
        (["образова-", "тельная"], "", "образовательная"),
        (["организационно-", "методическое"], "", "организационно-методическое"),
        (["план-", "график"], "", "план-график"),
        (["Южно-", "Сахалинск"], "", "Южно-Сахалинск"),
        (["далее-", "МОУО"], "", "далее-МОУО"),
        (["2023-", "2024"], "", "2023-2024"),
        (["ГАУ-", "центр"], "", "ГАУ-центр"),
        (["https://минобр.рф/план-", "график"], "", "https://минобр.рф/план-график"),
        (["слово\u00ad", "форма"], "", "словоформа"),
        (["пост –", "релиз"], "", "пост – релиз"),
        (["сопровождению ОО", "- ГАУ"], "", "сопровождению ОО - ГАУ"),
        (["провести:", "- семинар;", "- форум", "– съезд"], "", "провести:\n- семинар;\n- форум\n– съезд"),
        (["провести", "1) семинар", "2) форум"], "", "провести\n1) семинар\n2) форум"),
        (["провести", "• семинар"], "", "провести\n• семинар"),
        (["Приказ МОСО.", "Отчёт"], "", "Приказ МОСО.\nОтчёт"),
        (["имени В.Д.", "Гуревича, г.", "Оха"], "", "имени В.Д. Гуревича, г. Оха"),
        (["№ п/", "п"], "", "№ п/п"),
        (["Задачи/", "наименование"], "", "Задачи/ наименование"),
        (["Приказ.", "", "отчёт"], "", "Приказ. отчёт"),
    ],
)
def test_joining(lines: list[str], words: str, joined: str) -> None:
    assert wrapping.join([Printed(line) for line in lines], frozenset(words.split())) == joined


def test_vocabulary_leaves_out_what_a_line_end_may_have_cut() -> None:
    assert wrapping.vocabulary(["начало середина конец", "профориен-", "тационного дела тут"]) == {
        "середина",
        "конец",
        "дела",
        "тут",
    }


def test_scan_is_refused_with_advice() -> None:
    image = b"<</Type/XObject/Subtype/Image/Width 1/Height 1/Length 1>>stream\n0\nendstream"
    page = Page().raw(b"q 600 0 0 800 0 0 cm /I Do Q")
    data = pdf(page, resources="/XObject<</I 7 0 R>>", extra=(image,))
    with pytest.raises(
        UnreadableError, match=r"«скан\.pdf»: в нём нет текстового слоя \(это скан\)\. Распознайте"
    ) as error:
        read_bytes(data, "скан.pdf")
    assert "OCR" in error.value.message_en


def test_letters_without_encoding_are_refused() -> None:
    with pytest.raises(UnreadableError, match=r"буквы в нём не распознаются|нет текстового слоя"):
        read_bytes(pdf(Page().text(50, 50, "Распоряжение министерства"), unicode_map=False), "a.pdf")


def test_too_many_pages() -> None:
    with pytest.raises(UnreadableError, match="больше 300 страниц"):
        read_bytes(pdf(*[Page().text(50, 50, "а")] * 301), "a.pdf")


def test_stream_that_inflates_too_far() -> None:
    with pytest.raises(UnreadableError, match="в распакованном виде слишком велик"):
        read_bytes(pdf(Page().raw(b" " * (70 * 2**20))), "a.pdf")


def test_page_that_is_too_long() -> None:
    with pytest.raises(UnreadableError, match="страница 1"):
        read_bytes(pdf(Page().raw(b"q Q " * (2**20 + 1))), "a.pdf")


def test_drawings_nested_in_drawings_stop_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_SECONDS", 0.5)
    forms = []
    for number in range(7, 15):
        inner = b"/N Do " * 20 if number < 14 else b"0 0 m 9 9 l S " * 50
        forms.append(
            b"<</Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</N %d 0 R>>>>/Length %d>>stream\n%s\nendstream"
            % (number + 1, len(inner), inner)
        )
    page = Page().text(50, 50, "Распоряжение").raw(b"/N Do")
    data = pdf(page, resources="/XObject<</N 7 0 R>>", extra=tuple(forms))
    with pytest.raises(UnreadableError, match="слишком сложны"):
        read_bytes(data, "a.pdf")


def test_password() -> None:
    data = pdf(Page().text(50, 50, "тайна")).replace(
        b"trailer<<",
        b"trailer<</ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/O<"
        + b"00" * 32
        + b">/U<"
        + b"11" * 32
        + b">/P -4>>",
    )
    with pytest.raises(UnreadableError, match="защищён паролем"):
        read_bytes(data, "a.pdf")


def test_many_crossing_rules_are_no_table() -> None:
    page = (
        Page().text(50, 50, "Карта области").grid([n * 4.0 for n in range(140)], [60 + n * 4.0 for n in range(140)])
    )
    assert texts(page) == ["Карта области"]

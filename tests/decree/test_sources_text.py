from __future__ import annotations

from pathlib import Path

import pytest

from profminimum.decree.model import Block, Paragraph, Row, Table, UnreadableError
from profminimum.decree.sources import read_bytes, read_source

SEED = Path(__file__).parents[1] / "data" / "seed" / "decree.txt"


def blocks(text: str, name: str = "план.txt") -> tuple[Block, ...]:
    return read_bytes(text.encode(), name).blocks


def rows(text: str, name: str = "план.txt") -> list[tuple[str, ...]]:
    return [row.cells for row in table_rows(blocks(text, name))]


def table_rows(found: tuple[Block, ...]) -> list[Row]:
    return [row for block in found if isinstance(block, Table) for row in block.rows]


def shape(text: str) -> str:
    return "".join("T" if isinstance(block, Table) else "p" for block in blocks(text))


def test_seed_blocks_in_reading_order() -> None:
    source = read_source(SEED)
    assert source.format == "text"
    assert source.name == "decree.txt"
    first = source.blocks[0]
    assert isinstance(first, Paragraph)
    assert first.text == "МИНИСТЕРСТВО ОБРАЗОВАНИЯ"
    assert first.place.line == 5
    kinds = ["T" if isinstance(block, Table) else "p" for block in source.blocks]
    assert "".join(kinds).lstrip("p") == "TpT"
    stamp = source.blocks[-2]
    assert isinstance(stamp, Paragraph)
    assert stamp.text == "3.12-1327-р (п)(2.0)"


def test_seed_rows_are_whole() -> None:
    found = table_rows(read_source(SEED).blocks)
    assert {len(row.cells) for row in found} == {5}
    assert [row.cells[0] for row in found if row.cells[0].isdigit()] == [str(number) for number in range(1, 13)]
    assert [row.cells[0][:2] for row in found if row.merged] == ["1.", "2.", "3."]
    eighth = next(row for row in found if row.cells[0] == "8")
    assert (
        eighth.cells[1].split("\n")[1] == "- совещание по вопросам реализации профминимума в 2023/2024 учебном году;"
    )
    assert "<" not in eighth.cells[1]
    assert eighth.cells[4].split("\n")[0] == "Информационные письма МОСО."
    assert eighth.place.line == 51


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16", "utf-16-le-bom", "koi8-r", "cp866", "utf-32"]
)
def test_encodings(encoding: str) -> None:
    text = SEED.read_text(encoding="utf-8").replace("–", "-")
    if encoding in {"koi8-r", "cp866"}:
        text = text.replace("«", '"').replace("»", '"')
    if encoding == "utf-16-le-bom":
        data = b"\xff\xfe" + text.encode("utf-16-le")
    else:
        data = text.encode(encoding, errors="replace")
    source = read_bytes(data, "decree.txt")
    first = source.blocks[0]
    assert isinstance(first, Paragraph)
    assert first.text == "МИНИСТЕРСТВО ОБРАЗОВАНИЯ"
    assert table_rows(source.blocks)[4 - 1].cells[1] == "Назначение должностных лиц, ответственных за"


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_line_ends(end: str) -> None:
    assert rows(end.join(["№\tМера\tСрок", "1\tа\tб", "2\tв\tг"])) == [
        ("№", "Мера", "Срок"),
        ("1", "а", "б"),
        ("2", "в", "г"),
    ]


def test_a_few_broken_bytes_do_not_turn_utf8_into_another_encoding() -> None:
    data = bytearray(SEED.read_bytes())
    data[len(data) // 2] ^= 0x40
    assert "МИНИСТЕРСТВО" in str(read_bytes(bytes(data), "decree.txt").blocks[0])


def test_tabs_quoted_cell_over_lines() -> None:
    text = '№\tМера\tСрок\n1\t"Провести:\n- семинар;\n- ""круглый стол"""\tдо 1 мая\n2\t"Билет в будущее"\tдо 2 мая'
    assert rows(text)[1:] == [
        ("1", 'Провести:\n- семинар;\n- "круглый стол"', "до 1 мая"),
        ("2", '"Билет в будущее"', "до 2 мая"),
    ]


def test_tabs_unclosed_quote_is_text() -> None:
    assert rows('№\tМера\tСрок\n1\t"Проект" центра\tмай\n2\t"Без конца\tиюнь')[1:] == [
        ("1", '"Проект" центра', "май"),
        ("2", '"Без конца', "июнь"),
    ]


def test_tabs_cell_goes_on_without_tabs() -> None:
    text = (
        "№\tМера\tСрок\tИсполнитель\n1\tПровести\nсеминары\tмай\tМОСО\n2\tПодготовить\tиюнь\tМОСО,\nМОУО\n3\tв\tг\tд"
    )
    assert rows(text)[1:] == [
        ("1", "Провести\nсеминары", "май", "МОСО"),
        ("2", "Подготовить", "июнь", "МОСО,\nМОУО"),
        ("3", "в", "г", "д"),
    ]


def test_tabs_section_without_tabs_and_short_rows() -> None:
    text = "№\tМера\tСрок\tИтог\n1. Организация работы\n"
    text += "1\tНазначить\tмай\n2\tСоздать\tиюнь\tакт\nII. Мониторинг\n3\tа\tб\tв"
    found = table_rows(blocks(text))
    assert [(row.cells, row.merged) for row in found[1:]] == [
        (("1. Организация работы", "", "", ""), True),
        (("1", "Назначить", "май", ""), False),
        (("2", "Создать", "июнь", "акт"), False),
        (("II. Мониторинг", "", "", ""), True),
        (("3", "а", "б", "в"), False),
    ]


def test_stamps_stand_between_tables_and_text_after_a_table_is_no_row() -> None:
    text = (
        "№\tМера\tСрок\n1\tа\tмай\n- 2 -\n2\tб\tиюнь\n\f3.12-1-р (п)(2.0)\n3\tв\tиюль\nПримечание: сроки уточняются."
    )
    assert shape(text) == "TpTpTp"
    assert [block.text for block in blocks(text) if isinstance(block, Paragraph)] == [
        "- 2 -",
        "3.12-1-р (п)(2.0)",
        "Примечание: сроки уточняются.",
    ]
    assert [row.place.page for row in table_rows(blocks(text))] == [1, 1, 1, 2]


@pytest.mark.parametrize(
    "text",
    ["Министр\t\t\t\tА.Н. Киктева", "\t\t\tУТВЕРЖДЁН\n\t\t\tраспоряжением министерства", "\tВ целях организации:"],
)
def test_tabs_of_signatures_and_indents_make_no_table(text: str) -> None:
    assert set(shape(text)) == {"p"}


def test_blank_line_does_not_end_a_table_of_the_same_width() -> None:
    assert shape("№\tМера\tСрок\n1\tа\tб\n\n2\tв\tг\n\nКонец\n") == "Tp"


def test_csv() -> None:
    text = 'План мероприятий;;\n№;Мера;Срок\n1;"Провести; проверить";01.02.2024\n2;"Две\nстроки";март'
    assert rows(text, "план.csv") == [
        ("№", "Мера", "Срок"),
        ("1", "Провести; проверить", "01.02.2024"),
        ("2", "Две\nстроки", "март"),
    ]


def test_markdown() -> None:
    text = "# План\n\n| № | Мера | Срок |\n|---|:--|---|\n"
    text += "| 1 | Провести<br>семинар | май \\| июнь |\n| | ещё | |\n| **2** | б | в |"
    assert rows(text) == [
        ("№", "Мера", "Срок"),
        ("1", "Провести\nсеминар", "май | июнь"),
        ("", "ещё", ""),
        ("2", "б", "в"),
    ]
    assert shape(text) == "pT"


@pytest.mark.parametrize(
    "text",
    [
        "№ п/п | Мера | Срок |\n1 | Назначить | до 22.08.2023 |\n2 | Создать | |\n",
        "№ п/п | Мера | Срок\n1 | Назначить | до 22.08.2023\n2 | Создать |",
        "|№ п/п|Мера|Срок|\n|1|Назначить|до 22.08.2023|\n|2|Создать||",
    ],
)
def test_pipes_without_rules(text: str) -> None:
    assert rows(text) == [("№ п/п", "Мера", "Срок"), ("1", "Назначить", "до 22.08.2023"), ("2", "Создать", "")]


BOX = """\
┌────┬──────────────────────┬─────────────┐
│ №  │ Наименование         │ Срок        │
│п/п │ мероприятия          │             │
├────┼──────────────────────┼─────────────┤
│ 1. Организация                          │
├────┼──────────────────────┼─────────────┤
│ 1  │ Назначение лиц,      │ До          │
│    │ ответственных за     │ 22.08.2023  │
│    │ работу               │             │
├────┼──────────────────────┼─────────────┤
│ 2  │ Создание группы      │ До          │
│    │                      │ 23.08.2023  │
└────┴──────────────────────┴─────────────┘"""
BOX_ROWS = [
    ("№\nп/п", "Наименование\nмероприятия", "Срок"),
    ("1. Организация", "", ""),
    ("1", "Назначение лиц,\nответственных за\nработу", "До\n22.08.2023"),
    ("2", "Создание группы", "До\n23.08.2023"),
]


def _ascii(text: str) -> str:
    return text.translate({ord(mark): "+" for mark in "┌┬┐├┼┤└┴┘"} | {ord("─"): "-", ord("│"): "|"})


def _consultant(text: str) -> str:
    marks = dict(zip("┌┬┐├┼┤└┴┘│─", "-T¬+++L+-¦-", strict=True))
    return text.translate({ord(mark): other for mark, other in marks.items()})


@pytest.mark.parametrize("draw", [str, _ascii, _consultant, lambda text: text.replace("│", "║")])
def test_frames(draw: object) -> None:
    assert callable(draw)
    text = f"План\n{draw(BOX)}\nКонец"
    assert rows(text) == BOX_ROWS
    assert [row.merged for row in table_rows(blocks(text))] == [False, True, False, False]
    assert shape(text) == "pTp"


def test_frames_in_cp866() -> None:
    found = table_rows(read_bytes(BOX.encode("cp866", errors="replace"), "план.txt").blocks)
    assert found[2].cells == BOX_ROWS[2]


def test_frames_without_rules_between_rows() -> None:
    lines = BOX.split("\n")
    text = "\n".join(line for number, line in enumerate(lines) if number not in {5, 9})
    assert rows(text)[2:] == BOX_ROWS[2:]


def test_frames_that_go_on_after_a_stamp() -> None:
    lines = BOX.split("\n")
    text = "\n".join([*lines[:10], "", "3.12-1327-р", "", *lines[9:]])
    assert shape(text) == "TpT"
    assert rows(text) == BOX_ROWS


COLUMNS = """\
План мероприятий

№    Наименование             Срок           Исполнитель
п/п  мероприятия

I. Организация работы по реализации профминимума

1    Назначение лиц,          До 22.08.2023  МОСО
     ответственных за работу

2    Создание группы          До 23.08.2023  МОСО,
                                             МОУО
3    Отчёт                    Май            ОО
"""


def test_columns_of_blanks() -> None:
    found = table_rows(blocks(COLUMNS))
    assert [row.cells for row in found] == [
        ("№\nп/п", "Наименование\nмероприятия", "Срок", "Исполнитель"),
        ("I. Организация работы по реализации профминимума", "", "", ""),
        ("1", "Назначение лиц,\nответственных за работу", "До 22.08.2023", "МОСО"),
        ("2", "Создание группы", "До 23.08.2023", "МОСО,\nМОУО"),
        ("3", "Отчёт", "Май", "ОО"),
    ]
    assert [row.merged for row in found] == [False, True, False, False, False]


def test_prose_with_double_blanks_is_no_table() -> None:
    text = "В  целях  организации\nв  соответствии  с  приказом\nутвердить  прилагаемый  план"
    assert shape(text) == "ppp"


def test_white_space_and_invisible_characters() -> None:
    text = "До\u00a022.08.2023\u2009г.,  про\u00adфори\u200bентация «кавычки» – \u2011 тире\n"
    assert [str(getattr(block, "text", "")) for block in blocks(text)] == [
        "До 22.08.2023 г., профориентация «кавычки» – - тире"
    ]


def test_strong_marks_go_and_footnote_stars_stay() -> None:
    assert [
        getattr(block, "text", "") for block in blocks("**План-график\n«карта»**\n** по согласованию\n*** сноска")
    ] == [
        "План-график",
        "«карта»",
        "** по согласованию",
        "*** сноска",
    ]


def test_binary_named_txt_is_refused() -> None:
    with pytest.raises(UnreadableError, match=r"Файл «a\.txt»: это не текст"):
        read_bytes(bytes(range(1, 32)) * 40, "a.txt")


def test_too_much_text_is_refused() -> None:
    with pytest.raises(UnreadableError, match="больше 2 МБ"):
        read_bytes(b"a b\n" * (3 * 2**20), "a.txt")

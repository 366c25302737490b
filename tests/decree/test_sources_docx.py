from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml

from profminimum.decree.model import Block, Paragraph, Place, Row, Table
from profminimum.decree.sources import numbering, read_bytes, read_source

SEED = Path(__file__).parents[1] / "data" / "seed"
NS = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def package(body: str, numbers: str = "", styles: str = "", document: str = "word/document.xml") -> bytes:
    """A Word file of the parts that matter here."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr(document, f"<w:document {NS}><w:body>{body}</w:body></w:document>")
        if document != "word/document.xml":
            relation = '<Relationship Type="http://x/officeDocument" Target="/{}"/>'
            archive.writestr("_rels/.rels", f"<Relationships>{relation.format(document)}</Relationships>")
            part = f"word/_rels/{document.rpartition('/')[2]}.rels"
            archive.writestr(
                part, '<Relationships><Relationship Type="http://x/numbering" Target="n2.xml"/></Relationships>'
            )
        if numbers:
            target = "word/numbering.xml" if document == "word/document.xml" else "word/n2.xml"
            archive.writestr(target, f"<w:numbering {NS}>{numbers}</w:numbering>")
        if styles:
            archive.writestr("word/styles.xml", f"<w:styles {NS}>{styles}</w:styles>")
    return stream.getvalue()


def blocks(body: str, numbers: str = "", styles: str = "") -> tuple[Block, ...]:
    return read_bytes(package(body, numbers, styles), "a.docx").blocks


def texts(body: str, numbers: str = "", styles: str = "") -> list[str]:
    return [block.text for block in blocks(body, numbers, styles) if isinstance(block, Paragraph)]


def rows(body: str, numbers: str = "") -> list[Row]:
    return [row for block in blocks(body, numbers) if isinstance(block, Table) for row in block.rows]


def p(text: str, properties: str = "") -> str:
    return f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def tc(content: str, properties: str = "") -> str:
    inner = content if content.startswith("<") else p(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    inner = "".join(cell if cell.startswith("<w:tc>") else tc(cell) for cell in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{inner}</w:tr>"


def tbl(*rows_: str, widths: tuple[int, ...] = ()) -> str:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return f"<w:tbl><w:tblGrid>{grid}</w:tblGrid>{''.join(rows_)}</w:tbl>"


def test_seed() -> None:
    source = read_source(SEED / "decree.docx")
    assert source.format == "docx"
    assert [type(block).__name__ for block in source.blocks] == ["Paragraph"] * 19 + ["Table", "Paragraph"]
    assert source.blocks[-1] == Paragraph("3.12-1327-р (п)(2.0)", Place(), margin=True)
    table = source.blocks[-2]
    assert isinstance(table, Table)
    assert len(table.rows) == 16
    assert {len(row.cells) for row in table.rows} == {5}
    assert [row.place.row for row in table.rows if row.merged] == [2, 10, 13]
    assert table.rows[10].cells[1].count("\n- ") == 7
    assert table.rows[10].cells[3] == "МОСО\nГАУ СО АРЧК\nМОУО\nОО"


def test_python_docx_document_with_merged_cells() -> None:
    document = docx.Document()
    document.add_paragraph("До таблицы")
    table = document.add_table(4, 3)
    for number, row in enumerate(table.rows):
        for column, cell in enumerate(row.cells):
            cell.text = f"{number}{column}"
    table.cell(1, 0).merge(table.cell(1, 2)).text = "Раздел"
    table.cell(2, 2).merge(table.cell(3, 2)).text = "общее"
    table.cell(2, 0).merge(table.cell(2, 1)).text = "две"
    document.add_paragraph("После")
    document.sections[0].header.paragraphs[0].text = "Колонтитул"
    document.sections[0].footer.paragraphs[0].text = "Стр. 1"
    stream = io.BytesIO()
    document.save(stream)
    found = read_bytes(stream.getvalue(), "план.docx").blocks
    assert [getattr(block, "text", "T") for block in found] == ["До таблицы", "T", "После", "Колонтитул"]
    assert isinstance(found[1], Table)
    assert [(row.cells, row.merged) for row in found[1].rows] == [
        (("00", "01", "02"), False),
        (("Раздел", "", ""), True),
        (("две", "", "общее"), False),
        (("30", "31", ""), False),
    ]
    assert [row.hanging for row in found[1].rows] == [(), (), (), ((2, "общее"),)]


def test_body_order_content_controls_and_custom_xml() -> None:
    body = (
        p("1")
        + f"<w:sdt><w:sdtContent>{p('2')}{tbl(tr('а', 'б'))}</w:sdtContent></w:sdt>"
        + f"<w:customXml>{p('3')}</w:customXml><w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{p('Место')}"
        + f"</w:sdtContent></w:sdt><w:bookmarkStart/><!-- note -->{p('4')}<w:sectPr/>"
    )
    assert [getattr(block, "text", "T") for block in blocks(body)] == ["1", "2", "T", "3", "4"]


def test_rows_and_cells_in_content_controls() -> None:
    row = f"<w:tr><w:sdt><w:sdtContent>{tc('1')}</w:sdtContent></w:sdt>{tc('б')}</w:tr>"
    assert [found.cells for found in rows(tbl(f"<w:sdt><w:sdtContent>{row}</w:sdtContent></w:sdt>"))] == [("1", "б")]


def test_nested_table_is_lines_of_the_cell() -> None:
    inner = tbl(tr("семинар", "май"), tr("форум", "июнь"))
    assert rows(tbl(tr("1", tc(p("Провести:") + inner + p("")), "МОСО")))[0].cells == (
        "1",
        "Провести:\nсеминар май\nфорум июнь",
        "МОСО",
    )


def test_layout_table_gives_its_content_to_the_flow() -> None:
    inner = tbl(tr("№", "Мера"), tr("1", "а"))
    found = blocks(tbl(tr(tc(p("Заголовок") + inner + p("")))))
    assert [getattr(block, "text", "T") for block in found] == ["Заголовок", "T"]


def test_big_table_inside_a_layout_cell_is_a_table() -> None:
    inner = tbl(tr("№", "Мера", "Срок"), tr("1", "а", "б"), tr("2", "в", "г"))
    found = blocks(tbl(tr("Приложение", tc(inner + p("")))))
    assert [len(block.rows) for block in found if isinstance(block, Table)] == [1, 3]


@pytest.mark.parametrize(
    "drawing",
    [
        (
            "<mc:AlternateContent><mc:Choice><w:drawing><wps:txbx><w:txbxContent>{0}</w:txbxContent></wps:txbx>"
            "</w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>{0}</w:txbxContent></v:textbox>"
            "</w:pict></mc:Fallback></mc:AlternateContent>"
        ),
        "<w:pict><v:textbox><w:txbxContent>{0}</w:txbxContent></v:textbox></w:pict>",
    ],
)
def test_text_box_once_after_its_paragraph(drawing: str) -> None:
    body = f"<w:p><w:r><w:t>Текст</w:t></w:r><w:r>{drawing.format(p('Штамп'))}</w:r></w:p>{p('Далее')}"
    assert texts(body) == ["Текст", "Штамп", "Далее"]


def test_tracked_changes() -> None:
    body = (
        "<w:p><w:r><w:t>До </w:t></w:r><w:del><w:r><w:delText>1</w:delText></w:r><w:r><w:t>x</w:t></w:r></w:del>"
        "<w:ins><w:r><w:t>2 </w:t></w:r></w:ins><w:moveFrom><w:r><w:t>прочь</w:t></w:r></w:moveFrom>"
        "<w:moveTo><w:r><w:t>мая</w:t></w:r></w:moveTo></w:p>"
        + p("склеен", "<w:rPr><w:del/></w:rPr>")
        + p("ный")
        + tbl(tr("а"), tr("б", properties="<w:del/>"), tr("в", properties="<w:ins/>"))
    )
    assert texts(body) == ["До 2 мая", "склеенный"]
    assert [row.cells for row in rows(body)] == [("а",), ("в",)]


def test_characters_hidden_text_and_strikethrough() -> None:
    body = (
        "<w:p><w:r><w:t>про</w:t><w:softHyphen/><w:t>фори\u00adентация</w:t><w:tab/><w:t>план</w:t><w:noBreakHyphen/>"
        "<w:t>график</w:t><w:br/><w:t>строка\u00a0два</w:t><w:cr/></w:r>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>скрыто</w:t></w:r>"
        '<w:r><w:rPr><w:vanish w:val="0"/><w:strike/></w:rPr><w:t> зачёркнуто</w:t></w:r>'
        '<w:r><w:rPr><w:rStyle w:val="H"/></w:rPr><w:t>нет</w:t></w:r>'
        '<w:r><w:footnoteReference w:id="1"/><w:sym w:font="Symbol" w:char="F0B7"/></w:r></w:p>'
    )
    styles = '<w:style w:type="character" w:styleId="H"><w:rPr><w:vanish/></w:rPr></w:style>'
    assert texts(body, styles=styles) == ["профориентация план-график\nстрока два\nзачёркнуто•"]


def test_fields_give_their_results_only() -> None:
    body = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DATE</w:instrText><w:t>код</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>08.09.2023</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r><w:hyperlink><w:r><w:t> ссылка</w:t></w:r></w:hyperlink>'
        '<w:fldSimple w:instr="PAGE"><w:r><w:t> 2</w:t></w:r></w:fldSimple></w:p>'
    )
    assert texts(body) == ["08.09.2023 ссылка 2"]


def level(number: int, form: str, text: str, extra: str = "") -> str:
    shown = f'<w:numFmt w:val="{form}"/>{extra}<w:lvlText w:val="{text}"/>'
    return f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/>{shown}</w:lvl>'


def lists(*levels: str, nums: str = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>') -> str:
    return f'<w:abstractNum w:abstractNumId="0">{"".join(levels)}</w:abstractNum>{nums}'


def item(text: str, ilvl: int = 0, num: int = 1) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{ilvl}"/><w:numId w:val="{num}"/></w:numPr>')


def test_automatic_numbers_of_levels() -> None:
    numbers = lists(level(0, "decimal", "%1."), level(1, "decimal", "%1.%2."), level(2, "russianLower", "%3)"))
    body = (
        item("а") + item("б", 1) + item("в", 1) + item("г", 2) + item("д", 2) + item("е") + item("ж", 1) + item("", 1)
    )
    assert texts(body, numbers) == ["1. а", "1.1. б", "1.2. в", "а) г", "б) д", "2. е", "2.1. ж", "2.2."]


def test_automatic_numbers_in_the_number_column_count_over_sections() -> None:
    numbers = lists(level(0, "decimal", "%1"))
    body = tbl(
        tr(tc(item("")), "Назначить"), tr(tc("Раздел", '<w:gridSpan w:val="2"/>')), tr(tc(item("")), "Создать")
    )
    assert [row.cells for row in rows(body, numbers)] == [("1", "Назначить"), ("Раздел", ""), ("2", "Создать")]


def test_bullets_become_dashes_and_an_empty_one_is_nothing() -> None:
    body = tbl(tr(tc(p("Провести:") + item("семинар") + item("") + item("форум")), "б"))
    assert rows(body, lists(level(0, "bullet", "\uf0b7")))[0].cells[0] == "Провести:\n- семинар\n- форум"


def test_a_restarted_list_and_one_that_goes_on() -> None:
    nums = "".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="0"/>{{{n}}}</w:num>' for n in (1, 2, 3)).format(
        "", "", '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>', ""
    )
    body = item("а") + item("б", num=3) + item("в", num=1) + item("г", num=2)
    assert texts(body, lists(level(0, "decimal", "%1."), nums=nums)) == ["1. а", "2. б", "3. в", "5. г"]


def test_numbers_from_styles_and_their_bases() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="L"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="M"><w:basedOn w:val="L"/></w:style>'
    )
    body = p("а", '<w:pStyle w:val="M"/>') + p("б", '<w:pStyle w:val="M"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    assert texts(body + p("в", '<w:pStyle w:val="L"/>'), lists(level(0, "upperRoman", "%1.")), styles) == [
        "I. а",
        "б",
        "II. в",
    ]


def test_number_level_tied_to_a_style_and_a_list_that_names_a_style() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="S"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="numbering" w:styleId="N"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    numbers = (
        '<w:abstractNum w:abstractNumId="0">'
        + level(0, "decimal", "%1.")
        + level(1, "lowerLetter", "%2)", '<w:pStyle w:val="S"/>')
        + '</w:abstractNum><w:abstractNum w:abstractNumId="1"><w:numStyleLink w:val="N"/></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    )
    body = item("раз") + p("буква", '<w:pStyle w:val="S"/>')
    assert texts(body, numbers, styles) == ["1. раз", "a) буква"]


@pytest.mark.parametrize(
    ("count", "form", "shown"),
    [
        (4, "decimal", "4"),
        (4, "decimalZero", "04"),
        (14, "lowerRoman", "xiv"),
        (1999, "upperRoman", "MCMXCIX"),
        (28, "lowerLetter", "bb"),
        (3, "upperLetter", "C"),
        (10, "russianLower", "к"),
        (2, "russianUpper", "Б"),
        (30, "russianLower", "бб"),
        (5, "ordinal", "5"),
        (0, "lowerRoman", "0"),
        (3, "none", ""),
    ],
)
def test_number_forms(count: int, form: str, shown: str) -> None:
    assert numbering.written(count, form) == shown


def test_legal_levels_are_figures() -> None:
    numbers = lists(level(0, "upperRoman", "%1."), level(1, "decimal", "%1.%2", "<w:isLgl/>"))
    assert texts(item("а") + item("б", 1), numbers) == ["I. а", "1.1 б"]


def test_cells_before_and_after_a_row() -> None:
    body = tbl(
        tr("а", "б", "в"),
        tr("г", properties='<w:gridBefore w:val="1"/><w:gridAfter w:val="1"/>'),
        widths=(3000, 3000, 3000),
    )
    assert [row.cells for row in rows(body)] == [("а", "б", "в"), ("", "г", "")]


def test_borders_drawn_a_little_apart_are_one_column() -> None:
    span2, span3 = '<w:gridSpan w:val="2"/>', '<w:gridSpan w:val="3"/>'
    body = tbl(
        tr("1", tc("а", span2), "б"),
        tr("2", "в", tc("г", span2)),
        tr(tc("Раздел", '<w:gridSpan w:val="4"/>')),
        tr(tc("итого", span3), "д"),
        widths=(500, 4000, 40, 4000),
    )
    assert [row.cells for row in rows(body)] == [
        ("1", "а", "б"),
        ("2", "в", "г"),
        ("Раздел", "", ""),
        ("итого", "", "д"),
    ]


def test_a_narrow_column_that_is_meant_stays() -> None:
    assert rows(tbl(tr("а", "б", "в"), widths=(4000, 40, 4000)))[0].cells == ("а", "б", "в")


def test_one_column_is_not_merged() -> None:
    assert [row.merged for row in rows(tbl(tr("а"), tr("б")))] == [False, False]


def test_literal_markup_in_cells() -> None:
    body = tbl(
        tr(
            "&lt;p&gt;Провести:&lt;/p&gt; &lt;ul&gt;&lt;li&gt;семинар;&lt;/li&gt;&lt;li&gt;форум&lt;/ul&gt;",
            "б",
        )
    )
    assert rows(body)[0].cells[0] == "Провести:\n- семинар;\n- форум"


def test_document_under_another_name_and_strict_namespace() -> None:
    numbers = lists(level(0, "decimal", "%1)"))
    data = package(item("пункт"), numbers, document="word/document2.xml")
    assert [getattr(block, "text", "") for block in read_bytes(data, "a.docx").blocks] == ["1) пункт"]
    strict = io.BytesIO()
    with zipfile.ZipFile(strict, "w") as archive:
        text = f"<w:document {NS}><w:body>{p('строгий')}</w:body></w:document>"
        archive.writestr(
            "word/document.xml",
            text.replace(
                "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                "http://purl.oclc.org/ooxml/wordprocessingml/main",
            ),
        )
    assert [getattr(block, "text", "") for block in read_bytes(strict.getvalue(), "a.docx").blocks] == ["строгий"]


def test_math_and_ruby_are_read() -> None:
    math = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    body = f"<w:p><m:oMath {math}><w:r><w:t>x</w:t></w:r></m:oMath><w:r><w:t>=1</w:t></w:r></w:p>"
    assert parse_xml(f"<w:body {NS}>{body}</w:body>") is not None
    assert texts(body) == ["x=1"]

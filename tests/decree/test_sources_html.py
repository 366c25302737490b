from __future__ import annotations

import io
import zipfile

import pytest

from profminimum.decree.model import Row, Table, UnreadableError
from profminimum.decree.sources import read_bytes

PLAN = (
    "<html><head><title>Не нужно</title><style>p</style></head><body><h1>План&nbsp;&laquo;карта&raquo;</h1>"
    "<script>var x = '<p>нет</p>';</script><p>Первая\n  строка<br>вторая</p>{}<p>Конец</p></body></html>"
)


def shape(text: str, name: str = "план.html") -> list[str]:
    return [getattr(block, "text", "T") for block in read_bytes(text.encode(), name).blocks]


def rows(text: str, name: str = "план.html") -> list[Row]:
    found = read_bytes(text.encode(), name).blocks
    return [row for block in found if isinstance(block, Table) for row in block.rows]


def table(*lines: str) -> str:
    return "<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"


def test_blocks_in_order() -> None:
    text = PLAN.format(table("<td>а<td>б"))
    assert shape(text) == ["План «карта»", "Первая строка", "вторая", "T", "Конец"]
    assert read_bytes(text.encode(), "а.htm").format == "html"


def test_spans() -> None:
    text = table(
        "<th>№<th>Мера<th>Срок",
        "<td colspan=3>Раздел",
        '<td rowspan="2">1<td>а<td rowspan=2>май',
        "<td>б",
        "<td>2<td>в<td>июнь",
    )
    assert [(row.cells, row.merged) for row in rows(text)] == [
        (("№", "Мера", "Срок"), False),
        (("Раздел", "", ""), True),
        (("1", "а", "май"), False),
        (("", "б", ""), False),
        (("2", "в", "июнь"), False),
    ]


def test_lines_and_lists_in_cells() -> None:
    text = table(
        "<td><p>Провести:</p><ul><li>семинар;</li><li>форум</li></ul><td>МОСО<br>МОУО<div>ОО</div><td>а<p></p>"
    )
    assert rows(text)[0].cells == ("Провести:\n- семинар;\n- форум", "МОСО\nМОУО\nОО", "а")


def test_nested_and_layout_tables() -> None:
    inner = table("<td>№<td>Мера<td>Срок", "<td>1<td>а<td>б", "<td>2<td>в<td>г")
    assert shape(table(f"<td>Шапка{inner}Подвал")) == ["Шапка", "T", "Подвал"]
    assert rows(table(f"<td>1<td>Занятия:{table('<td>а<td>б')}"))[0].cells == ("1", "Занятия:\nа б")


def test_hidden_and_deleted_text() -> None:
    assert shape("<p>Видно<span style='display:none'>нет</span><del>нет</del><!-- нет --></p><p hidden-x>да</p>") == [
        "Видно",
        "да",
    ]


def test_literal_markup_as_text() -> None:
    assert (
        rows(table("<td>&lt;p&gt;Письма.&lt;/p&gt; &lt;p&gt;Анонс.&lt;/p&gt;<td>б"))[0].cells[0] == "Письма.\nАнонс."
    )


WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta charset="{0}">
<!--[if gte mso 9]><xml><o:p>шум</o:p></xml><![endif]--><style><!-- p.MsoNormal {{}} --></style></head><body>
<p class=MsoNormal style='margin:0'><b>План<o:p></o:p></b></p><![if !supportEmptyParas]>&nbsp;<![endif]>
<div align=center><table class=MsoTableGrid border=1><tr><td width=50><p class=MsoNormal>1<o:p></o:p></p></td>
<td><p class=MsoListParagraph>Мера</p></td></tr></table></div></body></html>"""


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1251", "koi8-r"])
@pytest.mark.parametrize("name", ["план.html", "план.doc"])
def test_word_html_in_declared_encodings(encoding: str, name: str) -> None:
    found = read_bytes(WORD.format(encoding).encode(encoding), name).blocks
    assert [getattr(block, "text", "T") for block in found] == ["План", "T"]
    assert isinstance(found[1], Table)
    assert found[1].rows[0].cells == ("1", "Мера")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1251"])
def test_encoding_by_mark_or_guess(encoding: str) -> None:
    text = "<html><body><p>Распоряжение министерства образования</p></body></html>"
    found = read_bytes(text.encode(encoding), "план.html").blocks
    assert getattr(found[0], "text", "") == "Распоряжение министерства образования"


def test_a_wrong_declaration_does_not_spoil_the_text() -> None:
    text = '<meta charset="nonsense"><p>Распоряжение</p>'
    assert getattr(read_bytes(text.encode(), "a.html").blocks[0], "text", "") == "Распоряжение"


def test_mht() -> None:
    head = (
        'From: <Saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n--x\r\n'
        'Content-Type: text/html; charset="windows-1251"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    )
    body = "".join(f"={byte:02X}" for byte in "<p>Распоряжение</p>".encode("cp1251"))
    found = read_bytes(f"{head}{body}\r\n--x--\r\n".encode(), "план.mht").blocks
    assert getattr(found[0], "text", "") == "Распоряжение"


def test_entities_are_refused() -> None:
    text = '<!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/passwd">]><html><p>&a;</p></html>'
    with pytest.raises(UnreadableError, match="объявления сущностей"):
        read_bytes(text.encode(), "a.html")


def test_depth_and_spans_have_limits() -> None:
    deep = "<div>" * 5000 + "дно" + "</div>" * 5000
    with pytest.raises(UnreadableError):
        read_bytes(f"<html><body>{deep}".encode(), "a.html")
    wide = rows(table("<td colspan=999999>а", "<td>1<td>2"))
    assert len(wide[0].cells) <= 400


def test_html_named_docx_is_refused() -> None:
    with pytest.raises(UnreadableError, match=r"по содержанию это страница HTML, а не \.docx.*«\.html»"):
        read_bytes(b"<html><body><p>a</p></body></html>", "план.docx")


ODT = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><office:body><office:text>'
    "<text:tracked-changes><text:p>удалено</text:p></text:tracked-changes>"
    "<text:h>План<text:s text:c='3'/>работ<text:tab/>на<text:line-break/>год</text:h>{}"
    "</office:text></office:body></office:document-content>"
)


def odt(body: str, manifest: str = "") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", ODT.format(body))
        archive.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
    return stream.getvalue()


def test_odt() -> None:
    def cell(text: str, extra: str = "") -> str:
        return f"<table:table-cell {extra}><text:p>{text}</text:p></table:table-cell>"

    covered = "<table:covered-table-cell/>"
    body = (
        "<table:table><table:table-header-rows><table:table-row>"
        + cell("№") + cell("Мера") + cell("Срок")
        + "</table:table-row></table:table-header-rows><table:table-row>"
        + cell("Раздел", 'table:number-columns-spanned="3"') + covered * 2
        + "</table:table-row><table:table-row>"
        + cell("1") + "<table:table-cell><text:list><text:list-item><text:p>а</text:p></text:list-item></text:list>"
        "</table:table-cell>" + cell("май<text:note><text:p>c</text:p></text:note>", 'table:number-rows-spanned="2"')
        + "</table:table-row><table:table-row>" + cell("2") + cell("б") + covered + "</table:table-row></table:table>"
    )  # fmt: skip
    found = read_bytes(odt(body), "план.odt").blocks
    assert getattr(found[0], "text", "") == "План работ на\nгод"
    assert isinstance(found[1], Table)
    assert [(row.cells, row.merged) for row in found[1].rows] == [
        (("№", "Мера", "Срок"), False),
        (("Раздел", "", ""), True),
        (("1", "- а", "май"), False),
        (("2", "б", ""), False),
    ]


def test_odt_with_a_password() -> None:
    with pytest.raises(UnreadableError, match="защищён паролем"):
        read_bytes(odt("", "<encryption-data/>"), "план.odt")

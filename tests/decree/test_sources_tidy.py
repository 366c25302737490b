from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profminimum.decree.sources import tidy


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("До\u00a022.08.2023\u2009г.", "До 22.08.2023 г."),
        ("про\u00adфори\u200bентация\ufeff", "профориентация"),
        ("  много \t пробелов  \n\n  и строк ", "много пробелов\nи строк"),
        ("«кавычки» “и” „тире“ – — -", "«кавычки» “и” „тире“ – — -"),
        ("план\u2011график\u2010б", "план-график-б"),
        ("а\rб\x0bв\u2028г\r\nд", "а\nб\nв\nг\nд"),
        ("а\x00б\x07", "аб"),
        ("plain  ascii ", "plain ascii"),
        ("", ""),
    ],
)
def test_clean(written: str, plain: str) -> None:
    assert tidy.clean(written) == plain


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ('<p>Провести:</p> <ul style="a"> - семинар; - форум</ul>', "Провести:\n- семинар;\n- форум"),
        ("<p>Письма.</p> <p>Анонс.</p>", "Письма.\nАнонс."),
        ("Результат<ul><li>приказ</li><li>- отчёт</li></ul>", "Результат\n- приказ\n- отчёт"),
        ("а<br>б<br/>в<BR />г", "а\nб\nв\nг"),
        ("<b>Важно</b> <span class='x'>сказать</span>", "Важно сказать"),
        ("при <20 учениках и <Фамилия> и a<b, c>d", "при <20 учениках и <Фамилия> и a<b, c>d"),
        ("А&nbsp;&laquo;Б&raquo; &#8211; AT&T &amp; R&D", "А «Б» – AT&T & R&D"),
        ("• первое\n▪ второе\n\uf0b7третье", "- первое\n- второе\n- третье"),
        ("области»; - вебинар", "области»;\n- вебинар"),
        ("ОО - ГАУ ДПО, 5 - 6", "ОО - ГАУ ДПО, 5 - 6"),
    ],
)
def test_cell(written: str, plain: str) -> None:
    assert tidy.cell(written) == plain


@given(st.text())
def test_cleaning_twice_changes_nothing_and_leaves_nothing_unseen(text: str) -> None:
    once = tidy.clean(text)
    assert tidy.clean(once) == once
    assert "\r" not in once
    assert "\u00a0" not in once
    assert "  " not in once
    assert "\n\n" not in once

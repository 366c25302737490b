"""Differences between versions: rows, words, dates, executors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profminimum.plan import diff
from profminimum.plan.diff import Piece, Row

OLD = (
    Row(1, "1", "Назначение ответственных лиц", term="До 22.08.2023", dates=("22.08.2023",), executors=("МОСО",)),
    Row(2, "2", "Создание рабочей группы", term="До 22.08.2023", dates=("22.08.2023",), executors=("МОСО",)),
    Row(3, "3", "Подготовка отчёта о готовности школ", term="До 30.09.2023", dates=("30.09.2023",)),
)


WORDS = ["до", "22.08.2023", "25.08.2023", "школа", "школы", "и", "далее", "раз"]


@given(st.lists(st.sampled_from(WORDS), max_size=12), st.data())
def test_both_texts_can_be_read_out_of_the_pieces(old: list[str], data: st.DataObject) -> None:
    new = data.draw(st.permutations(old)) + data.draw(st.lists(st.just("новое"), max_size=3))
    pieces = diff.words(" ".join(old), " ".join(new))
    kept = [word for piece in pieces if piece.kind != "added" for word in piece.text.split()]
    made = [word for piece in pieces if piece.kind != "removed" for word in piece.text.split()]
    assert kept == old
    assert made == new


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("До 22.08.2023", "До 25.08.2023", [("same", "До"), ("removed", "22.08.2023"), ("added", "25.08.2023")]),
        ("отчёт", "отчёт", [("same", "отчёт")]),
        ("", "отчёт", [("added", "отчёт")]),
        ("отчёт о школах", "отчёт", [("same", "отчёт"), ("removed", "о школах")]),
    ],
)
def test_words(before: str, after: str, said: list[tuple[str, str]]) -> None:
    assert [(piece.kind, piece.text.strip()) for piece in diff.words(before, after)] == said


def test_a_row_without_changes_is_the_same() -> None:
    assert [one.kind for one in diff.compare(OLD, OLD)] == ["same", "same", "same"]


def test_rows_come_go_and_change() -> None:
    new = (
        Row(
            11,
            "1",
            "Назначение ответственных лиц",
            term="До 25.08.2023",
            dates=("25.08.2023",),
            executors=("МОСО", "ОО"),
        ),
        Row(12, "2", "Подготовка отчёта о готовности школ", term="До 30.09.2023", dates=("30.09.2023",)),
        Row(13, "3", "Слёт профориентационных команд", term="До 20.04.2024"),
    )
    found = diff.compare(OLD, new)
    assert [(one.kind, (one.after or one.before).number) for one in found if one.after or one.before] == [
        ("changed", "1"),
        ("removed", "2"),
        ("changed", "2"),
        ("added", "3"),
    ]
    fields = {change.field: change.pieces for change in found[0].changes}
    assert set(fields) == {"term", "dates", "executors"}
    assert fields["dates"] == (Piece("removed", "22.08.2023"), Piece("added", "25.08.2023"))
    assert fields["executors"] == (Piece("same", "МОСО"), Piece("added", "ОО"))
    assert [change.field for change in found[2].changes] == ["number"]


def test_a_row_removed_from_the_beginning_stands_first() -> None:
    assert [one.kind for one in diff.compare(OLD, OLD[1:])] == ["removed", "same", "same"]

"""An answer beside what was before: differences, sources, tables, repeats, and where notes are put."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from monitoring_waves import ANSWERS, definition
from profminimum.monitoring.compared import Beside, annotate, change, moved, parts
from profminimum.monitoring.schema.loading import item
from profminimum.monitoring.schema.model import Context, Kind, Problem, Severity

NOTHING = Context("2023-12-02", {}, {}, {})
KNOWN = Context("2023-12-02", {"covered": 60}, {"pupils": 120}, {"responsible": {"person": {"name": "Другая А. А."}}})


def lines(answers: dict[str, Any], beside: Beside, context: Context = NOTHING, **more: Any) -> dict[str, Any]:
    found = parts(definition(), answers, beside, context, **more)
    return {line.cell.place: line for part in found for line in part.lines}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (None, None, ""),
        (None, "", ""),
        ([], None, ""),
        (None, 0, "added"),
        (0, 0, ""),
        (0, None, "removed"),
        (False, True, "changed"),
        ("а", "б", "changed"),
        ({}, {"g6": 1}, "added"),
    ],
)
def test_what_happened_to_a_value(before: Any, after: Any, said: str) -> None:
    assert change(before, after) == said


@pytest.mark.parametrize(
    ("kind", "before", "after", "said"),
    [
        (Kind.INTEGER, 100, 112, "+12, +12\u00a0%"),
        (Kind.INTEGER, 100, 88, "−12, −12\u00a0%"),
        (Kind.INTEGER, 0, 5, "+5"),
        (Kind.INTEGER, 1, 5000, "+4\u202f999"),
        (Kind.DECIMAL, 1.5, 1.75, "+0,25, +17\u00a0%"),
        (Kind.INTEGER, 1000, 1001, "+1, 0\u00a0%"),
        (Kind.INTEGER, None, 5, ""),
        (Kind.INTEGER, 5, 5, ""),
        (Kind.YESNO, False, True, ""),
        (Kind.TEXT, "1", "2", ""),
    ],
)
def test_by_how_much_a_number_has_changed(kind: Kind, before: Any, after: Any, said: str) -> None:
    assert moved(item(kind, "x", {"ru": "x"}), before, after) == said


def test_a_share_moves_by_points_and_no_percentage_of_percents() -> None:
    share = item(Kind.CALCULATED, "x", {"ru": "x"}, unit={"ru": "%"})
    assert moved(share, 70.0, 74.7) == "+4,7\u00a0п. п."
    assert moved(share, 70.0, 65.0, "en") == "−5\u00a0pp"


def test_against_the_revision_before_when_there_is_one_and_else_against_the_last_wave() -> None:
    last, before = {**ANSWERS, "covered": 60}, {**ANSWERS, "covered": 80, "comment": "было"}
    first = lines(ANSWERS, Beside(last))
    assert (first["covered"].cell.change, first["covered"].cell.last, first["covered"].cell.before) == (
        "changed",
        "60",
        "",
    )
    second = lines(ANSWERS, Beside(last, before))
    assert second["covered"].cell.moved == "+10, +12\u00a0%"
    assert (second["comment"].cell.change, second["comment"].cell.before) == ("removed", "было")
    assert not second["pupils"].differs
    assert [line for line in lines(ANSWERS, Beside()).values() if line.differs] == []


def test_what_a_calculation_leaves_behind_the_comma_is_no_difference() -> None:
    found = lines({**ANSWERS, "share": 14.1}, Beside({**ANSWERS, "share": 14.099999999999998}))
    assert (found["share"].cell.change, found["share"].cell.last) == ("", "14,1")


def test_tables_and_repeats_are_compared_cell_by_cell() -> None:
    now = {**ANSWERS, "grades": {"g6": {"all": 50, "part": 40}}, "events": [{"event": "Неделя", "people": 3}]}
    found = lines(now, Beside({**ANSWERS, "events": [{"event": "Неделя"}, {"event": "Ярмарка"}]}))
    cells = {cell.place: cell.change for cell in found["grades"].grid.cells()}
    assert cells == {
        "grades.g6.all": "",
        "grades.g6.part": "changed",
        "grades.g7.all": "removed",
        "grades.g7.part": "removed",
    }
    assert {cell.place: cell.change for cell in found["events"].grid.cells()} == {
        "events[0].event": "",
        "events[0].people": "added",
        "events[1].event": "removed",
        "events[1].people": "",
    }
    assert found["grades"].differs


def test_a_value_changed_against_its_source_says_what_the_region_has() -> None:
    found = lines(ANSWERS, Beside(), KNOWN, marks=["pupils", "covered", "leader.name"])
    assert (found["pupils"].source_kind, found["pupils"].source) == ("registry", "120")
    assert (found["leader"].source_kind, found["leader"].source) == ("register", "Другая А. А.")
    assert found["covered"].source_kind == ""  # the last wave has a column of its own
    assert lines(ANSWERS, Beside(), KNOWN)["pupils"].source_kind == ""


def test_what_is_not_asked_is_left_out_unless_it_was_answered_before() -> None:
    now = {key: value for key, value in ANSWERS.items() if key != "order"} | {"has_order": False}
    assert "order" not in lines(now, Beside())
    assert lines(now, Beside(ANSWERS))["order"].cell.change == "removed"


def test_words_are_said_in_the_language_asked_for() -> None:
    assert lines(ANSWERS, Beside(), language="en")["has_order"].cell.value == "yes"
    assert lines(ANSWERS, Beside(), language="en")["pupils"].label == "Pupils of grades 6–11"


def test_notes_stand_at_their_fields_and_the_rest_is_given_back() -> None:
    found = parts(definition(), ANSWERS, Beside(), NOTHING)
    problems = [
        Problem("covered", "rule", Severity.WARNING, {"ru": "Рост"}),
        Problem("", "rule", Severity.WARNING, {"ru": "Вся форма"}),
    ]
    doubts = [SimpleNamespace(place="grades.g6.part"), SimpleNamespace(place="gone")]
    loose = annotate(
        found,
        problems=problems,
        explanations={"covered": "Открыты новые классы"},
        doubts=doubts,
        remarks=[SimpleNamespace(place="leader.phone")],
    )
    cells = {cell.place: cell for part in found for line in part.lines for cell in line.cells}
    assert [(note.message, note.explanation) for note in cells["covered"].warnings] == [
        ("Рост", "Открыты новые классы")
    ]
    assert cells["grades.g6.part"].doubts == doubts[:1]
    assert len(cells["leader"].remarks) == 1
    assert [kind for kind, _one in loose] == ["warning", "doubt"]
    assert (found[0].notes, found[1].notes) == (2, 1)

from __future__ import annotations

import pytest
from django.utils import translation

from profminimum.journal import actions, lines
from profminimum.journal.models import Entry
from profminimum.web import clock


def entry(before: dict[str, object], after: dict[str, object], kind: str = "orgs.membership") -> Entry:
    return Entry(
        pk=1, at=clock.now(), action="x.y", object_type=kind, object_id=1, subject="x", before=before, after=after
    )


def changes(one: Entry) -> list[tuple[str, str, str]]:
    with translation.override("ru"):
        return [(change.name, change.before, change.after) for change in lines.told(one).changes]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "—"),
        ("", "—"),
        ([], "—"),
        (0, "0"),
        (True, "да"),
        (False, "нет"),
        ("2023-11-25", "25.11.2023"),
        ("2023-11-25T09:30:00+11:00", "25.11.2023, 09:30"),
        ("2023-99-99", "2023-99-99"),
        (["2023-11-25", "школа"], "25.11.2023, школа"),
        ({"due": "2023-11-25"}, "Срок: 25.11.2023"),
    ],
)
def test_a_value_is_said_as_people_write_it(value: object, said: str) -> None:
    with translation.override("ru"):
        assert lines.said(value) == said


def test_a_choice_is_said_by_its_label() -> None:
    assert changes(entry({}, {"role": "school"})) == [("Роль", "—", "сотрудник школы")]


def test_data_of_a_model_that_hangs_on_the_object_have_its_names() -> None:
    assert changes(entry({"state": "assigned"}, {"state": "reported"}, "plan.obligation")) == [
        ("Состояние", "в работе", "исполнено, заявлено")
    ]
    assert changes(entry({"oktmo": "1"}, {"oktmo": "2"}, "orgs.organisation")) == [("ОКТМО", "1", "2")]


def test_only_what_differs_is_told() -> None:
    assert changes(entry({"post": "a", "phone": "1"}, {"post": "b", "phone": "1"}, "orgs.user")) == [
        ("Должность", "a", "b")
    ]


def test_a_number_beside_its_name_is_left_out() -> None:
    told = changes(entry({"parent": "А", "parent_id": 1}, {"parent": "Б", "parent_id": 2}, "orgs.organisation"))
    assert told == [("Входит в", "А", "Б")]


def test_what_no_model_knows_is_named_by_its_key() -> None:
    assert changes(entry({}, {"odd_key": 5}, "no.such")) == [("Odd key", "—", "5")]


def test_an_app_may_name_its_own_data() -> None:
    actions.register({}, {"odd_thing": "Странная вещь"})
    assert changes(entry({}, {"odd_thing": 5})) == [("Странная вещь", "—", "5")]

"""How what is typed is kept: change by change, for one person at a time, nothing of another's written over."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evidence import PDF
from factories import AT
from monitoring_waves import ANSWERS, answer_of, campaign, definition, opened_wave, planned, words
from profminimum.journal.models import Entry
from profminimum.monitoring import definitions
from profminimum.monitoring.models import Draft, Stage, Submission, SubmissionFile
from profminimum.monitoring.schema.answers import check
from profminimum.monitoring.schema.loading import item
from profminimum.monitoring.schema.model import Choice, Definition, Kind
from profminimum.monitoring.services import attached, drafts, submissions, waves
from profminimum.monitoring.services.drafts import BusyError, ChangedError
from profminimum.orgs.access import DeniedError
from profminimum.orgs.models import Role, User
from profminimum.orgs.services import Newcomer, enrol
from profminimum.plan.files import Upload
from scripts import post, script

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from factories import SmallRegion
    from people import People


@pytest.fixture(autouse=True)
def _forget() -> None:
    """Another test's version may have had the same number."""
    definitions.definition.cache_clear()


@pytest.fixture
def row(region: SmallRegion, people: People, december: datetime) -> Submission:
    return answer_of(opened_wave(region, people), region.schools[0])


@pytest.fixture
def colleague(region: SmallRegion, people: People) -> User:
    """Another person of the same school."""
    (made,) = enrol(
        [Newcomer("second@example.org", "Вторая Вера Викторовна", Role.SCHOOL, region.schools[0], AT.date())], at=AT
    )
    return made


def with_files() -> Definition:
    """The form of the tests with files and a table in which one column is only shown."""
    usual = definition()
    more = item(
        Kind.GROUP,
        "more",
        words("Приложения"),
        items=(
            item(Kind.FILE, "act", words("Приказ")),
            item(
                Kind.REPEAT,
                "papers_many",
                words("Документы"),
                items=(item(Kind.TEXT, "paper", words("название")), item(Kind.FILE, "scan", words("файл"))),
            ),
            item(
                Kind.TABLE,
                "plan_fact",
                words("План и факт"),
                rows=(Choice("hours", words("часы"), {}),),
                items=(
                    item(Kind.INTEGER, "wanted", words("план"), read_only=True),
                    item(Kind.INTEGER, "done", words("факт")),
                ),
            ),
            item(Kind.TEXT, "fixed", words("Только показ"), read_only=True),
        ),
    )
    return Definition(usual.name, usual.title, (*usual.items, more), (), {})


@pytest.fixture
def filed(region: SmallRegion, people: People, december: datetime) -> Submission:
    wave = planned(campaign(region, people, made=with_files()), people)
    return answer_of(waves.open_wave(wave, by=people.coordinator, at=AT.replace(2023, 11, 20)), region.schools[0])


def held(row: Submission) -> dict[str, Any]:
    answers: dict[str, Any] = Draft.objects.get(pk=row.pk).answers
    return answers


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({"covered": "1 234"}, {"covered": 1234}),
        ({"grades.g6.all": "50"}, {"grades": {"g6": {"all": 50}}}),
        ({"grades.g6.all": 50, "grades.g7.part": "1"}, {"grades": {"g6": {"all": 50}, "g7": {"part": 1}}}),
        ({"leader.name": "  Иванова   Анна "}, {"leader": {"name": "Иванова Анна"}}),
        ({"has_order": "да"}, {"has_order": True}),
        ({"level": "основной"}, {"level": "main"}),
        ({"events": [{"event": "Ярмарка"}, {}]}, {"events": [{"event": "Ярмарка"}]}),
        ({"share": 5}, {}),  # calculated, never typed
        ({"covered": None}, {}),
    ],
)
def test_a_change_is_read_and_kept(
    row: Submission, people: People, december: datetime, changes: dict[str, Any], kept: dict[str, Any]
) -> None:
    drafts.save(row, changes=changes, number=0, by=people.school, at=december)
    assert {name: value for name, value in held(row).items() if name != "pupils"} == kept


def test_cells_and_parts_are_taken_away_one_by_one(row: Submission, people: People, december: datetime) -> None:
    first = {"grades": {"g6": {"all": 1, "part": 1}}, "leader": {"name": "А", "post": "Б"}}
    drafts.save(row, changes=first, by=people.school, at=december)
    gone = {"grades.g6.part": None, "leader.post": ""}
    drafts.save(row, changes=gone, by=people.school, at=december)
    assert held(row)["grades"] == {"g6": {"all": 1}}
    assert held(row)["leader"] == {"name": "А"}
    drafts.save(row, changes={"grades.g6.all": None, "leader.name": None}, by=people.school, at=december)
    assert not {"grades", "leader"} & set(held(row))


def test_what_cannot_be_read_leaves_what_was_there(row: Submission, people: People, december: datetime) -> None:
    drafts.save(row, changes={"covered": 5, "grades.g6.all": 7}, by=people.school, at=december)
    wrong = {"covered": "много", "grades.g6.all": "семь", "grades.g7.all": 8, "nothing": 1}
    saved = drafts.save(row, changes=wrong, by=people.school, at=december)
    assert {problem.place for problem in saved.problems} == {"covered", "grades.g6.all", "nothing"}
    assert held(row)["covered"] == 5
    assert held(row)["grades"]["g7"] == {"all": 8}


def test_the_first_change_begins_the_answer_once(row: Submission, people: People, december: datetime) -> None:
    for value in (1, 2):
        drafts.save(row, changes={"covered": value}, by=people.school, at=december)
    stages = Stage.objects.filter(submission=row).order_by("pk")
    assert [(one.state, one.step) for one in stages] == [("expected", "ask"), ("draft", "begin")]
    assert not Entry.objects.filter(action__startswith="submission.")


def test_an_explanation_is_kept_without_what_no_page_can_show(
    row: Submission, people: People, december: datetime
) -> None:
    said = {
        "covered": " весь \ud83d класс\x00\x07 болел " + "х" * 3000,
        "odd place": "x",
        "unknown": "x",
        "covered.z": "x",
    }
    drafts.save(row, changes={}, explanations=said, by=people.school, at=december)
    kept = Draft.objects.get(pk=row.pk).explanations
    assert list(kept) == ["covered"]
    assert kept["covered"].startswith("весь  класс болел ххх")
    assert len(kept["covered"]) == 2000


def test_explanations_are_kept_and_taken_away(row: Submission, people: People, december: datetime) -> None:
    drafts.save(
        row,
        changes={},
        explanations={"covered": " открыт второй корпус ", "nothing": "x", "grades.g6.all": " "},
        by=people.school,
        at=december,
    )
    assert Draft.objects.get(pk=row.pk).explanations == {"covered": "открыт второй корпус"}
    drafts.save(row, changes={}, explanations={"covered": ""}, by=people.school, at=december)
    assert Draft.objects.get(pk=row.pk).explanations == {}


def test_changes_to_an_older_draft_are_refused(row: Submission, people: People, december: datetime) -> None:
    drafts.save(row, changes={"covered": 1}, number=0, by=people.school, at=december)
    with pytest.raises(ChangedError) as refused:
        drafts.save(row, changes={"covered": 2}, number=0, by=people.school, at=december)
    assert refused.value.draft.number == 1
    assert held(row)["covered"] == 1


def test_two_people_do_not_type_at_once(row: Submission, people: People, colleague: User, december: datetime) -> None:
    drafts.save(row, changes={"covered": 1}, by=people.school, at=december)
    with pytest.raises(BusyError) as refused:
        drafts.save(row, changes={"covered": 2}, by=colleague, at=december + timedelta(seconds=89))
    assert refused.value.name == people.school.full_name
    assert drafts.open_draft(row, by=colleague, at=december) == people.school.full_name
    drafts.take_over(row, by=colleague, at=december)
    with pytest.raises(BusyError):
        drafts.save(row, changes={"covered": 3}, by=people.school, at=december)
    drafts.save(row, changes={"covered": 4}, by=colleague, at=december)
    entry = Entry.objects.get(action="submission.taken_over")
    assert (entry.by, entry.before) == (colleague, {"person": people.school.full_name})
    assert held(row)["covered"] == 4


@pytest.mark.parametrize("how", ["silent", "left"])
def test_who_is_gone_holds_nobody_up(
    row: Submission, people: People, colleague: User, december: datetime, how: str
) -> None:
    drafts.save(row, changes={"covered": 1}, by=people.school, at=december)
    later = december + timedelta(seconds=91 if how == "silent" else 5)
    if how == "left":
        drafts.leave(row, by=people.school, at=later)
    assert drafts.open_draft(row, by=colleague, at=later) == ""
    drafts.save(row, changes={"covered": 2}, by=colleague, at=later)
    drafts.leave(row, by=people.school, at=later)  # no longer there: takes nobody's place away
    assert Draft.objects.get(pk=row.pk).editor == colleague
    drafts.take_over(row, by=colleague, at=later)
    assert not Entry.objects.filter(action="submission.taken_over")


def test_what_is_sent_is_closed(row: Submission, people: People, december: datetime) -> None:
    submissions.submit(row, answers=ANSWERS, by=people.school, at=december)
    with pytest.raises(DeniedError):
        drafts.save(row, changes={"covered": 2}, by=people.school, at=december)
    with pytest.raises(DeniedError):
        drafts.take_over(row, by=people.school, at=december)


def test_a_page_of_before_does_not_reopen_what_was_sent(row: Submission, people: People, december: datetime) -> None:
    drafts.save(row, changes={"covered": 1}, by=people.school, at=december)
    stale = answer_of(row.wave, row.organisation)
    submissions.submit(row, answers=ANSWERS, by=people.school, at=december)
    before = held(row)
    with pytest.raises((DeniedError, submissions.StaleError)):
        drafts.save(stale, changes={"covered": 2}, by=people.school, at=december)
    assert held(row) == before


@pytest.mark.parametrize("name", ["municipal", "coordinator", "ministry", "other_school", "administrator"])
def test_only_the_school_fills(row: Submission, people: People, december: datetime, name: str) -> None:
    with pytest.raises(DeniedError):
        drafts.save(row, changes={"covered": 2}, by=getattr(people, name), at=december)
    with pytest.raises(DeniedError):
        drafts.attach(row, place="act", upload=Upload("a.pdf", PDF), by=getattr(people, name), at=december)


def test_a_save_asks_few_questions(row: Submission, people: People, december: datetime) -> None:
    drafts.save(row, changes={"covered": 1}, by=people.school, at=december)
    row = answer_of(row.wave, row.organisation)
    with CaptureQueriesContext(connection) as asked:
        drafts.save(row, changes={"covered": 2, "grades.g6.all": 3}, number=1, by=people.school, at=december)
    said = [query["sql"] for query in asked.captured_queries if "SAVEPOINT" not in query["sql"]]
    assert len(said) <= 3, said


def test_a_file_is_attached_and_only_ones_own_counts(filed: Submission, people: People, december: datetime) -> None:
    kept = drafts.attach(filed, place="act", upload=Upload("приказ.pdf", PDF), by=people.school, at=december)
    value = {"file": kept.pk, "name": "чужое имя", "size": 1}
    foreign = {"file": kept.pk + 1, "name": "x.pdf", "size": 1}
    entries = [{"paper": "первый", "scan": foreign}, {"paper": "второй", "scan": value}]
    saved = drafts.save(filed, changes={"act": value, "papers_many": entries}, by=people.school, at=december)
    own = {"file": kept.pk, "name": "приказ.pdf", "size": len(PDF)}
    assert saved.answers["act"] == own
    assert saved.answers["papers_many"] == [{"paper": "первый"}, {"paper": "второй", "scan": own}]
    assert [(one.place, one.code) for one in saved.problems] == [("papers_many[0].scan", "file")]


@pytest.mark.parametrize(
    ("place", "upload"),
    [
        ("covered", Upload("приказ.pdf", PDF)),
        ("nothing", Upload("приказ.pdf", PDF)),
        ("papers_many[0].paper", Upload("приказ.pdf", PDF)),
        ("act", Upload("приказ.pdf", b"MZ not a document")),
        ("act", Upload("приказ.docx", PDF)),
        ("act", Upload("приказ.pdf", b"")),
    ],
)
def test_what_is_no_file_for_a_place_is_refused(
    filed: Submission, people: People, december: datetime, place: str, upload: Upload
) -> None:
    with pytest.raises(ValidationError):
        drafts.attach(filed, place=place, upload=upload, by=people.school, at=december)
    assert not SubmissionFile.objects.exists()


def test_what_is_only_shown_is_not_changed(filed: Submission, people: People, december: datetime) -> None:
    Draft.objects.filter(pk=filed.pk).update(answers={"plan_fact": {"hours": {"wanted": 40}}, "fixed": "так"})
    changes = {"plan_fact": {"hours": {"wanted": 1, "done": 38}}, "fixed": "иначе"}
    drafts.save(filed, changes=changes, by=people.school, at=december)
    assert held(filed) == {"plan_fact": {"hours": {"wanted": 40, "done": 38}}, "fixed": "так"}
    drafts.save(filed, changes={"plan_fact.hours.wanted": 2}, by=people.school, at=december)
    assert held(filed)["plan_fact"] == {"hours": {"wanted": 40, "done": 38}}


def test_a_whole_answer_names_only_files_of_its_own_and_changes_nothing_that_is_only_shown(
    filed: Submission, people: People, december: datetime
) -> None:
    kept = drafts.attach(filed, place="act", upload=Upload("приказ.pdf", PDF), by=people.school, at=december)
    value, foreign = ({"file": number, "name": "чужое имя", "size": 1} for number in (kept.pk, kept.pk + 1))
    before = {"plan_fact": {"hours": {"wanted": 40}}, "fixed": "так"}
    given = {
        "act": value,
        "papers_many": [{"paper": "первый", "scan": foreign}, {"paper": "второй", "scan": value}],
        "plan_fact": {"hours": {"wanted": 1, "done": 38}, "odd": {"done": 1}},
        "fixed": "иначе",
        "covered": 5,
    }
    taken, problems = attached.received(with_files(), filed, given, before)
    own = {"file": kept.pk, "name": "приказ.pdf", "size": len(PDF)}
    assert taken == {
        "act": own,
        "papers_many": [{"paper": "первый"}, {"paper": "второй", "scan": own}],
        "plan_fact": {"hours": {"wanted": 40, "done": 38}, "odd": {"done": 1}},  # which the check refuses
        "fixed": "так",
        "covered": 5,
    }
    assert [(one.place, one.code) for one in problems] == [("papers_many[0].scan", "file")]


@pytest.mark.usefixtures("december")
def test_a_script_sends_no_file_of_others(filed: Submission, people: People) -> None:
    given = {"act": {"file": 10**6, "name": "чужое.pdf", "size": 1}}
    answer = post(script(people.school), f"/submissions/{filed.pk}/submit", answers=given, explanations={"нет": "х"})
    assert (answer.status_code, set(answer.json()["errors"])) == (422, {"act"})
    assert Submission.objects.get(pk=filed.pk).number == 0


@pytest.mark.parametrize(
    "value",
    ["x", 5, {"file": "1"}, {"file": True}, {"file": 10**30, "name": "x", "size": 1}, [{"scan": 5}], [1]],
)
def test_what_is_no_file_at_all_is_left_to_the_check(
    filed: Submission, value: object, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    given = {"act": value, "papers_many": value, "plan_fact": value, "covered": 5}
    with django_assert_num_queries(0):
        taken, problems = attached.received(with_files(), filed, given, {})
    assert (taken, problems) == (given, [])
    found = check(with_files(), taken, {}, definitions.context({}, AT.date())).errors
    assert {"act", "papers_many", "plan_fact"} <= {one.place.partition("[")[0] for one in found}


def test_a_form_without_files_asks_the_database_nothing(
    row: Submission, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    with django_assert_num_queries(0):
        assert attached.received(definition(), row, {"covered": 5}, {}) == ({"covered": 5}, [])

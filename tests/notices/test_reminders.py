from __future__ import annotations

import itertools
import os
import shutil
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from conftest import local
from decrees import adopted
from evidence import order
from monitoring_waves import ANSWERS, answer_of, opened_wave
from people import browser
from profminimum.journal.models import Entry
from profminimum.journal.worker import drain
from profminimum.monitoring.services import submissions
from profminimum.notices import texts
from profminimum.notices.models import Letter, MailChoice, Mailing, Notice, Reminder
from profminimum.notices.services import inbox, mailing
from profminimum.notices.services.digests import write_digests
from profminimum.notices.services.reminders import remind_due
from profminimum.notices.services.telling import Fresh, tell
from profminimum.notices.thresholds import THRESHOLDS, of_pack, reminded, threshold
from profminimum.orgs.access import DeniedError
from profminimum.orgs.models import Membership, OrganisationState
from profminimum.plan import pack
from profminimum.plan.models import Obligation, Standing
from profminimum.plan.services import extensions, obligations
from profminimum.web import clock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from factories import SmallRegion
    from people import People
    from profminimum.orgs.models import User

DUE = date(2023, 12, 1)


@pytest.fixture
def plan(region: SmallRegion, people: People, december: datetime) -> None:
    adopted(region, people)
    drain()
    Notice.objects.update(read=december)
    Standing.objects.at().update(due=None)  # each test says what is due
    Obligation.objects.update(original_due=None)


def owed(place: object, due: date, row: str = "2") -> Obligation:
    """An obligation of that organisation with that date."""
    one = Obligation.objects.filter(organisation=place, measure__number=row).earliest("pk")
    Standing.objects.at().filter(obligation=one).update(due=due)
    return one


def told(user: User) -> list[tuple[str, int]]:
    return list(Notice.objects.filter(user=user, read=None).order_by("pk").values_list("kind", "count"))


def morning(day: date) -> datetime:
    return local(f"{day}T06:00")


@pytest.mark.parametrize(
    ("days", "name"),
    [
        (-8, ""),
        (-7, "before7"),
        (-4, "before7"),
        (-3, ""),
        (-1, "before1"),
        (0, "on"),
        (1, "late1"),
        (3, "late1"),
        (4, ""),
        (7, "late7"),
        (9, "late7"),
        (14, "late14"),
        (17, ""),
        (200, ""),
    ],
)
def test_when_a_threshold_holds(days: int, name: str) -> None:
    found = threshold(DUE, DUE + timedelta(days=days))
    assert (found.name if found else "") == name


@pytest.mark.parametrize(
    ("due", "today", "name"),
    [
        ("2023-12-04", "2023-12-01", "before1"),  # a Monday: on the Friday before, not on Sunday
        ("2023-12-04", "2023-11-30", "before7"),
        ("2023-12-04", "2023-12-03", "before1"),  # who was not reminded on the Friday
        ("2023-12-10", "2023-12-01", "before7"),  # the seventh day before is a Sunday
        ("2024-01-09", "2023-12-29", "before1"),  # before the New Year's rest
        ("2024-01-09", "2023-12-28", ""),
        ("2023-12-03", "2023-12-03", "on"),
        ("2023-12-01", "2023-12-02", "late1"),
    ],
)
def test_a_reminder_before_the_date_comes_on_a_working_day(due: str, today: str, name: str) -> None:
    found = threshold(date.fromisoformat(due), date.fromisoformat(today))
    assert (found.name if found else "") == name
    assert reminded(date.fromisoformat(today)).get(date.fromisoformat(due)) == found


def test_the_pack_says_what_the_program_does_by_itself() -> None:
    assert of_pack(pack.read(settings.PACK).reminders) == of_pack(None) == THRESHOLDS
    assert (of_pack(()), reminded(DUE, ())) == ((), {})
    days = (-16, -15, -14, -9, -8, -7, -3, -2, -1, 0, *range(1, 10))  # a Friday: two weekends are reminded of as well
    assert set(reminded(DUE)) == {DUE + timedelta(days=day) for day in days}


def test_a_ministry_reminds_when_it_wants(
    plan: None, region: SmallRegion, people: People, tmp_path: Path, settings: Any
) -> None:
    folder = tmp_path / "pack"
    shutil.copytree(settings.PACK, folder)
    head = 'name = "ours"\ntitle = { ru = "Наш" }\n'
    (folder / "pack.toml").write_text(
        head + '[[reminder]]\nname = "late2"\nfrom = 2\nupward = "authority"\n', encoding="utf-8"
    )
    settings.PACK = folder
    owed(region.schools[0], DUE)
    with clock.at(morning(DUE)):
        assert remind_due(clock.now()) == 0
    with clock.at(morning(DUE + timedelta(days=2))):
        assert remind_due(clock.now()) == 1
    assert (told(people.school), told(people.municipal)) == ([("late", 1)], [("escalated", 1)])
    (folder / "pack.toml").write_text(head + "reminder = []\n", encoding="utf-8")
    os.utime(folder / "pack.toml", ns=(1, 1))
    with clock.at(morning(DUE + timedelta(days=7))):
        assert remind_due(clock.now()) == 0


def test_thresholds_never_overlap() -> None:
    spans = [(one.first, one.last) for one in THRESHOLDS]
    assert all(first <= last for first, last in spans)
    assert all(end < start for (_f, end), (start, _l) in itertools.pairwise(spans))


def test_each_threshold_reminds_once_and_upward_when_it_is_long(
    plan: None, region: SmallRegion, people: People
) -> None:
    owed(region.schools[0], DUE)
    heard: dict[str, list[tuple[str, int]]] = {"school": [], "municipal": [], "controller": [], "other_school": []}
    for day in range(-10, 25):
        for _twice in range(2):
            with clock.at(morning(DUE + timedelta(days=day))):
                remind_due(clock.now())
        for name, found in heard.items():
            person = getattr(people, name)
            found += [(kind, day) for kind, _count in told(person)]
            Notice.objects.filter(user=person).update(read=clock.now())
    assert heard["school"] == [("before", -7), ("before", -1), ("on", 0), ("late", 1), ("late", 7), ("late", 14)]
    assert heard["municipal"] == [("escalated", 7)]
    assert heard["controller"] == [("escalated", 14)]
    assert heard["other_school"] == []
    assert Reminder.objects.count() == 6


def test_reminders_are_folded_and_said_as_people_say_them(plan: None, region: SmallRegion, people: People) -> None:
    owed(region.schools[0], DUE)
    owed(region.schools[0], DUE, row="9")
    owed(region.schools[1], DUE)
    with clock.at(morning(DUE - timedelta(days=7))):
        assert remind_due(clock.now()) == 3
        (notice,) = Notice.objects.filter(user=people.school, read=None)
        assert notice.count == 2
        words = texts.said(notice)
    assert words.title.replace("\xa0", " ") == "1 декабря истекает срок: 2 поручения"
    assert words.href == "/duties/"
    with clock.at(morning(DUE + timedelta(days=7))):
        remind_due(clock.now())
        (notice,) = Notice.objects.filter(user=people.municipal, read=None)
        words = texts.said(notice)
    assert words.title.replace("\xa0", " ") == "Не исполнены 3 поручения, просрочка 7 дней"
    assert words.about == "МБОУ СОШ № 1 (А1), МБОУ СОШ № 2 (А1)"


def test_what_is_reported_is_not_reminded_of_and_another_date_begins_anew(
    plan: None, region: SmallRegion, people: People, december: datetime
) -> None:
    one = owed(region.schools[0], DUE)
    with clock.at(morning(DUE)):
        assert remind_due(clock.now()) == 1
        asked = extensions.request(
            one, new_due=DUE + timedelta(days=8), reason="Болезнь", by=people.school, at=clock.now()
        )
        extensions.decide(asked, granted=True, by=people.controller, at=clock.now())
    with clock.at(morning(DUE + timedelta(days=1))):
        assert remind_due(clock.now()) == 1  # seven days before the new date
    assert set(Reminder.objects.values_list("threshold", "due")) == {
        ("on", DUE),
        ("before7", DUE + timedelta(days=8)),
    }
    obligations.report(one, order(), by=people.school, at=december)
    with clock.at(morning(DUE + timedelta(days=8))):
        assert remind_due(clock.now()) == 0


def test_a_late_installation_does_not_storm(plan: None, region: SmallRegion) -> None:
    owed(region.schools[0], DUE - timedelta(days=100))
    with clock.at(morning(DUE)):
        assert remind_due(clock.now()) == 0


def test_the_letter_of_the_day_comes_once_from_its_hour_on_and_says_what_is_new_and_due(
    plan: None, region: SmallRegion, people: People, december: datetime
) -> None:
    one = owed(region.schools[0], DUE - timedelta(days=10))
    obligations.report(one, order(), by=people.school, at=local("2023-12-01T18:00"))
    obligations.send_back(one, by=people.municipal, at=local("2023-12-01T19:00"), reason="Нет второй страницы")
    owed(region.schools[0], date(2023, 12, 4), row="9")
    drain()
    assert write_digests(local("2023-12-02T07:59")) == 0
    assert write_digests(local("2023-12-02T08:00")) == 1  # nobody else has anything
    assert write_digests(local("2023-12-02T12:00")) == 0
    letter = Letter.objects.get()
    assert (letter.user, letter.address) == (people.school, "school@example.org")
    text = letter.text.replace("\xa0", " ")
    assert "Здравствуйте, Школьникова Шура Шамильевна!" in text
    assert "— Возвращено на доработку\n" in text
    assert "«Нет второй страницы»" in text
    assert "просрочено на 11 дней" in text
    assert "до 4 декабря, осталось 2 дня" in text
    assert f"/obligations/{one.pk}/" in text
    assert letter.subject.replace("\xa0", " ") == "План-график, 2 декабря: просрочено 1 поручение"
    assert Notice.objects.filter(letter=letter).count() == 1
    assert Notice.objects.filter(letter=letter, read=None).count() == 1  # a letter is no reading
    assert write_digests(local("2023-12-03T08:00")) == 1  # still late, but not new
    assert "НОВОЕ" not in Letter.objects.latest("pk").text


def test_the_letter_says_each_thing_once_and_leads_to_where_it_is_done(
    region: SmallRegion, people: People, december: datetime
) -> None:
    """A monitoring whose date is near: no reminder above the list, what is to be done and the answer beside it."""
    wave = opened_wave(region, people)
    submissions.submit(answer_of(wave, region.state_school), answers=ANSWERS, by=people.state_school, at=december)
    row = answer_of(wave, region.schools[0])
    submissions.submit(row, answers=ANSWERS, by=people.school, at=december)
    row.refresh_from_db()
    submissions.send_back(row, reason="Нет приказа\r\n\r\nи числа", by=people.municipal, at=december)
    drain()
    Standing.objects.at().exclude(obligation=row.obligation_id).update(due=None)
    Notice.objects.filter(kind__in=("wave_opened", "wave_opened_check", "assigned")).update(read=december)
    assert remind_due(december) == 1
    write_digests(december)
    letter = Letter.objects.get(user=people.school)
    assert letter.text.replace("\xa0", " ") == (
        "Здравствуйте, Школьникова Шура Шамильевна!\n\nНОВОЕ\n\n"
        "— Ответ возвращён на доработку\n"
        "  Мониторинг готовности, волна · «Нет приказа и числа»\n"
        f"  http://127.0.0.1:8000/submissions/{row.pk}/\n\n"
        "СРОК БЛИЗКО\n\n"
        "— пункт 11 · Проведение мониторинга эффективности деятельности по реализации профминимума в 2023/2024 "
        "учебном году · ответить на мониторинг\n"
        "  до 4 декабря, осталось 2 дня\n"
        f"  http://127.0.0.1:8000/submissions/{row.pk}/\n\n"
        "Мои дела: http://127.0.0.1:8000/duties/\n"
        "Все уведомления и отказ от этой сводки: http://127.0.0.1:8000/notices/\n"
    )
    assert letter.subject.replace("\xa0", " ") == "План-график, 2 декабря: 1 новое уведомление"
    assert Notice.objects.filter(letter=letter).count() == 2  # the reminder is told, in the list
    sums = Letter.objects.get(user=people.coordinator).text.replace("\xa0", " ")
    assert "— 1 ответ на мониторинг ждёт вашей проверки\n  http://127.0.0.1:8000/monitoring/checking/\n" in sums


def test_without_the_digest_only_what_is_returned_is_written_about(
    plan: None, region: SmallRegion, people: People, december: datetime
) -> None:
    one = owed(region.schools[0], DUE)
    inbox.switch_digest(on=False, by=people.school, at=december)
    with clock.at(morning(DUE)):
        remind_due(clock.now())
        assert write_digests(local(f"{DUE}T09:00")) == 0
    obligations.report(one, order(), by=people.school, at=december)
    obligations.send_back(one, by=people.municipal, at=december, reason="Не тот приказ")
    drain()
    assert write_digests(december) == 1
    assert "Не тот приказ" in Letter.objects.get().text
    assert "ПРОСРОЧЕНО" not in Letter.objects.get().text


def test_a_letter_that_cannot_be_written_and_who_has_no_address_keep_nobody_back(
    region: SmallRegion, people: People, december: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    thing = ("orgs.organisation", region.schools[0].pk)
    for user, data in ((people.school, {"days": "x"}), (people.other_school, {}), (people.state_school, {})):
        tell([Fresh(user=user.pk, kind="escalated", key="one", thing=thing, at=december, data=data)])
    tell([Fresh(user=people.branch.pk, kind="late", key="one", thing=thing, at=december, data={"due": "2023-12-01"})])
    people.state_school.email = ""
    people.state_school.save(update_fields=["email"])
    assert write_digests(december) == 1
    assert Letter.objects.get().user == people.other_school  # nor is an empty one written of what was moved meanwhile
    assert f"person {people.school.pk} cannot be written" in caplog.text
    assert browser(people.state_school).get("/notices/").status_code == 200  # the inbox has it


def test_those_who_have_left_get_no_letter(
    plan: None, region: SmallRegion, people: People, december: datetime
) -> None:
    owed(region.schools[0], DUE)
    Membership.objects.filter(user=people.school).update(until=DUE)
    assert write_digests(december) == 0
    assert not MailChoice.objects.filter(user=people.school).exists()


@pytest.fixture
def late(plan: None, region: SmallRegion) -> Iterator[list[int]]:
    """The first school owes two things, the second, where nobody signs in, one."""
    return [
        owed(region.schools[0], DUE).pk,
        owed(region.schools[0], DUE, row="9").pk,
        owed(region.schools[1], DUE).pk,
    ]


def address(ids: list[int]) -> str:
    return "/remind/?" + "&".join(f"obligation={pk}" for pk in ids)


def test_a_reminder_is_seen_before_it_goes_and_goes_once(
    late: list[int], region: SmallRegion, people: People, december: datetime
) -> None:
    client = browser(people.municipal)
    page = client.get(address(late))
    html = page.content.decode().replace("\xa0", " ")
    assert "Отправить 1 письмо" in html
    assert "Письмо не дойдёт до 1 организации" in html
    assert "МБОУ СОШ № 2 (А1)" in html
    assert "Здравствуйте, Школьникова Шура Шамильевна!" in html
    assert Letter.objects.count() == 0
    form = {"text": "Ждём приказ <сегодня>.", "chosen": page.context["form"]["chosen"].value()}
    shown = client.post("/remind/", form | {"act": "preview"})
    assert "Ждём приказ &lt;сегодня&gt;." in shown.content.decode()
    assert Letter.objects.count() == 0
    assert client.post("/remind/", form | {"act": "send"}).status_code == 302
    again = client.post("/remind/", form | {"act": "send"}, follow=True)
    assert "второй раз ничего не ушло" in again.content.decode()
    letter = Letter.objects.get()
    assert (letter.user, letter.kind, letter.reply_to) == (people.school, "reminder", people.municipal.email)
    assert letter.subject == "Напоминание: 2 поручения"
    assert "Ждём приказ <сегодня>." in letter.text
    assert letter.text.count("просрочено на") == 2
    assert told(people.school) == [("called", 2)]
    assert Notice.objects.get(kind="called").letter == letter
    entry = Entry.objects.get(action="letters.reminded")
    assert (entry.by, entry.after) == (people.municipal, {"letters": 1, "obligations": 3})


def test_where_nobody_signs_in_the_organisations_own_address_is_written_to(
    late: list[int], region: SmallRegion, people: People, december: datetime
) -> None:
    OrganisationState.objects.filter(organisation=region.schools[1]).update(email="school2@example.org")
    made = mailing.remind(late, text="Ждём", nonce="1", by=people.municipal, at=december)
    assert made.letters == 2
    assert set(Letter.objects.values_list("address", flat=True)) == {"school@example.org", "school2@example.org"}


def test_late_ones_of_a_plan_or_an_organisation_are_chosen_by_the_address(
    late: list[int], region: SmallRegion, people: People
) -> None:
    plan = Obligation.objects.get(pk=late[0]).plan_id
    client = browser(people.municipal)
    assert client.get(f"/remind/?plan={plan}").context["found"].organisations == 2
    found = client.get(f"/remind/?plan={plan}&organisation={region.schools[0].pk}").context["found"]
    assert sorted(row.obligation_id for row in found.rows) == sorted(late[:2])


def test_only_what_one_checks_can_be_reminded_of(
    late: list[int], region: SmallRegion, people: People, december: datetime
) -> None:
    assert browser(people.school).get(address(late)).status_code == 403
    assert browser(people.other_municipal).get(address(late)).status_code == 404
    assert browser(people.municipal).get("/remind/?obligation=x").status_code == 404
    assert browser(people.municipal).post("/remind/", {"chosen": "forged", "text": "x"}).status_code == 404
    with pytest.raises(DeniedError):
        mailing.remind(late, text="Ждём", nonce="1", by=people.school, at=december)
    with pytest.raises(ValidationError):
        mailing.remind(late, text="Ждём", nonce="1", by=people.other_municipal, at=december)
    with pytest.raises(ValidationError):
        mailing.remind(late, text="  ", nonce="1", by=people.municipal, at=december)
    assert (Letter.objects.count(), Mailing.objects.count()) == (0, 0)

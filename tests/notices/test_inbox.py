from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from decrees import adopted
from evidence import order
from factories import AT
from monitoring_waves import ANSWERS, answer_of, opened_wave
from people import SINCE, browser
from profminimum.journal.models import Entry
from profminimum.journal.worker import drain
from profminimum.monitoring.services import submissions, waves
from profminimum.notices import texts
from profminimum.notices.models import MailChoice, Notice
from profminimum.notices.services.figures import keep_figures
from profminimum.orgs import access
from profminimum.orgs.models import Role, User
from profminimum.orgs.services import Newcomer, enrol
from profminimum.plan.models import Obligation, Standing
from profminimum.plan.queries.duties import waiting
from profminimum.plan.services import extensions, obligations

if TYPE_CHECKING:
    from datetime import datetime

    from factories import SmallRegion
    from people import People


def told(user: User, *, new: bool = True) -> list[tuple[str, int]]:
    """(kind, count) of a person's notices in the order in which they came."""
    rows = Notice.objects.filter(user=user).order_by("pk")
    return list((rows.unread() if new else rows).values_list("kind", "count"))


def said(user: User, kind: str) -> texts.Said:
    return texts.said(Notice.objects.get(user=user, kind=kind))


def duty(region: SmallRegion, number: int = 0, row: str = "2") -> Obligation:
    return Obligation.objects.filter(organisation=region.schools[number], measure__number=row).earliest("pk")


def colleague(region: SmallRegion) -> User:
    """Somebody of the second school of the first authority."""
    place = region.schools[1]
    return enrol([Newcomer("second@example.org", "Вторая Вера Власовна", Role.SCHOOL, place, SINCE)], at=AT)[0]


@pytest.fixture
def plan(region: SmallRegion, people: People, december: datetime) -> None:
    """An adopted plan of which everybody has been told and has read it."""
    adopted(region, people)
    drain()
    Notice.objects.update(read=december)


def test_an_adopted_plan_is_one_line_for_each(region: SmallRegion, people: People, december: datetime) -> None:
    adopted(region, people)
    drain()
    owed = Obligation.objects.filter(organisation=region.schools[0]).count()
    assert owed == 3
    assert told(people.school)[0] == ("assigned", owed)
    assert said(people.school, "assigned").title.replace("\xa0", " ") == "Вам назначены 3 поручения"
    assert told(people.ministry) == []  # it was their own act
    assert told(people.observer) == []


def test_reports_are_told_to_those_who_check_and_settled_when_they_have(
    plan: None, region: SmallRegion, people: People, december: datetime
) -> None:
    obligations.report(duty(region, 0), order(), by=people.school, at=december)
    obligations.report(duty(region, 1), order(), by=colleague(region), at=december)
    drain()
    assert told(people.municipal) == [("reported", 2)]
    assert told(people.other_municipal) == []
    words = said(people.municipal, "reported")
    assert words.title.replace("\xa0", " ") == "Сообщили об исполнении: 2 отчёта ждут вашей проверки"
    assert "Назначение должностных лиц" in words.about
    obligations.accept(duty(region, 0), by=people.municipal, at=december)
    drain()
    assert told(people.municipal) == [("reported", 2)]
    obligations.accept(duty(region, 1), by=people.municipal, at=december)
    drain()
    assert told(people.municipal) == []


def test_a_return_is_told_with_its_reason_until_it_is_mended(
    plan: None, region: SmallRegion, people: People, december: datetime
) -> None:
    one = duty(region)
    obligations.report(one, order(), by=people.school, at=december)
    obligations.send_back(one, by=people.municipal, at=december, reason="Нет второй страницы")
    drain()
    assert told(people.school) == [("returned", 1)]
    words = said(people.school, "returned")
    assert (words.title, words.reason) == ("Возвращено на доработку", "Нет второй страницы")
    assert words.href == f"/obligations/{one.pk}/"
    assert told(people.municipal) == []  # reported and returned before anyone was told: nothing waits
    obligations.report(one, order(), by=people.school, at=december)
    drain()
    assert told(people.school) == []
    obligations.accept(one, by=people.municipal, at=december)
    drain()
    assert told(people.school) == [("accepted", 1)]


def test_another_date_is_asked_of_those_who_decide_and_answered(
    plan: None, region: SmallRegion, people: People, december: datetime
) -> None:
    asked = extensions.request(
        duty(region), new_due=date(2023, 12, 20), reason="Болезнь", by=people.school, at=december
    )
    drain()
    assert told(people.controller) == told(people.ministry) == [("requested", 1)]
    assert told(people.municipal) == []
    extensions.decide(asked, granted=True, by=people.controller, at=december)
    drain()
    assert said(people.school, "granted").title.replace("\xa0", " ") == "Срок продлён: до 20 декабря"


def test_a_wave_tells_all_who_take_part_and_each_step_the_next(
    region: SmallRegion, people: People, december: datetime
) -> None:
    wave = opened_wave(region, people)
    drain()
    Notice.objects.exclude(object_type__startswith="monitoring").update(read=december)
    assert told(people.school) == [("wave_opened", 1)]
    assert told(people.municipal) == [("wave_opened_check", 1)]
    assert said(people.school, "wave_opened").title.replace("\xa0", " ") == "Открыт мониторинг: ответьте до 4 декабря"
    row = answer_of(wave, region.schools[0])
    submissions.submit(row, answers=ANSWERS, by=people.school, at=december)
    drain()
    assert told(people.school) == []  # answered: no longer asked
    assert told(people.municipal)[1:] == [("answer_sent", 1)]
    submissions.send_back(answer_of(wave, region.schools[0]), reason="Исправьте", by=people.municipal, at=december)
    drain()
    assert told(people.school) == [("answer_returned", 1)]
    assert told(people.municipal) == [("wave_opened_check", 1)]
    row = answer_of(wave, region.schools[0])
    submissions.submit(row, answers=ANSWERS, by=people.school, at=december)
    submissions.check([row.pk], by=people.municipal, at=december)
    drain()
    submissions.accept([row.pk], by=people.coordinator, at=december)
    drain()
    assert told(people.school) == [("answer_accepted", 1)]
    waves.extend(wave, due=date(2023, 12, 8), reason="Метель", by=people.coordinator, at=december)
    drain()
    assert said(people.other_school, "wave_moved").reason == "Метель"
    assert told(people.school) == [("answer_accepted", 1)]  # the date concerns them no more


def test_the_inbox_shows_ones_own_alone(plan: None, region: SmallRegion, people: People, december: datetime) -> None:
    one = duty(region)
    obligations.report(one, order(), by=people.school, at=december)
    obligations.send_back(one, by=people.municipal, at=december, reason="Нет второй страницы")
    drain()
    notice = Notice.objects.get(user=people.school, kind="returned")
    html = browser(people.school).get("/notices/").content.decode()
    assert "Нет второй страницы" in html
    assert html.index("Возвращено на доработку") < html.index("Вам назначены")  # the new ones first
    for stranger in (people.ministry, people.administrator, people.other_school):
        assert "Нет второй страницы" not in browser(stranger).get("/notices/").content.decode()
        assert browser(stranger).get(f"/notices/{notice.pk}/").status_code == 404
        assert browser(stranger).post("/notices/read/", {"notice": notice.pk}).status_code == 404
    notice.refresh_from_db()
    assert notice.read is None
    assert browser(people.school).get(f"/notices/{notice.pk}/")["Location"] == f"/obligations/{one.pk}/"
    notice.refresh_from_db()
    assert notice.read is not None


def test_notices_are_marked_one_by_one_or_all(plan: None, people: People, december: datetime) -> None:
    Notice.objects.filter(user=people.school).update(read=None)
    keep_figures(december)
    client = browser(people.school)
    (pk,) = Notice.objects.filter(user=people.school).values_list("pk", flat=True)
    assert '<span class="count tone-info">1' in client.get("/duties/").content.decode()
    client.post("/notices/read/", {"notice": pk})
    assert User.objects.get(pk=people.school.pk).unread == 0
    client.post("/notices/read/", {"notice": pk, "again": "1"})
    assert User.objects.get(pk=people.school.pk).unread == 1
    client.post("/notices/read/", {"all": "1"})
    assert User.objects.get(pk=people.school.pk).unread == 0
    assert User.objects.get(pk=people.municipal.pk).unread == 0
    assert "Всё прочитано" in client.get("/notices/").content.decode()
    assert "Таких уведомлений нет" in client.get("/notices/?new=1").content.decode()
    assert "Таких уведомлений нет" in client.get("/notices/?group=returned").content.decode()
    assert "Вам назначены" in client.get("/notices/?group=plan").content.decode()
    assert "Уведомлений пока нет" in browser(people.newcomer).get("/notices/").content.decode()


def test_the_figures_of_the_header_are_those_of_the_pages(
    plan: None, region: SmallRegion, people: People, december: datetime
) -> None:
    """Of everybody in every state of a day; the page then asks nothing more for them."""
    for number, school in enumerate((region.schools[0], region.schools[1], region.branch, region.state_school)):
        Standing.objects.at().filter(organisation=school).update(due=date(2023, 11, 28 + number % 2))
    obligations.report(duty(region), order(), by=people.school, at=december)
    extensions.request(
        duty(region, 0, "9"), new_due=date(2024, 2, 1), reason="Болезнь", by=people.school, at=december
    )
    drain()
    keep_figures(december)
    seen = set()
    for name, person in people:
        kept = User.objects.get(pk=person.pk)
        assert kept.unread == Notice.objects.filter(user=person, read=None).count(), name
        wanted = {
            f"{seat.role}:{seat.organisation_id}": n for seat in access.seats(person) if (n := waiting(person, seat))
        }
        assert kept.waiting == wanted, name
        if wanted:
            seen.add(name)
    assert {"school", "municipal", "controller", "ministry", "coordinator", "state_school"} <= seen
    html = browser(people.municipal).get("/plans/").content.decode()
    figure = waiting(people.municipal, access.seats(people.municipal)[0])
    assert f'<span class="count tone-bad">{figure}</span>' in html
    assert keep_figures(december) == 0


def test_every_kind_has_its_words_and_stands_in_one_group() -> None:
    grouped = [kind for _title, kinds in texts.GROUPS.values() for kind in kinds]
    assert sorted(grouped) == sorted(texts._TITLES)
    assert set(texts._LOOKS) <= set(texts._TITLES)
    assert set(texts.ALWAYS) <= set(texts._TITLES)


def test_the_digest_is_switched_by_the_person_and_journalled(people: People, december: datetime) -> None:
    client = browser(people.school)
    client.post("/notices/digest/", {"digest": "0"})
    assert MailChoice.objects.get(user=people.school).digest is False
    assert "Сводка отключена" in client.get("/notices/").content.decode()
    client.post("/notices/digest/", {"digest": "1"})
    client.post("/notices/digest/", {"digest": "1"})
    entries = Entry.objects.filter(action="digest.switched", by=people.school).order_by("pk")
    assert [(one.before, one.after) for one in entries] == [
        ({"digest": True}, {"digest": False}),
        ({"digest": False}, {"digest": True}),
    ]

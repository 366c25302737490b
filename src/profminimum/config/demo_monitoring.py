"""The monitorings of the demonstration: persons, levels, readiness, and two waves of effectiveness, lived day by day.

Built through the services alone. On the demo's day the second wave of effectiveness is just past its date: some are
late, some wait for a check, one was returned with remarks.
"""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.utils import timezone, translation

from profminimum.config import demo_answers
from profminimum.config.demo_plan import people_of
from profminimum.journal.worker import drain
from profminimum.monitoring import definitions, pack
from profminimum.monitoring.models import Form, Submission, Wave
from profminimum.monitoring.schema import answers as schema
from profminimum.monitoring.schema.model import Severity
from profminimum.monitoring.services import campaigns, drafts, follow_ups, forms, submissions, waves
from profminimum.orgs import queries
from profminimum.orgs.models import Kind
from profminimum.plan.models import Measure, Occurrence
from profminimum.web import clock

if TYPE_CHECKING:
    from collections.abc import Iterable

    from profminimum.config.demo_region import DemoRegion
    from profminimum.monitoring.models import Campaign
    from profminimum.orgs.models import User

BEGUN: Final = date(2023, 9, 12)
RETURNED: Final = "ОО-0801"  # what the demo's first school finds: returned with remarks
BEGUN_ONLY: Final = {"ОО-0802", "ОО-0104"}  # a draft that was not finished
SILENT: Final = {"ОО-0110", "ОО-0803"}  # not begun
REASONS: Final = (
    "Число обучающихся по классам не сходится с отчётом ОО-1. Уточните.",
    "Укажите часы нарастающим итогом с начала года.",
    "Не приложены пояснения к снижению охвата.",
)


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


class Story:
    """One wave: who answers on which day, who checks, who accepts; in the order of time."""

    def __init__(self, demo: DemoRegion, wave: Wave, until: datetime, *, calm: bool) -> None:
        self.demo, self.wave, self.until, self.calm = demo, wave, until, calm
        self.people = people_of(demo)
        self.rows = {
            row.pk: row for row in wave.submissions.select_related("wave__campaign", "organisation", "draft")
        }
        self.dice = demo_answers.dice(wave.pk, wave.title)

    def live(self) -> None:
        answers: dict[date, list[int]] = defaultdict(list)
        for pk, row in self.rows.items():
            day = self._day(row)
            if day is not None:
                answers[day].append(pk)
        day, last = min(answers, default=self.wave.opens), timezone.localdate(self.until)
        while day <= last:
            self._evening(day, answers.get(day, []))
            day += timedelta(days=1)
        drain()

    def _day(self, row: Submission) -> date | None:
        """Most answer in the last days; some late; of a running wave some not at all."""
        code, chance = row.organisation.code, demo_answers.dice(row.organisation.code, self.wave.title)
        if not self.calm and code in SILENT | BEGUN_ONLY:
            return None
        luck = chance.random()
        span = (self.wave.due - self.wave.opens).days
        if luck < 0.86:
            return self.wave.due - timedelta(days=round(span * chance.random() ** 2.2))
        if luck < 0.94 or self.calm:
            return self.wave.due + timedelta(days=chance.randint(1, 5))
        return None

    def _evening(self, day: date, ready: list[int]) -> None:
        for number, pk in enumerate(ready):
            at = _at(day, 9 + number % 9, number * 7 % 60)
            if at <= self.until:
                with clock.at(at):
                    self._send(self.rows[pk], at)
        at = _at(day, 18)
        if at > self.until:
            return
        with clock.at(at):
            self._return(day, at)
            if day.weekday() < 5 or self.calm:
                self._check(day, at)
                self._accept(day, at + timedelta(minutes=20))

    def _send(self, row: Submission, at: datetime) -> None:
        by, given = self.people[row.organisation_id], row.draft.given
        answers = self._answers(row, given, by)
        form = definitions.definition(row.wave.version_id or 0)
        context = definitions.context(given, timezone.localdate(at))
        outcome = schema.check(form, answers, {}, context)
        warned = [one.place for one in outcome.problems if one.severity == Severity.WARNING]
        submissions.submit(row, answers=answers, explanations=demo_answers.explained(warned), by=by, at=at)

    def _answers(self, row: Submission, given: dict[str, Any], by: User) -> dict[str, Any]:
        code, name = row.organisation.code, row.wave.campaign.form.name
        if name == "responsible":
            return demo_answers.responsible(code, given, by.full_name)
        if name == "level":
            return demo_answers.level_chosen(code, given)
        if name == "readiness":
            return demo_answers.readiness(code, given)
        return demo_answers.effectiveness(code, given, row.wave.number)

    def _return(self, day: date, at: datetime) -> None:
        """A few come back with a reason and a remark at a field."""
        for row in self._waiting("submitted"):
            marked = row.organisation.code == RETURNED and not self.calm
            if not (marked or (row.number == 1 and self._luck(row) < 0.05)):
                continue
            by = self._checker(row)
            if marked:
                submissions.remark(
                    row, place="grades.g9.covered", text="В прошлой волне было больше. Проверьте.", by=by, at=at
                )
                submissions.remark(row, place="excursions", text="Приложен отчёт только об одной.", by=by, at=at)
            submissions.send_back(row, reason=self.dice.choice(REASONS), by=by, at=at)
            if not marked:
                again = _at(day + timedelta(days=1), 8, 30)
                if again <= self.until:
                    row.refresh_from_db()
                    with clock.at(again):
                        self._send(row, again)

    def _luck(self, row: Submission) -> float:
        return random.Random(f"{row.organisation.code}{self.wave.title}return").random()  # noqa: S311 - invented

    def _waiting(self, state: str) -> list[Submission]:
        found = Submission.objects.filter(wave=self.wave, state=state)
        return list(found.select_related("wave__campaign__form", "organisation", "draft").order_by("pk"))

    def _checker(self, row: Submission) -> User:
        return self.people[row.reviewer_id or row.acceptor_id]

    def _check(self, day: date, at: datetime) -> None:
        queues: dict[int, list[int]] = defaultdict(list)
        for row in self._waiting("submitted"):
            if row.checker_id is not None and row.changed < at - timedelta(hours=0 if self.calm else 40):
                queues[row.checker_id].append(row.pk)
        for place, ids in queues.items():
            if self.calm or (place + day.toordinal()) % 3:
                submissions.check(ids, by=self.people[place], at=at)

    def _accept(self, day: date, at: datetime) -> None:
        if day.weekday() != 1 and not self.calm:
            return
        ready = [row.pk for row in self._waiting("checked") if row.changed < at]
        ready += [row.pk for row in self._waiting("submitted") if row.checker_id is None and row.changed < at]
        if ready:
            acceptor = self.rows[ready[0]].acceptor_id
            submissions.accept(ready, by=self.people[acceptor], at=at)


def build(demo: DemoRegion) -> int:
    """Install the pack and live its monitorings up to the clock's now; how many answers were asked for."""
    now, coordinator = clock.now(), demo.users["coordinator"]
    with translation.override("ru"):
        with clock.at(_at(BEGUN, 9)):
            forms.install(settings.PACK, region=demo.region, by=coordinator, at=clock.now())
            set_up = _campaigns(demo, coordinator)
        for campaign, dates, title, occurrence, reason in _waves(set_up):
            with clock.at(_at(dates.opens, 9)):
                wave = waves.plan_wave(
                    campaign, occurrence, dates, title=title, reason=reason, by=coordinator, at=clock.now()
                )
                waves.open_wave(wave, by=coordinator, at=clock.now())
            drain()
            running = campaign.form.name == "effectiveness" and wave.number > 1
            wave.refresh_from_db()
            Story(demo, wave, now if running else min(now, _at(dates.check_due, 20)), calm=not running).live()
            if not running:
                with clock.at(_at(dates.check_due + timedelta(days=1), 9)):
                    waves.close(wave, by=coordinator, at=clock.now())
            else:
                _half_done(demo, wave, now)
        drain()
        follow_ups.refresh_doubts(now)
    return Submission.objects.filter(wave__campaign__region=demo.region).count()


def _campaigns(demo: DemoRegion, by: User) -> dict[str, Campaign]:
    """What the pack proposes, for the rows of the plan."""
    made: dict[str, Campaign] = {}
    for one in pack.proposals(settings.PACK):
        if one.form not in {"responsible", "level", "readiness", "effectiveness"}:
            continue
        measure = Measure.objects.get(plan__region=demo.region, number=one.measures[0])
        author = queries.the_one(demo.region.pk, Kind(one.author), clock.today()) if one.author else None
        details = campaigns.Details(
            title=one.title["ru"],
            kinds=one.kinds,
            by_authority=one.by_authority,
            last=one.last,
            late=one.late,
            days=one.days,
            check_days=one.check_days,
            author_id=author.pk if author else None,
        )
        form = Form.objects.get(region=demo.region, name=one.form)
        made[one.form] = campaigns.create(measure, form, details, by=by, at=clock.now())
    return made


def _waves(set_up: dict[str, Campaign]) -> Iterable[tuple[Campaign, waves.Dates, str, Occurrence | None, str]]:
    yield (
        set_up["responsible"],
        waves.Dates(BEGUN, date(2023, 9, 20), date(2023, 9, 22)),
        "Ответственные лица, 2023/2024",
        None,
        "Реестр ответственных лиц ведётся в системе: собираются должность и служебные контакты.",
    )
    yield (
        set_up["level"],
        waves.Dates(BEGUN, date(2023, 9, 19), date(2023, 9, 22)),
        "Уровни школ, 2023/2024",
        _occurrence(set_up["level"], date(2023, 9, 22)),
        "",
    )
    yield (
        set_up["readiness"],
        waves.Dates(BEGUN, date(2023, 9, 25), date(2023, 9, 29)),
        "Готовность к введению профминимума, сентябрь 2023 года",
        _occurrence(set_up["readiness"], date(2023, 9, 29)),
        "",
    )
    yield (
        set_up["effectiveness"],
        waves.Dates(date(2023, 10, 2), date(2023, 10, 16), date(2023, 10, 20)),
        "Эффективность, входной сбор, октябрь 2023 года",
        None,
        "Показатели на начало года нужны, чтобы было с чем сравнить первое полугодие.",
    )
    yield (
        set_up["effectiveness"],
        waves.Dates(date(2023, 11, 13), date(2023, 11, 28), date(2023, 12, 1)),
        "Эффективность, I полугодие 2023/2024",
        _occurrence(set_up["effectiveness"], date(2023, 12, 1)),
        "",
    )


def _occurrence(campaign: Campaign, due: date) -> Occurrence:
    found = Occurrence.objects.filter(measure=campaign.measure_id, added=False)
    return found.filter(due=due).first() or found.order_by("due")[0]


def _half_done(demo: DemoRegion, wave: Wave, now: datetime) -> None:
    """Two drafts that were begun and left."""
    people = people_of(demo)
    rows = wave.submissions.filter(organisation__code__in=BEGUN_ONLY, state="expected")
    for row in rows.select_related("wave__campaign__form", "organisation", "draft"):
        at = now - timedelta(days=2)
        answers = demo_answers.effectiveness(row.organisation.code, row.draft.given, wave.number)
        part = {name: answers[name] for name in ("grades", "diagnostics", "excursions")}
        with clock.at(at):
            drafts.save(row, changes=part, by=people[row.organisation_id], at=at)

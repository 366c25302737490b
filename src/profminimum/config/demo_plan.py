"""The plan of the demonstration: the signed decree is uploaded, reviewed, adopted, and half a school year is lived.

Built through the services alone; what the organisations answer is invented, the same in every demo.
"""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from importlib import resources
from io import BytesIO
from typing import TYPE_CHECKING, Final

import docx
from django.utils import timezone, translation

from profminimum.orgs import access
from profminimum.orgs.models import Kind, Membership, Role
from profminimum.plan.files import Upload
from profminimum.plan.models import Finding, Obligation, Standing, Wording
from profminimum.plan.services import adoption, extensions, obligations, versions
from profminimum.plan.services.obligations import Answer
from profminimum.plan.states import Step
from profminimum.web import clock

if TYPE_CHECKING:
    from collections.abc import Iterable

    from profminimum.config.demo_region import DemoRegion
    from profminimum.orgs.models import User
    from profminimum.plan.models import PlanVersion

UPLOADED: Final = date(2023, 9, 11)
_SEED: Final = 1264
_PAST: Final = {  # row → what the ministry decided on its date before the signature
    "1": (Wording.Past.DONE, None, "Приказы министерства и координатора изданы до подписания распоряжения."),
    "2": (Wording.Past.COUNT, 14, "Срок отсчитан от подписания: школы получили распоряжение 11 сентября."),
    "3": (Wording.Past.DONE, None, "Рабочая группа создана в августе."),
    "4": (Wording.Past.COUNT, 14, "Перечень утверждается по предложениям школ, поступившим после подписания."),
    "10": (Wording.Past.COUNT, 21, "Мониторинг готовности проводится после назначения ответственных."),
}
_SHOWN: Final = {  # (organisation, row) → what those who look at the demo find there: returned, late, to be checked
    ("ОО-0801", "2"): (("2023-09-20", "report"), ("2023-12-01", "return")),
    ("ОО-0803", "2"): (),
    ("ОО-0110", "2"): (("2023-09-21", "report"), ("2023-11-29", "return")),
    ("ОО-0110", "9"): (("2023-11-30", "report"),),
    ("ОО-0802", "9"): (("2023-11-29", "report"),),
    ("ОО-0804", "9"): (("2023-11-30", "report"),),
    ("ОО-0805", "2"): (("2023-12-01", "report"),),
    ("МОУО-17", "2"): (("2023-09-20", "ask"),),
}
_REMARKS: Final = (
    "В скане нет второй страницы. Приложите приказ целиком.",
    "В приказе не названа должность ответственного.",
    "Приложен приказ прошлого учебного года. Нужен приказ на 2023/2024 учебный год.",
)


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=timezone.get_current_timezone())


def _moment(day: date, dice: random.Random) -> datetime:
    """A working hour of that day in the region."""
    return _at(day, time(dice.randint(9, 17), dice.randint(0, 59)))


def build_plan(demo: DemoRegion) -> None:
    """Adopt the decree on 11 September 2023 and live until the clock's today."""
    ministry = demo.users["ministry"]
    at = _at(UPLOADED, time(10))
    with clock.at(at), translation.override("ru"):
        data = resources.files("profminimum.config").joinpath("demo", "decree.docx").read_bytes()
        upload = Upload("Распоряжение 3.12-1264-р.docx", data)
        version = versions.upload(upload, region=demo.region, by=ministry, at=at)
        _review(version, ministry, at)
        adoption.adopt(version, by=ministry, at=at)
    with translation.override("ru"):
        _Year(demo).live()


def _review(version: PlanVersion, by: User, at: datetime) -> None:
    """What a ministry officer decides on the doubts, the dates before the signature and the schedule of row 8."""
    for wording in version.wordings.all():
        if wording.number in _PAST:
            past, days, reason = _PAST[wording.number]
            versions.decide_past(wording, past=past, days=days, reason=reason, by=by, at=at)
        if wording.number == "8" and version.end:
            versions.correct(
                wording,
                changes={"due": version.end, "occurrences": [version.end.isoformat()]},
                reason="Мероприятия идут по графику весь год: контрольная дата — конец плана.",
                by=by,
                at=at,
            )
    for finding in version.findings.exclude(severity="info"):
        take = finding.code == "due-outside-plan" and finding.proposal
        versions.decide_finding(
            finding,
            decision=Finding.Decision.ACCEPTED if take else Finding.Decision.KEPT,
            reason="Дорожная карта на следующий год нужна до его начала: опечатка в годе."
            if take
            else "Проверено: на исполнение не влияет.",
            by=by,
            at=at,
        )


class _Year:
    """Lives the obligations from September to the clock's today, day by day of each organisation."""

    def __init__(self, demo: DemoRegion) -> None:
        self.demo = demo
        self.today = clock.today()
        self.dice = random.Random(_SEED)  # noqa: S311 - invented answers, the same in every demo
        self.people = people_of(demo)
        self.paper = [_paper(number) for number in range(1, 9)]

    def live(self) -> None:
        """Steps in the order of time, so that the journal reads as it would have been written."""
        steps: list[tuple[datetime, int, str]] = []
        rows = Obligation.objects.filter(plan__region=self.demo.region).select_related("measure", "organisation")
        known = {obligation.pk: obligation for obligation in rows.order_by("pk")}
        for obligation in known.values():
            steps.extend(self._story(obligation))
        for moment, key, what in sorted(steps):
            if moment <= clock.now():
                with clock.at(moment):
                    self._do(known[key], what, moment)

    def _story(self, obligation: Obligation) -> Iterable[tuple[datetime, int, str]]:
        """(moment, obligation, what) for one obligation; rows 6 and 7 are still ahead, row 12 is due today."""
        number, kind, key = obligation.measure.number, obligation.organisation.kind, obligation.pk
        due = obligation.original_due
        local = kind in {Kind.SCHOOL, Kind.AUTHORITY}
        if number in {"1", "3", "12"} or due is None or (number == "11" and kind == Kind.MINISTRY):
            return
        shown = _SHOWN.get((obligation.organisation.code, number))
        if shown is not None:
            yield from ((_moment(date.fromisoformat(day), self.dice), key, what) for day, what in shown)
        elif number in {"8", "9"}:
            if local and self.dice.random() < (0.42 if number == "9" else 0.12):
                day = UPLOADED + timedelta(days=self.dice.randint(20, 81))
                yield from self._answered(key, day, wait=self.dice.randint(1, 12))
        elif local:
            yield from self._appointed(key, due)
        else:
            yield from self._answered(key, due - timedelta(days=self.dice.randint(0, 4)), wait=3)

    def _appointed(self, key: int, due: date) -> Iterable[tuple[datetime, int, str]]:
        """Row 2 in schools and authorities: most in time, some late, some returned, some silent."""
        dice, luck = self.dice, self.dice.random()
        if luck < 0.83:
            yield from self._answered(key, due - timedelta(days=dice.randint(0, 9)), wait=dice.randint(1, 6))
        elif luck < 0.90:
            yield from self._answered(key, due + timedelta(days=dice.randint(1, 25)), wait=dice.randint(1, 6))
        elif luck < 0.95:
            first = due - timedelta(days=dice.randint(0, 5))
            yield _moment(first, dice), key, "report"
            yield _moment(first + timedelta(days=3), dice), key, "return"
            if luck < 0.93:
                yield from self._answered(key, first + timedelta(days=9), wait=3)
        elif luck < 0.97:
            yield _moment(self.today - timedelta(days=dice.randint(1, 6)), dice), key, "report"
        elif luck < 0.985:
            yield _moment(due - timedelta(days=2), dice), key, "ask"

    def _answered(self, key: int, day: date, *, wait: int) -> Iterable[tuple[datetime, int, str]]:
        yield _moment(max(day, UPLOADED + timedelta(days=1)), self.dice), key, "report"
        yield _moment(max(day, UPLOADED + timedelta(days=1)) + timedelta(days=wait), self.dice), key, "accept"

    def _do(self, obligation: Obligation, what: str, at: datetime) -> None:
        author = self.people[obligation.organisation_id]
        if what == "report":
            obligations.report(obligation, self._answer(obligation, at), by=author, at=at)
        elif what == "ask":
            due = Standing.objects.at().get(obligation=obligation).due or self.today
            extensions.request(
                obligation,
                new_due=due + timedelta(days=90),
                reason="Ответственный на курсах повышения квалификации, приказ будет издан после возвращения.",
                by=author,
                at=at,
            )
        else:
            step, reason = (Step.ACCEPT, "") if what == "accept" else (Step.RETURN, self.dice.choice(_REMARKS))
            obligations.decide([obligation.pk], step, by=self._reviewer(obligation), at=at, reason=reason)

    def _answer(self, obligation: Obligation, at: datetime) -> Answer:
        number = self.dice.randint(12, 240)
        if obligation.measure.number in {"8", "9"}:
            comment = (
                "Обучение прошли два педагога."
                if obligation.measure.number == "9"
                else "Опыт представлен на семинаре."
            )
            return Answer(comment=comment, files=(Upload("Справка.docx", self.dice.choice(self.paper)),))
        name = f"Приказ № {number}-ОД.docx"
        signed = timezone.localdate(at) - timedelta(days=self.dice.randint(0, 3))
        return Answer(
            act_kind="приказ",
            act_number=f"{number}-ОД",
            act_date=signed,
            files=(Upload(name, self.dice.choice(self.paper)),),
        )

    def _reviewer(self, obligation: Obligation) -> User:
        """The authority's officer for a municipal school, else the ministry's; the controller for the ministry."""
        reviewer = Standing.objects.at().get(obligation=obligation).reviewer_id
        if obligation.organisation.kind == Kind.MINISTRY:
            return self.demo.users["controller"]
        person = self.people[reviewer]
        return person if access.can(person, "obligation.review", obligation) else self.demo.users["ministry"]


def people_of(demo: DemoRegion) -> dict[int, User]:
    """Who answers for each organisation: its first officer, by the id of the organisation."""
    roles = (Role.MINISTRY, Role.COORDINATOR, Role.INSTITUTE, Role.MUNICIPAL, Role.SCHOOL)
    found: dict[int, User] = {}
    seated = Membership.objects.filter(organisation__region=demo.region, role__in=roles).select_related("user")
    users: dict[int, User] = {}
    for membership in seated.order_by("pk"):
        user = users.setdefault(membership.user_id, membership.user)
        found.setdefault(membership.organisation_id, user)
    return found


def _paper(number: int) -> bytes:
    """A page that says what it is: a sample, no document of anybody."""
    paper = docx.Document()
    paper.add_heading("Образец документа", level=1)
    paper.add_paragraph("Показательные данные: этот файл стоит на месте документа, который приложила бы организация.")
    paper.add_paragraph(f"Лист {number}.")
    out = BytesIO()
    paper.save(out)
    return out.getvalue()

"""Waves of the tests: a small form with a bit of everything, published and asked in the small region."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from decrees import adopted
from profminimum.monitoring.models import Form, FormVersion, Submission, Wave
from profminimum.monitoring.schema.loading import dump, item
from profminimum.monitoring.schema.model import Check, Choice, Definition, Kind, Severity, Source, Summary
from profminimum.monitoring.schema.rules import Names, compile_rule
from profminimum.monitoring.services import campaigns, waves
from profminimum.plan.models import Measure

if TYPE_CHECKING:
    from factories import SmallRegion
    from people import People
    from profminimum.monitoring.models import Campaign

ZONE = ZoneInfo("Asia/Sakhalin")
OPENED = datetime(2023, 11, 20, 9, 0, tzinfo=ZONE)
GRADES = ("g6", "g7")
NAMES = Names(
    {
        "pupils",
        "covered",
        "order",
        "has_order",
        "level",
        "comment",
        "leader",
        "grades",
        "all",
        "part",
        "share",
        "events",
        "event",
        "people",
    },
    {"grades": (set(GRADES), {"all", "part"})},
)
ANSWERS: dict[str, Any] = {
    "pupils": 100,
    "covered": 90,
    "has_order": True,
    "order": "12-ОД",
    "level": "main",
    "leader": {"name": "Иванова Анна Петровна", "post": "заместитель директора", "phone": "+7 4242 12-34-56"},
    "grades": {"g6": {"all": 50, "part": 45}, "g7": {"all": 50, "part": 45}},
}


def words(ru: str, en: str = "") -> dict[str, str]:
    return {"ru": ru, "en": en or ru}


def rule(text: str) -> Any:
    return compile_rule(text, NAMES)


def definition(title: str = "Мониторинг готовности") -> Definition:
    """Two sections: figures with sources, a limit, an error and a warning; a level, a person, a table, a repeat."""
    more = Check(rule("${covered} <= ${pupils}"), words("Охвачено больше, чем обучается."), Severity.ERROR)
    jump = Check(
        rule("${last.covered} = '' or . <= ${last.covered} * 2"), words("Рост больше чем вдвое."), Severity.WARNING
    )
    inside = Check(rule("${part} <= ${all}"), words("Охвачено больше, чем в классе."), Severity.ERROR)
    figures = item(
        Kind.GROUP,
        "figures",
        words("Показатели", "Figures"),
        items=(
            item(
                Kind.INTEGER,
                "pupils",
                words("Число обучающихся 6–11 классов", "Pupils of grades 6–11"),
                required=True,
                least=0,
                most=5000,
                source=Source("registry", "pupils"),
                summary=Summary.SUM,
            ),
            item(
                Kind.INTEGER,
                "covered",
                words("Охвачено профминимумом", "Covered"),
                required=True,
                least=0,
                checks=(more, jump),
                source=Source("last", "covered"),
                summary=Summary.SUM,
            ),
            item(
                Kind.CALCULATED,
                "share",
                words("Доля охвата, %", "Share, %"),
                calculation=rule("round(${covered} * 100 div ${pupils}, 1)"),
                summary=Summary.MEDIAN,
            ),
            item(
                Kind.TABLE,
                "grades",
                words("Классы", "Grades"),
                rows=tuple(Choice(name, words(f"{name[1:]} класс", f"grade {name[1:]}"), {}) for name in GRADES),
                items=(
                    item(Kind.INTEGER, "all", words("обучается", "pupils"), least=0, summary=Summary.SUM),
                    item(
                        Kind.INTEGER,
                        "part",
                        words("охвачено", "covered"),
                        least=0,
                        checks=(inside,),
                        summary=Summary.SUM,
                    ),
                ),
            ),
        ),
    )
    papers = item(
        Kind.GROUP,
        "papers",
        words("Документы", "Documents"),
        items=(
            item(
                Kind.YESNO,
                "has_order",
                words("Издан приказ", "There is an order"),
                required=True,
                summary=Summary.SHARE,
            ),
            item(
                Kind.TEXT,
                "order",
                words("Номер приказа", "Number of the order"),
                required=True,
                relevant=rule("${has_order} = true()"),
                register="responsible.act_number",
            ),
            item(
                Kind.PERSON,
                "leader",
                words("Ответственное лицо", "Responsible person"),
                required=True,
                register="responsible.person",
                source=Source("register", "responsible.person"),
            ),
            item(
                Kind.ONE,
                "level",
                words("Уровень", "Level"),
                choices=(Choice("base", words("базовый"), {}), Choice("main", words("основной"), {})),
                register="level.level",
                summary=Summary.SHARE,
            ),
            item(
                Kind.REPEAT,
                "events",
                words("Мероприятия", "Events"),
                items=(
                    item(Kind.TEXT, "event", words("название", "name"), required=True),
                    item(Kind.INTEGER, "people", words("участников", "people"), least=0, summary=Summary.SUM),
                ),
            ),
            item(Kind.LONG, "comment", words("Примечание", "Comment")),
        ),
    )
    return Definition("readiness", words(title), (figures, papers), (), {})


def published(region: SmallRegion, people: People, made: Definition | None = None) -> FormVersion:
    """A published version, put there as the services of forms would."""
    made = made or definition()
    form, _new = Form.objects.get_or_create(
        region=region.region, name=made.name, defaults={"title": made.title["ru"], "created": OPENED}
    )
    return FormVersion.objects.create(
        form=form,
        number=form.versions.count() + 1,
        state="published",
        title=made.title["ru"],
        definition=dump(made),
        fields=9,
        minutes=5,
        uploaded=OPENED,
        uploaded_by=people.coordinator,
        published=OPENED,
        published_by=people.coordinator,
    )


def campaign(
    region: SmallRegion, people: People, *, number: str = "11", made: Definition | None = None, **details: Any
) -> Campaign:
    """A campaign for that row of the seed, which is adopted when it is not."""
    measure = Measure.objects.filter(number=number, plan__region=region.region).first()
    if measure is None:
        adopted(region, people)
        measure = Measure.objects.get(number=number, plan__region=region.region)
    version = published(region, people, made)
    given = campaigns.Details(**{"title": "Мониторинг готовности", "author_id": region.coordinator.pk, **details})
    return campaigns.create(measure, version.form, given, by=people.coordinator, at=OPENED)


def planned(
    campaign: Campaign, people: People, *, due: date = date(2023, 12, 4), reason: str = "пробный сбор"
) -> Wave:
    """A wave outside the dates of the plan."""
    dates = waves.Dates(OPENED.date(), due, date(2023, 12, 11))
    return waves.plan_wave(
        campaign, None, dates, title=f"{campaign.title}, волна", reason=reason, by=people.coordinator, at=OPENED
    )


def opened_wave(region: SmallRegion, people: People, *, due: date = date(2023, 12, 4), **details: Any) -> Wave:
    """An open wave: five schools answer (the branch does not); authorities check, the coordinator accepts."""
    wave = planned(campaign(region, people, **details), people, due=due)
    return waves.open_wave(wave, by=people.coordinator, at=OPENED)


def answer_of(wave: Wave, organisation: Any) -> Submission:
    return Submission.objects.select_related("wave__campaign").get(wave=wave, organisation=organisation)

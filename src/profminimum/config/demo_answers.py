"""What do the schools of the demonstration answer? Invented, the same in every demo, and such as the forms accept."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

SHARE: Final = 0.46  # of a school's pupils are in grades 6 to 11
FORMATS: Final = {  # hours planned by level
    "base": (34, 4, 0, 0, 2, 0),
    "main": (34, 9, 12, 3, 2, 0),
    "advanced": (34, 11, 18, 3, 2, 12),
}
PRACTICES: Final = (
    "Дни открытых дверей у партнёров: семиклассники попробовали себя в трёх профессиях порта.",
    "Клуб «Профессии острова»: выпускники школы рассказывают о работе, родители ведут мастерские.",
    "Совместно с колледжем проведены пробы по сварке и поварскому делу, шесть девятиклассников выбрали поступление.",
    "Классные часы заменены короткими встречами с наставниками предприятий, посещаемость выросла.",
)
EVENTS: Final = (
    ("Областная ярмарка профессий", "regional"),
    ("Муниципальный фестиваль «Путь в профессию»", "municipal"),
    ("Региональный чемпионат «Профессионалы»: экскурсионная программа", "regional"),
    ("Встреча с предприятиями района", "municipal"),
)


def dice(*key: object) -> random.Random:
    """Chance that is the same in every demo for the same school and wave."""
    return random.Random(":".join(map(str, key)))  # noqa: S311 - invented answers


def pupils(given: Mapping[str, Any]) -> int:
    """How many pupils of grades 6 to 11 the school has."""
    total = given.get("registry", {}).get("pupils") or 120
    return max(6, round(int(total) * SHARE))


def level(code: str) -> str:
    """At which level the school works."""
    return dice(code, "level").choices(("base", "main", "advanced"), (62, 30, 8))[0]


def responsible(code: str, given: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The person and the order; `name` of the person who signs in for the organisation."""
    chance = dice(code, "responsible")
    registry = given.get("registry", {})
    post = "заместитель директора по воспитательной работе"
    if registry.get("kind") == "authority":
        post = "ведущий специалист отдела общего образования"
    person = {"name": name, "post": post}
    for part in ("phone", "email"):
        if registry.get(part):
            person[part] = registry[part]
    return {
        "responsible": person,
        "act_number": f"{chance.randint(40, 290)}-ОД",
        "act_date": f"2023-09-{chance.randint(4, 12):02}",
    }


def level_chosen(code: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The level with its hours."""
    chance, chosen = dice(code, "hours"), level(code)
    extra, lessons, practice, additional, parents, profile = FORMATS[chosen]
    return {
        "level": chosen,
        "grade_pupils": pupils(given),
        "h_extra": extra,
        "h_lessons": lessons + chance.randint(0, 2),
        "h_parents": parents,
        "h_practice": practice + chance.randint(0, 3),
        "h_additional": additional,
        "h_profile": profile,
        "act_number": f"{chance.randint(40, 290)}-ОД",
        "act_date": f"2023-09-{chance.randint(4, 12):02}",
    }


def readiness(code: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Most are ready; small schools lack partners and trained teachers."""
    chance, count = dice(code, "readiness"), pupils(given)
    small = count < 70
    leaders = max(2, count // 22)
    answers: dict[str, Any] = {
        "order": True,
        "order_doc": f"приказ от 0{chance.randint(1, 9)}.09.2023 № {chance.randint(40, 290)}-ОД",
        "plan": chance.random() < 0.93,
        "level_chosen": True,
        "level_now": level(code),
        "self": chance.choices(("ready", "partly", "not"), (55, 40, 5) if small else (78, 21, 1))[0],
        "in_plan": True,
        "course_hours": 34.0,
        "in_timetable": chance.random() < 0.96,
        "leaders": leaders,
        "leaders_trained": min(leaders, round(leaders * chance.uniform(0.2, 1.0))),
        "pupils_611": count,
        "pupils_will": round(count * chance.uniform(0.82, 1.0)),
        "parents": chance.random() < 0.9,
        "ovz": chance.random() < 0.75,
        "bvb": chance.random() < (0.7 if small else 0.92),
        "partners": chance.randint(0, 2) if small else chance.randint(1, 9),
    }
    if answers["plan"]:
        answers["plan_doc"] = f"приказ от 0{chance.randint(1, 9)}.09.2023 № {chance.randint(40, 290)}-ОД"
    if answers["self"] != "ready":
        answers["lacks"] = sorted(chance.sample(("teachers", "rooms", "net", "partners", "method"), 2))
    return answers


def effectiveness(code: str, given: Mapping[str, Any], wave: int) -> dict[str, Any]:
    """Figures that grow from wave to wave by what a school does at its level."""
    chance, count, chosen = dice(code, "effect", wave), pupils(given), level(code)
    coverage = {"base": 0.72, "main": 0.84, "advanced": 0.93}[chosen] + 0.05 * (wave - 1)
    grades: dict[str, dict[str, int]] = {}
    left = count
    for number in range(6, 12):
        here = left if number == 11 else min(left, max(0, round(count / 6 * chance.uniform(0.8, 1.25))))
        covered = min(here, round(here * min(1.0, coverage * chance.uniform(0.92, 1.06))))
        grades[f"g{number}"] = {"all": here, "covered": covered, "ovz": min(covered, round(covered * 0.07))}
        left -= here
    covered_all = sum(row["covered"] for row in grades.values())
    done = 0.18 if wave == 1 else 0.42
    names = ("f_extra", "f_lessons", "f_practice", "f_additional", "f_parents", "f_profile")
    formats = {
        name: {"planned": float(hours), "given": round(hours * done * chance.uniform(0.8, 1.2), 1)}
        for name, hours in zip(names, FORMATS[chosen], strict=True)
    }
    excursions = chance.randint(0, 2) + wave
    trials = chance.randint(0, 2) + (wave if chosen != "base" else 0)
    diagnosed = round(covered_all * min(0.95, 0.3 * wave * chance.uniform(0.8, 1.2)))
    classes = 1 if chosen == "advanced" and count > 100 else 0
    meetings = chance.randint(1, 2) + wave
    return {
        "grades": grades,
        "formats": formats,
        "diagnostics": diagnosed,
        "recommendations": round(diagnosed * chance.uniform(0.6, 1.0)),
        "excursions": excursions,
        "excursion_pupils": excursions * chance.randint(8, 24),
        "trials": trials,
        "trial_pupils": trials * chance.randint(5, 15),
        "meetings": meetings,
        "parents_in": meetings * chance.randint(8, 30),
        "trained": max(1, round(count / 40 * wave * chance.uniform(0.7, 1.3))),
        "partners": chance.randint(1, 6),
        "profile_classes": classes,
        "profile_pupils": classes * chance.randint(12, 24),
        "practice": chance.choice(PRACTICES),
    }


def explained(places: list[str]) -> dict[str, str]:
    """What a school writes where the form warns."""
    said = {
        "": "В реестре указана численность на начало прошлого года, у нас открыты новые классы.",
        "partners": "Соглашения перезаключены осенью.",
    }
    usual = "Данные проверены: мероприятия проведены в этом периоде, подтверждаются журналом."
    return {place: said.get(place, usual) for place in places}

"""Which doubts about the answers of a wave are there for a person, and which of them may that person settle?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, Exists, F, OuterRef, Q

from profminimum.monitoring import definitions
from profminimum.monitoring.models import FollowUp, Submission
from profminimum.monitoring.queries import answered
from profminimum.monitoring.schema.saying import label
from profminimum.monitoring.services.follow_ups import may_settle
from profminimum.orgs import queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from django.db.models import QuerySet

    from profminimum.monitoring.models import Wave
    from profminimum.orgs.models import User

MANY: Final = 500  # doubts that are settled at once


@dataclass(frozen=True, slots=True)
class Ask:
    """The filter in the address. `settled`: "" for the open ones, «yes», «all»."""

    code: str = ""
    unit: int | None = None
    place: str = ""
    settled: str = ""


def read(params: Mapping[str, str]) -> Ask:
    """The filter of an address; what makes no sense is as if not given."""
    unit = params.get("unit", "")
    return Ask(
        code=params["code"] if params.get("code") in FollowUp.Code.values else "",
        unit=int(unit) if unit.isdecimal() and unit.isascii() and len(unit) < 16 else None,
        place=params.get("place", "")[:200],
        settled=params["settled"] if params.get("settled") in {"yes", "all"} else "",
    )


def visible(user: User, wave: Wave) -> QuerySet[FollowUp]:
    """The doubts about answers in force that the person sees."""
    seen = Submission.objects.visible_to(user).filter(pk=OuterRef("submission"), number=OuterRef("number"))
    return FollowUp.objects.filter(Exists(seen), wave=wave)


def narrowed(found: QuerySet[FollowUp], ask: Ask, *, by_code: bool = True) -> QuerySet[FollowUp]:
    """What the filter asks for; without `by_code` for the figures on the tabs."""
    if ask.code and by_code:
        found = found.filter(code=ask.code)
    if ask.unit:
        found = found.filter(submission__unit=ask.unit)
    if ask.place:
        found = found.filter(place=ask.place)
    if ask.settled != "all":
        found = found.filter(settled__isnull=ask.settled != "yes")
    return found


def counted(found: QuerySet[FollowUp]) -> dict[str, int]:
    """How many of each code and in all («»). One query."""
    figures = found.aggregate(
        all=Count("pk"), **{code: Count("pk", filter=Q(code=code)) for code in FollowUp.Code.values}
    )
    return {"": figures.pop("all"), **figures}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list."""

    doubt: FollowUp
    organisation: str
    unit: str
    where: str
    mine: bool  # may the person settle it?


def ordered(found: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
    """The open ones first, the farthest off above."""
    return found.select_related("submission", "settled_by").order_by(
        F("settled").asc(nulls_first=True), "-weight", "pk"
    )


def rows(found: Iterable[FollowUp], wave: Wave, user: User, today: date, language: str) -> list[Row]:
    """The lines of a page. One query for the names."""
    found = list(found)
    answers = [one.submission for one in found]
    known = queries.known({row.organisation_id for row in answers} | {row.unit_id for row in answers}, today)
    form = definitions.definition(wave.version_id or 0) if found else None

    def name(key: int) -> str:
        return known[key].short_name if key in known else "—"

    return [
        Row(
            one,
            name(one.submission.organisation_id),
            queries.unit_beside(one.submission.organisation_id, one.submission.unit_id, known),
            label(form, one.place, language) if form else one.place,
            one.settled is None and bool(may_settle(user, one, _path(known, one.submission.organisation_id))),
        )
        for one in found
    ]


def _path(known: Mapping[int, Any], key: int) -> str:
    return known[key].path if key in known else ""


def choices(
    found: QuerySet[FollowUp], wave: Wave, today: date, language: str
) -> tuple[list[tuple[int, str]], list[tuple[str, str]]]:
    """(municipalities, fields) with doubts, for the filter; none where there is nothing to choose. Two queries."""
    pairs = set(found.order_by().values_list("submission__unit", "place").distinct())
    units = {unit for unit, _place in pairs}
    places = {place for _unit, place in pairs}
    names = queries.unit_names(units, today, answered.asked_kind(wave)) if len(units) > 1 else {}
    form = definitions.definition(wave.version_id or 0) if len(places) > 1 else None
    labelled = (
        sorted(((place, label(form, place, language)) for place in places), key=lambda one: one[1]) if form else []
    )
    return list(names.items()), labelled

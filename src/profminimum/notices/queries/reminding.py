"""Whom would a reminder reach? What a person has chosen, the people who answer for it, and what each of them owes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from profminimum.monitoring.models import Submission
from profminimum.monitoring.states import EDITABLE
from profminimum.notices.queries.people import staff
from profminimum.orgs import queries
from profminimum.orgs.models import User
from profminimum.orgs.services.states import chunks
from profminimum.plan.models import Standing
from profminimum.web import clock

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from django.http import QueryDict

MOST: Final = 2000  # obligations of one reminder


@dataclass(slots=True)
class Addressee:
    """One letter: a person, or an organisation's own address when nobody there signs in; with all that is owed."""

    address: str
    name: str
    user: User | None
    rows: list[Standing] = field(default_factory=list)
    places: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Reach:
    """`rows` is what is reminded of, `silent` the organisations that no letter reaches."""

    rows: list[Standing]
    addressees: list[Addressee]
    silent: list[str]
    names: dict[int, str]
    answers: dict[int, int]  # obligation → answer that fulfils it

    @property
    def organisations(self) -> int:
        return len({row.organisation_id for row in self.rows})


def asked(params: QueryDict) -> list[int]:
    """The obligations that an address names: `obligation`, or `wave`, or `plan`, narrowed by `organisation`.

    A wave stands for its answers that have not been sent; a plan, and an organisation alone, for what is overdue.
    """
    ids = _numbers(params.getlist("obligation"))
    places = _numbers(params.getlist("organisation"))
    waves, plans = _numbers(params.getlist("wave")), _numbers(params.getlist("plan"))
    if waves:
        rows = Submission.objects.filter(wave__in=waves, state__in=[state.value for state in EDITABLE])
        if places:
            rows = rows.filter(organisation__in=places)
        ids += [pk for pk in rows.values_list("obligation_id", flat=True)[:MOST] if pk]
    elif plans or places:
        late = Standing.objects.at().overdue(clock.today())
        late = late.filter(plan__in=plans) if plans else late
        late = late.filter(organisation__in=places) if places else late
        ids += late.order_by("due", "pk").values_list("obligation_id", flat=True)[:MOST]
    return list(dict.fromkeys(ids))[:MOST]


def _numbers(texts: Iterable[str]) -> list[int]:
    """What in these is a number; a comma may join several."""
    words = [word for text in texts for word in text.replace(",", " ").split()]
    return [int(word) for word in words if word.isdecimal() and word.isascii() and len(word) < 16]


def reach(ids: Collection[int], user: User, today: date) -> Reach:
    """Those of the obligations that are open and that the person may remind of, with whom a letter reaches."""
    allowed = (
        Standing.objects.visible_to(user, "obligation.review").at().open().select_related("measure", "obligation")
    )
    rows = [row for part in chunks(ids) for row in allowed.filter(obligation__in=part)]
    rows.sort(key=lambda row: (row.due is None, row.due, row.measure.position, row.pk))
    places = {row.organisation_id for row in rows}
    known = queries.known(places, today)
    people = staff(places, "obligation.report", today)
    users = User.objects.in_bulk({pk for ids in people.values() for pk in ids})
    found: dict[str, Addressee] = {}
    silent = []
    for row in rows:
        state = known.get(row.organisation_id)
        name = state.short_name if state else ""
        to = [(users[pk].email, users[pk].full_name, users[pk]) for pk in people.get(row.organisation_id, ())]
        boxes: list[tuple[str, str, User | None]] = [*to] or (
            [(state.email, name, None)] if state and state.email else []
        )
        if not boxes:
            silent.append(name)
        for address, called, person in boxes:
            one = found.setdefault(address, Addressee(address, called, person))
            one.rows.append(row)
            if name not in one.places:
                one.places.append(name)
    answers = dict(Submission.objects.filter(obligation__in=ids).values_list("obligation_id", "pk"))
    names = {place: state.short_name for place, state in known.items()}
    return Reach(rows, list(found.values()), list(dict.fromkeys(silent)), names, answers)

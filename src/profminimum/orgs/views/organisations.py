"""Which organisations are there, as of a day? The list by municipality and by name, its export, a card of each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from profminimum.journal.queries import story
from profminimum.orgs import access, cards, queries, registry_book
from profminimum.orgs.forms import Filter, day_asked
from profminimum.orgs.models import Kind, Membership, Organisation
from profminimum.orgs.views import place
from profminimum.web import clock
from profminimum.web.http import page_or_fragment, paginate
from profminimum.web.sheets import XLSX

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django.http import HttpRequest

    from profminimum.orgs.querysets import OrganisationQuerySet

EXPORT_LIMIT = 50_000
STORY = 12  # the last acts on the card; the journal has them all
_MANY = {
    Kind.AUTHORITY: gettext_lazy("Municipalities"),
    Kind.SCHOOL: gettext_lazy("Schools"),
    Kind.BRANCH: gettext_lazy("Branches"),
}


@dataclass(slots=True)
class Municipality:
    """One line of the summary; `pk` None gathers the schools directly under the ministry."""

    pk: int | None
    name: str
    sort_key: str
    schools: int = 0
    branches: int = 0
    pupils: int = 0


@dataclass(frozen=True, slots=True)
class Summary:
    rows: list[Municipality]
    bodies: list[Organisation] = field(default_factory=list)

    @property
    def schools(self) -> int:
        return sum(row.schools for row in self.rows)

    @property
    def branches(self) -> int:
        return sum(row.branches for row in self.rows)

    @property
    def pupils(self) -> int:
        return sum(row.pupils for row in self.rows)


@login_required
def organisations(request: HttpRequest) -> HttpResponse:
    """By municipality while nothing is asked for, else the list that fits; `?export=xlsx` gives a spreadsheet."""
    user = place.person(request)
    on = day_asked(request.GET.get("on"))
    seen = Organisation.objects.visible_to(user, on).filter(region=place.seat(request).region_id)
    authorities = [
        (o.pk, o.state.short_name)
        for o in queries.ordered(seen.filter(kind=Kind.AUTHORITY))
        if o.kind == Kind.AUTHORITY
    ]
    form = Filter(request.GET or None, authorities=authorities)
    asked = form.cleaned_data if form.is_valid() else {}
    found = queries.ordered(_filtered(seen, asked))
    if request.GET.get("export") == "xlsx":
        return _export(found, authorities, on)
    context: dict[str, Any] = {
        "form": form,
        "on": on,
        "as_of": on if on != clock.today() else None,
        "can_edit": access.can(user, "organisation.edit", None),
    }
    if any(asked.get(name) for name in ("q", "kind", "authority", "type")) or request.GET.get("view") == "list":
        page = paginate(request, found)
        names = queries.names({o.state.parent_id for o in page if o.state.parent_id}, on)
        context |= {"page": page, "names": names}
        return page_or_fragment(request, "orgs/organisations.html", "orgs/_organisations.html", context)
    context["summary"] = _summary(seen)
    return render(request, "orgs/organisations.html", context)


def _filtered(seen: OrganisationQuerySet, asked: dict[str, Any]) -> OrganisationQuerySet:
    if asked.get("q"):
        seen = seen.search(asked["q"])
    if asked.get("kind"):
        seen = seen.filter(kind=asked["kind"])
    if asked.get("type"):
        seen = seen.filter(Q(state__school_type=asked["type"]))
    if asked.get("authority") == "state":
        return seen.filter(Q(kind=Kind.SCHOOL, state__parent__kind=Kind.MINISTRY))
    if asked.get("authority"):
        return seen.filter(Q(state__path__contains=f"/{int(asked['authority'])}/"))
    return seen


def _summary(seen: OrganisationQuerySet) -> Summary:
    """One query over all that the person sees: counted by the authority in the path."""
    rows: dict[int | None, Municipality] = {}
    bodies: list[Organisation] = []
    schools: list[Organisation] = []
    for organisation in seen:
        if organisation.kind == Kind.AUTHORITY:
            state = organisation.state
            rows[organisation.pk] = Municipality(organisation.pk, state.short_name, state.sort_key)
        elif organisation.kind in (Kind.SCHOOL, Kind.BRANCH):
            schools.append(organisation)
        else:
            bodies.append(organisation)
    for school in schools:
        unit = next((int(step) for step in school.state.path.split("/") if step and int(step) in rows), None)
        row = rows.setdefault(unit, Municipality(None, queries.state_schools(), "яяя"))
        row.schools += school.kind == Kind.SCHOOL
        row.branches += school.kind == Kind.BRANCH
        row.pupils += school.state.pupils or 0
    order = list(Kind)
    return Summary(
        sorted(rows.values(), key=lambda row: row.sort_key),
        sorted(bodies, key=lambda o: (order.index(Kind(o.kind)), o.state.sort_key)),
    )


def _export(found: OrganisationQuerySet, authorities: list[tuple[int, str]], on: date) -> HttpResponse:
    """The schools of the list in the columns of the registry: the file can be corrected and read back."""
    schools = list(found.filter(kind__in=[Kind.SCHOOL, Kind.BRANCH])[:EXPORT_LIMIT])
    parents = {school.state.parent_id for school in schools if school.state.parent_id}
    above = Organisation.objects.as_of(on).in_bulk(parents)
    rows = (registry_book.row_of(school, above.get(school.state.parent_id or 0)) for school in schools)
    content = registry_book.book(rows, authorities=[name for _pk, name in authorities])
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="schools-{on.isoformat()}.xlsx"'
    return response


@login_required
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """The card: names over time, place in the tree, people and contacts by right, successors, what happened."""
    user = place.person(request)
    shown, on, states = place.with_states(request, pk)
    state = shown.state
    above = [int(step) for step in state.path.split("/") if step][:-1]
    taken, given = queries.successions(pk)
    others = {row.predecessor_id for row in taken} | {row.successor_id for row in given}
    history = queries.history(states)
    parents = {row.parent_id for row in history if row.parent_id}
    names = queries.names({*others, *parents, *above}, on)
    kind = str(shown.kind)
    is_closed = shown.closed is not None and shown.closed <= clock.today()

    def may(verb: str) -> access.Decision:
        return access.can_at(user, verb, pk, state.path, kind)

    return render(
        request,
        "orgs/organisation.html",
        {
            "organisation": shown,
            "state": state,
            "on": on,
            "as_of": on if on != clock.today() else None,
            "above": [(step, names.get(step, "")) for step in above],
            "children": _children(user, pk, on) if kind != Kind.BRANCH else [],
            "history": history,
            "names": names,
            "taken": taken,
            "given": given,
            "people": _people(pk, on) if may("person.see") else None,
            "can_edit": may("organisation.edit"),
            "can_invite": may("person.manage") and not is_closed,
            "is_closed": is_closed,
            "story": story(shown)[:STORY] if may("journal.see") else None,
            "sections": cards.sections(user, shown, on),
        },
    )


def _children(user: Any, pk: int, on: date) -> list[tuple[str, list[Organisation]]]:
    """What is directly part of it and seen by the person, by kind."""
    found: dict[str, list[Organisation]] = defaultdict(list)
    for child in queries.ordered(Organisation.objects.visible_to(user, on).filter(Q(state__parent=pk))):
        found[child.kind].append(child)
    return [(str(_MANY.get(Kind(kind)) or Kind(kind).label), found[kind]) for kind in Kind.values if found[kind]]


def _people(pk: int, on: date) -> Iterable[Membership]:
    return Membership.objects.active(on).filter(organisation=pk).select_related("user").order_by("user__full_name")

"""How the spans of timeline.py are read from the table of states and written back, for many organisations at once."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from profminimum.orgs import timeline
from profminimum.orgs.models import Organisation, OrganisationState
from profminimum.orgs.querysets import valid_on
from profminimum.orgs.timeline import Span, Stretch
from profminimum.web.folding import folded

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from django.db.models import Field

DETAILS: Final = ("name", "short_name", "oktmo", "school_type", "pupils", "address", "email", "phone", "act")
STORED: Final = (*DETAILS, "parent_id", "path")
_CHUNK: Final = 5000
_FIELDS: Final[dict[str, Field[Any, Any]]] = {
    field.name: field
    for field in OrganisationState._meta.fields  # noqa: SLF001 - Django's documented model API
    if field.name in DETAILS
}
_NUMBER: Final = re.compile(r"\d+")
_MARKS: Final = re.compile(r"[№«»\"'()\s]+")


def blank() -> dict[str, Any]:
    """The details of an organisation of which nothing is known."""
    return {name: None if name == "pupils" else "" for name in DETAILS}


def sort_key(short_name: str) -> str:
    """The short name as it is sorted: folded, without marks and quotes, numbers padded: № 2 before № 10."""
    plain = _MARKS.sub(" ", folded(short_name)).strip()
    return _NUMBER.sub(lambda found: found.group().zfill(6), plain)[:220]


def cleaned(details: Mapping[str, Any], *, partial: bool = False) -> dict[str, Any]:
    """The details stripped and checked, or ValidationError by field. `partial`: only what is given must be right."""
    errors: dict[str, Any] = {}
    result: dict[str, Any] = {}
    for name, value in details.items():
        given = " ".join(value.split()) if isinstance(value, str) else value
        try:
            result[name] = _FIELDS[name].clean(given, None)
        except ValidationError as error:
            errors[name] = error
    for name in ("name", "short_name"):
        if (not partial or name in details) and not result.get(name) and name not in errors:
            errors[name] = _("The name is empty.")
    if result.get("oktmo") and not re.fullmatch(r"\d{8}|\d{11}", result["oktmo"]):
        errors["oktmo"] = _("OKTMO is 8 or 11 digits.")
    if errors:
        raise ValidationError(errors)
    return result


def chunks(ids: Collection[Any]) -> Iterator[list[Any]]:
    """The ids in parts that every database takes in one statement."""
    listed = list(ids)
    for start in range(0, len(listed), _CHUNK):
        yield listed[start : start + _CHUNK]


def codes_taken(region: int, codes: Collection[str]) -> set[str]:
    return {
        code
        for part in chunks(codes)
        for code in Organisation.objects.filter(region=region, code__in=part).values_list("code", flat=True)
    }


def by_id(ids: Collection[int]) -> dict[int, Organisation]:
    """The organisations by id; ValidationError when one does not exist."""
    found = {pk: o for part in chunks(ids) for pk, o in Organisation.objects.in_bulk(part).items()}
    if len(found) < len(set(ids)):
        raise ValidationError({"parent": _("There is no such organisation.")})
    return found


def spans(ids: Collection[int]) -> dict[int, list[Span]]:
    """The states of these organisations in the order of their dates."""
    result: dict[int, list[Span]] = defaultdict(list)
    for part in chunks(ids):
        rows = OrganisationState.objects.filter(organisation__in=part).order_by("organisation", "valid_from")
        for pk, start, stop, *values in rows.values_list("organisation_id", "valid_from", "valid_to", *STORED):
            result[pk].append(Span(start, stop, dict(zip(STORED, values, strict=True))))
    return result


def on(spans_of_one: Iterable[Span], day: date) -> dict[str, Any]:
    """The values that hold on that day, or nothing."""
    return next((dict(span.values) for span in spans_of_one if span.covers(day)), {})


def names(ids: Collection[int], day: date) -> dict[int, str]:
    """Short names on that day."""
    rows = OrganisationState.objects.filter(valid_on(day), organisation__in=ids)
    return dict(rows.values_list("organisation_id", "short_name"))


def name_them(organisations: Iterable[Organisation]) -> None:
    """Give `.state`, their newest one, to those that came without: the journal writes down their names."""
    bare = {organisation.pk: organisation for organisation in organisations if "state" not in organisation.__dict__}
    for part in chunks(bare):
        for row in OrganisationState.objects.filter(organisation__in=part).order_by("valid_from"):
            bare[row.organisation_id].state = row


def last_name(pk: int) -> str:
    row = OrganisationState.objects.filter(organisation=pk).order_by("-valid_from").first()
    return row.short_name if row else str(pk)


def paths(ids: Collection[int]) -> dict[int, list[Stretch]]:
    """The path over time of each of these organisations."""
    return {pk: timeline.stretches(found) for pk, found in spans(ids).items()}


def create(rows: Sequence[tuple[Organisation, dict[str, Any]]], parents: Mapping[int, Sequence[Stretch]]) -> None:
    """The first states of new organisations, which afterwards carry the newest one as `state`."""
    fresh = []
    for organisation, values in rows:
        first = [Span(organisation.opened, None, {**values, "path": ""})]
        for span in timeline.ripple(organisation.pk, first, parents):
            state = _state(organisation.pk, span)
            organisation.state = state
            fresh.append(state)
    OrganisationState.objects.bulk_create(fresh, batch_size=500)


def replant(pk: int, day: date, changes: Mapping[str, Any]) -> None:
    """Change the parent from `day` on and give everything below its new path from that day."""
    old = spans({pk})
    new = {pk: timeline.put(old[pk], day, changes)}
    while new:
        parents = {span.values["parent_id"] for found in new.values() for span in found} - {None}
        above = paths(parents)
        rippled = {one: timeline.ripple(one, found, above) for one, found in new.items()}
        write(old, rippled)
        moved = [one for one in rippled if timeline.stretches(rippled[one]) != timeline.stretches(old[one])]
        below = set(OrganisationState.objects.filter(parent__in=moved).values_list("organisation_id", flat=True))
        old = spans(below)
        new = dict(old)


def write(old: Mapping[int, Sequence[Span]], new: Mapping[int, Sequence[Span]]) -> None:
    """Store the spans that differ: a span that begins on a known day is updated, another one is added."""
    fresh: list[OrganisationState] = []
    changed: dict[tuple[int, date], Span] = {}
    for pk, after in new.items():
        before = {span.start: span for span in old[pk]}
        for span in after:
            if span.start not in before:
                fresh.append(_state(pk, span))
            elif before[span.start] != span:
                changed[pk, span.start] = span
    _update(changed)
    OrganisationState.objects.bulk_create(fresh, batch_size=500)


def _update(changed: Mapping[tuple[int, date], Span]) -> None:
    """Those that only end now, by day of their end in one statement each; the others in batches."""
    updates: list[OrganisationState] = []
    ended: dict[date | None, list[int]] = defaultdict(list)
    for part in chunks({pk for pk, _start in changed}):
        for row in OrganisationState.objects.filter(organisation__in=part):
            key = (row.organisation_id, row.valid_from)
            if key not in changed:
                continue
            if all(getattr(row, name) == value for name, value in changed[key].values.items()):
                ended[changed[key].end].append(row.pk)
            else:
                _fill(row, changed[key])
                updates.append(row)
    for stop, rows in ended.items():
        for part in chunks(rows):
            OrganisationState.objects.filter(pk__in=part).update(valid_to=stop)
    OrganisationState.objects.bulk_update(updates, ["valid_to", *STORED, "search", "sort_key"], batch_size=50)


def _state(pk: int, span: Span) -> OrganisationState:
    row = OrganisationState(organisation_id=pk, valid_from=span.start)
    _fill(row, span)
    return row


def _fill(row: OrganisationState, span: Span) -> None:
    row.valid_to = span.end
    for name, value in span.values.items():
        setattr(row, name, value)
    row.search = folded(f"{row.name} {row.short_name}")[:900]
    row.sort_key = sort_key(row.short_name)

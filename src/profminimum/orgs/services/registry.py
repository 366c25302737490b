"""What would a registry file change, and how it is applied: all of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from profminimum.journal import services as journal
from profminimum.orgs import access, registry
from profminimum.orgs.models import Kind, Organisation, OrganisationState, RegistryUpload
from profminimum.orgs.querysets import valid_on
from profminimum.orgs.registry import Mistake, Row
from profminimum.orgs.services import organisations, states
from profminimum.orgs.services.organisations import Opening
from profminimum.web.folding import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from profminimum.orgs.models import User
    from profminimum.orgs.services.organisations import Details

_HEADED: Final = frozenset(registry.HEADINGS)


@dataclass(frozen=True, slots=True)
class Change:
    """A school that exists: what is new about it, as (heading, before, after)."""

    row: int
    organisation: Organisation
    details: Details
    parent: Organisation | None = None
    closed: date | None = None
    shown: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """What the file would do as of `on`; nothing may be applied while there are mistakes."""

    on: date
    openings: list[Opening] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    closings: list[tuple[str, date, str]] = field(default_factory=list)  # code, day, act
    unchanged: int = 0
    absent: int = 0  # schools of the region that the file does not name: they stay as they are
    mistakes: list[Mistake] = field(default_factory=list)
    more_mistakes: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.openings or self.changes or self.closings)


class _Known:
    """The region as it is on the day, by code and by name."""

    def __init__(self, region: Organisation, on: date) -> None:
        self.on = on
        self.by_code = {o.code: o for o in Organisation.objects.filter(region=region).iterator()}
        self.by_id = {o.pk: o for o in self.by_code.values()}
        for o in self.by_id.values():
            o.region = region
        self.values: dict[int, dict[str, Any]] = {}
        self.authorities: dict[str, Organisation | None] = {}
        self.ministry: Organisation | None = None
        # what holds on the day; for those that open later, what holds on their first day
        rows = OrganisationState.objects.filter(organisation__region=region, valid_from__lte=on).filter(
            valid_on(on)
        ) | OrganisationState.objects.filter(organisation__region=region, organisation__opened__gt=on)
        for state in rows.order_by("-valid_from").iterator():
            self._take(state)

    def _take(self, state: OrganisationState) -> None:
        organisation = self.by_id[state.organisation_id]
        organisation.state = state
        self.values[organisation.pk] = {name: getattr(state, name) for name in states.STORED}
        if organisation.kind == Kind.MINISTRY:
            self.ministry = organisation
        elif organisation.kind == Kind.AUTHORITY:
            for word in {folded(state.name), folded(state.short_name)}:
                taken = self.authorities.get(word, organisation)
                self.authorities[word] = organisation if taken is organisation else None

    def authority(self, word: str) -> Organisation | None:
        found = self.by_code.get(word)
        return found if found and found.kind == Kind.AUTHORITY else self.authorities.get(folded(word))


def preview(content: bytes, file_name: str, *, region: Organisation, on: date) -> Preview:
    """What the file would do as of `on`. Writes nothing. UnreadableError when it is no registry at all."""
    reading = registry.read(content, file_name)
    known = _Known(region, on)
    result = Preview(on)
    heads = {row.code for row in reading.rows if not row.head}
    mistakes = list(reading.mistakes)
    wrong_rows = {mistake.row for mistake in mistakes}
    named = set()
    unchanged = 0
    for row in reading.rows:
        named.add(row.code)
        if row.number in wrong_rows:
            continue
        found = _judge(row, known, heads, result)
        mistakes.extend(found)
        unchanged += not found and _is_untouched(row, result)
    schools = {
        o.code for o in known.by_code.values() if o.kind in (Kind.SCHOOL, Kind.BRANCH) and o.pk in known.values
    }
    shown, more = registry.collected(mistakes)
    return Preview(
        on, result.openings, result.changes, result.closings, unchanged, len(schools - named), shown, more
    )  # fmt: skip


def _is_untouched(row: Row, result: Preview) -> bool:
    return not (
        (result.openings and result.openings[-1].code == row.code)
        or (result.changes and result.changes[-1].row == row.number)
        or (result.closings and result.closings[-1][0] == row.code)
    )


def _judge(row: Row, known: _Known, heads: set[str], result: Preview) -> list[Mistake]:
    """Put what the row means into `result`, or say what is wrong with it."""
    mistakes: list[Mistake] = []
    parent = _parent(row, known, heads, mistakes)
    try:
        states.cleaned(row.details, partial=True)
    except ValidationError as error:
        mistakes += [
            Mistake(row.number, name if name in _HEADED else "", " ".join(texts))
            for name, texts in error.message_dict.items()
        ]
    organisation = known.by_code.get(row.code)
    if mistakes:
        return mistakes
    if organisation is not None:
        return _judge_known(row, organisation, parent, known, result)
    if parent is None:
        return mistakes
    kind = Kind.BRANCH if row.head else Kind.SCHOOL
    opened = row.opened or known.on
    if isinstance(parent, Organisation) and parent.opened > opened:
        day = date_format(parent.opened, "SHORT_DATE_FORMAT")
        return [Mistake(row.number, "opened", _("is before its authority was opened (%s).") % day)]
    details: Details = {**row.details}  # type: ignore[typeddict-item]  # the columns are the details
    result.openings.append(
        Opening(kind, row.code, parent.pk if isinstance(parent, Organisation) else parent, opened, details)
    )
    if row.closed:
        result.closings.append((row.code, row.closed, row.details.get("act", "")))
    return mistakes


def _parent(row: Row, known: _Known, heads: set[str], mistakes: list[Mistake]) -> Organisation | str | None:
    """The organisation that the row's school is part of; the code of one that the same file opens; or a mistake."""
    if row.head:
        found = known.by_code.get(row.head)
        if found is not None and found.kind == Kind.SCHOOL:
            return found
        if row.head in heads and found is None:
            return row.head
        mistakes.append(Mistake(row.number, "head", _("there is no school with the code %s.") % row.head))
        return None
    if row.ownership == registry.STATE:
        if known.ministry is None:
            mistakes.append(Mistake(row.number, "ownership", _("the region has no ministry on that day.")))
        return known.ministry
    found = known.authority(row.parent)
    if found is None or found.pk not in known.values:
        mistakes.append(
            Mistake(row.number, "parent", _("there is no authority “%s” in the region on that day.") % row.parent)
        )
        return None
    return found


def _judge_known(
    row: Row, organisation: Organisation, parent: Organisation | str | None, known: _Known, result: Preview
) -> list[Mistake]:
    kind = Kind.BRANCH if row.head else Kind.SCHOOL
    if organisation.kind != kind:
        text = _("the code %(code)s belongs to another kind of organisation (%(kind)s).")
        return [Mistake(row.number, "code", text % {"code": row.code, "kind": Kind(organisation.kind).label})]
    if organisation.closed is not None:
        if row.closed == organisation.closed:
            return []
        day = date_format(organisation.closed, "SHORT_DATE_FORMAT")
        return [Mistake(row.number, "closed", _("the organisation with this code is closed since %s.") % day)]
    if row.opened and row.opened != organisation.opened:
        day = date_format(organisation.opened, "SHORT_DATE_FORMAT")
        return [Mistake(row.number, "opened", _("the organisation was opened on %s. Clear the cell.") % day)]
    values = known.values.get(organisation.pk, {})
    details = {name: value for name, value in row.details.items() if name != "act" and values.get(name) != value}
    moved = isinstance(parent, Organisation) and values.get("parent_id") != parent.pk
    if row.closed:
        result.closings.append((row.code, row.closed, row.details.get("act", "")))
    if details or moved:
        shown = [(registry.HEADINGS[n], _shown(n, values.get(n)), _shown(n, v)) for n, v in details.items()]
        if moved and isinstance(parent, Organisation):
            shown.append(
                (registry.HEADINGS["parent"], _name(known, values.get("parent_id")), _name(known, parent.pk))
            )
        if details:
            details["act"] = row.details.get("act", "")
        new: Details = {**details}  # type: ignore[typeddict-item]  # the columns are the details
        result.changes.append(
            Change(
                row.number,
                organisation,
                new,
                parent if moved and isinstance(parent, Organisation) else None,
                shown=tuple(shown),
            )
        )
    return []


def _shown(name: str, value: Any) -> str:
    if name == "school_type":
        return next((word for word, kind in registry.TYPES.items() if kind == value), "")
    return "" if value is None else str(value)


def _name(known: _Known, pk: int | None) -> str:
    found = known.by_id.get(pk) if pk else None
    return found.state.short_name if found and "state" in found.__dict__ else ""


@transaction.atomic
def import_registry(
    content: bytes, file_name: str, *, region: Organisation, on: date, by: User | None, at: datetime
) -> Preview:
    """Apply the file as of `on`: open, change, move, close; each act journalled, and registry.imported once.

    ValidationError listing all mistakes, and nothing written, while there is one. A file that changes nothing leaves
    no trace.
    """
    if by is not None:
        access.require(by, "organisation.edit", region)
    Organisation.objects.select_for_update().get(pk=region.pk)
    seen = preview(content, file_name, region=region, on=on)
    if seen.mistakes:
        raise ValidationError([str(mistake) for mistake in seen.mistakes])
    if seen.is_empty:
        return seen
    organisations.open_organisations(seen.openings, region=region, by=by, at=at)
    for day, rows in _by_day((max(on, c.organisation.opened), c) for c in seen.changes if c.details).items():
        organisations.change_many([(c.organisation, c.details) for c in rows], on=day, by=by, at=at)
    for change in seen.changes:
        if change.parent is not None:
            day = max(on, change.organisation.opened)
            organisations.move_organisation(change.organisation, change.parent, on=day, by=by, at=at)
    closing = {
        o.code: o for o in Organisation.objects.filter(region=region, code__in=[c for c, _d, _a in seen.closings])
    }
    branches_first = sorted(seen.closings, key=lambda one: closing[one[0]].kind != Kind.BRANCH)
    for code, day, act in branches_first:
        organisations.close_organisation(closing[code], on=day, by=by, at=at, act=act)
    states.name_them([region])
    journal.record(
        "registry.imported",
        region,
        by=by,
        at=at,
        organisation=region.pk,
        after={
            "file": file_name,
            "sha256": sha256(content).hexdigest(),
            "on": on.isoformat(),
            "opened": len(seen.openings),
            "changed": len(seen.changes),
            "closed": len(seen.closings),
        },
    )
    return seen


def _by_day(rows: Iterable[tuple[date, Change]]) -> Mapping[date, list[Change]]:
    result: dict[date, list[Change]] = {}
    for day, change in rows:
        result.setdefault(day, []).append(change)
    return result


@transaction.atomic
def keep_upload(
    content: bytes, file_name: str, *, region: Organisation, on: date, by: User, at: datetime
) -> RegistryUpload:
    """Keep the file between the preview and the decision; an earlier one of the same person is forgotten.

    UnreadableError when it is no registry at all.
    """
    access.require(by, "organisation.edit", region)
    registry.read(content, file_name)
    RegistryUpload.objects.filter(by=by, applied=None).delete()
    return RegistryUpload.objects.create(
        region=region,
        name=file_name[-255:],
        sha256=sha256(content).hexdigest(),
        content=content,
        on=on,
        by=by,
        created=at,
    )


@transaction.atomic
def apply_upload(upload: RegistryUpload, *, by: User, at: datetime) -> Preview:
    """Apply the kept file once, by the person who uploaded it; see import_registry."""
    upload = RegistryUpload.objects.select_for_update().get(pk=upload.pk)
    if upload.by_id != by.pk:
        raise access.DeniedError(_("This file was uploaded by another person."))
    if upload.applied is not None:
        raise ValidationError(_("This file has been applied already."))
    done = import_registry(bytes(upload.content), upload.name, region=upload.region, on=upload.on, by=by, at=at)
    upload.applied = at
    upload.save(update_fields=["applied"])
    return done

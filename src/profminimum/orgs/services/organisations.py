"""How organisations open, change, move, merge and close: every act dated, and nothing that was is lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from profminimum.journal import services as journal
from profminimum.orgs import access, timeline
from profminimum.orgs.models import Kind, Organisation, OrganisationState, Succession
from profminimum.orgs.services import states

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from profminimum.orgs.models import User

UNDER: Final[dict[str, tuple[str, ...]]] = {
    Kind.REGION: (),
    Kind.MINISTRY: (Kind.REGION,),
    Kind.COORDINATOR: (Kind.MINISTRY,),
    Kind.INSTITUTE: (Kind.MINISTRY,),
    Kind.AUTHORITY: (Kind.MINISTRY,),
    Kind.SCHOOL: (Kind.AUTHORITY, Kind.MINISTRY),
    Kind.BRANCH: (Kind.SCHOOL,),
}


class Details(TypedDict, total=False):
    """What can change with time, besides the place in the tree."""

    name: str
    short_name: str
    oktmo: str
    school_type: str
    pupils: int | None
    address: str
    email: str
    phone: str
    act: str


@dataclass(frozen=True, slots=True)
class Opening:
    """An organisation to be opened together with others; `parent` is an id or the code of one opened with it."""

    kind: str
    code: str
    parent: int | str
    opened: date
    details: Details = field(default_factory=Details)


def open_organisation(
    *,
    kind: str,
    code: str,
    region: Organisation | None,
    parent: Organisation | None,
    opened: date,
    by: User | None,
    at: datetime,
    **details: Unpack[Details],
) -> Organisation:
    """A new organisation from `opened` on; journalled as organisation.opened.

    Refused (ValidationError by field): a code that the region has already, a parent of the wrong kind or that does
    not exist on each day from `opened`. A region itself is opened by the system alone.
    """
    if parent is None or region is None:
        if kind != Kind.REGION or by is not None:
            raise ValidationError({"parent": _("Say which organisation it is part of.")})
        return _open_region(code, opened, details, at)
    return open_organisations([Opening(kind, code, parent.pk, opened, details)], region=region, by=by, at=at)[0]


@transaction.atomic
def _open_region(code: str, opened: date, details: Details, at: datetime) -> Organisation:
    organisation = Organisation.objects.create(kind=Kind.REGION, code=code, opened=opened)
    states.create([(organisation, {**states.blank(), **states.cleaned(details), "parent_id": None})], {})
    journal.record("organisation.opened", organisation, by=None, at=at, organisation=organisation.pk)
    return organisation


@transaction.atomic
def open_organisations(
    openings: Sequence[Opening], *, region: Organisation, by: User | None, at: datetime
) -> list[Organisation]:
    """Many new organisations in a constant number of statements per kind, in the order in which they were given.

    As `open_organisation`; a parent may be named by the code of another opening of the same call.
    """
    codes = [opening.code for opening in openings]
    taken = states.codes_taken(region.pk, codes)
    if taken or len(set(codes)) < len(codes):
        twice = sorted(taken) or sorted({code for code in codes if codes.count(code) > 1})
        raise ValidationError({"code": _("The region already has an organisation with the code %s.") % twice[0]})
    made: dict[str, Organisation] = {}
    for kind in UNDER:
        wave = [opening for opening in openings if opening.kind == kind]
        if wave:
            made |= _open_wave(wave, made, region, by)
    journal.record_many(
        "organisation.opened",
        [
            (made[opening.code], made[opening.code].pk, {}, {"opened": opening.opened.isoformat(), **opening.details})
            for opening in openings
        ],
        by=by,
        at=at,
    )
    return [made[code] for code in codes]


def _open_wave(
    wave: Sequence[Opening], made: dict[str, Organisation], region: Organisation, by: User | None
) -> dict[str, Organisation]:
    """Organisations of one kind, whose parents exist or were opened in an earlier wave."""
    missing = [o.parent for o in wave if isinstance(o.parent, str) and o.parent not in made]
    if missing:
        raise ValidationError({"parent": _("There is no organisation with the code %s.") % missing[0]})
    ids = [made[o.parent].pk if isinstance(o.parent, str) else o.parent for o in wave]
    parents = states.by_id(set(ids))
    _check_places([o.kind for o in wave], [parents[pk] for pk in ids], region)
    if by is not None:
        for parent in parents.values():
            access.require(by, "organisation.edit", parent)
    organisations = Organisation.objects.bulk_create(
        [Organisation(kind=o.kind, code=o.code, region=region, opened=o.opened) for o in wave], batch_size=500
    )
    rows = [
        (organisation, {**states.blank(), **states.cleaned(opening.details), "parent_id": parent})
        for organisation, opening, parent in zip(organisations, wave, ids, strict=True)
    ]
    with _told():
        states.create(rows, states.paths(set(ids)))
    return dict(zip([o.code for o in wave], organisations, strict=True))


def _check_places(kinds: Iterable[str], parents: Iterable[Organisation], region: Organisation) -> None:
    for kind, parent in zip(kinds, parents, strict=True):
        if parent.kind not in UNDER[kind] or parent.region_key != region.pk:
            raise ValidationError(
                {
                    "parent": _("%(kind)s cannot be part of %(parent)s: only of %(allowed)s.")
                    % {
                        "kind": Kind(kind).label,
                        "parent": Kind(parent.kind).label,
                        "allowed": ", ".join(str(Kind(k).label) for k in UNDER[kind]),
                    }
                }
            )


@transaction.atomic
def change_organisation(
    organisation: Organisation, *, on: date, by: User | None, at: datetime, **details: Unpack[Details]
) -> bool:
    """From `on` the given details hold; journalled as organisation.changed. False when nothing changes.

    Dated before a later change, it reaches up to the day on which the same detail was changed next. A change on the
    very day on which a state begins corrects that state; the journal keeps what stood there.
    """
    _edit(organisation, by)
    return bool(change_many([(organisation, details)], on=on, by=by, at=at))


@transaction.atomic
def change_organisations(
    rows: Sequence[tuple[Organisation, Details]], *, on: date, by: User | None, at: datetime
) -> list[Organisation]:
    """As `change_organisation`, for many at once; those that changed."""
    if by is not None:
        for organisation, _details in rows:
            access.require(by, "organisation.edit", organisation)
    return change_many(rows, on=on, by=by, at=at)


def change_many(
    rows: Sequence[tuple[Organisation, Details]], *, on: date, by: User | None, at: datetime
) -> list[Organisation]:
    """As `change_organisations`, inside the caller's transaction, in which the right has been checked."""
    spans = states.spans({organisation.pk for organisation, _details in rows})
    states.name_them([organisation for organisation, _details in rows])
    entries, written = [], {}
    for organisation, details in rows:
        changes = {**states.cleaned(details, partial=True)}
        before = states.on(spans[organisation.pk], on)
        with _told(organisation):
            after = timeline.put(spans[organisation.pk], on, changes)
        if after == spans[organisation.pk]:
            continue
        written[organisation.pk] = after
        changed = [name for name, value in changes.items() if before.get(name) != value]
        entries.append(
            (
                organisation,
                organisation.pk,
                {name: before.get(name) for name in changed},
                {"on": on.isoformat(), **{name: changes[name] for name in changed}},
            )
        )
    states.write(spans, written)
    journal.record_many("organisation.changed", entries, by=by, at=at)
    return [entry[0] for entry in entries]


@transaction.atomic
def move_organisation(
    organisation: Organisation,
    new_parent: Organisation,
    *,
    on: date,
    by: User | None,
    at: datetime,
    act: str = "",
) -> bool:
    """From `on` it is part of `new_parent`, with all below it; journalled as organisation.moved.

    The editor needs the right over both places. False when it is part of it already.
    """
    _edit(organisation, by)
    if by is not None:
        access.require(by, "organisation.edit", new_parent)
    return _move(organisation, new_parent, on=on, by=by, at=at, act=act)


def _move(
    organisation: Organisation, new_parent: Organisation, *, on: date, by: User | None, at: datetime, act: str
) -> bool:
    region = organisation.region
    if region is None:
        raise ValidationError({"parent": _("A region is part of nothing.")})
    _check_places([organisation.kind], [new_parent], region)
    with _told(organisation):
        before = states.on(states.spans({organisation.pk})[organisation.pk], on)
        if before.get("parent_id") == new_parent.pk:
            return False
        states.replant(organisation.pk, on, {"parent_id": new_parent.pk, "act": act})
    names = states.names({before["parent_id"], new_parent.pk}, on)
    journal.record(
        "organisation.moved",
        organisation,
        by=by,
        at=at,
        organisation=organisation.pk,
        before={"parent": names.get(before["parent_id"], ""), "parent_id": before["parent_id"]},
        after={
            "on": on.isoformat(),
            "parent": names.get(new_parent.pk, ""),
            "parent_id": new_parent.pk,
            "act": act,
        },
    )
    return True


@transaction.atomic
def close_organisation(
    organisation: Organisation,
    *,
    on: date,
    by: User | None,
    at: datetime,
    successors: Sequence[Organisation] = (),
    how: str = Succession.How.MERGED,
    act: str = "",
) -> bool:
    """From `on` it no longer exists; journalled as organisation.closed, or organisation.merged with successors.

    What is still below it passes to the one successor; with none or several it is refused until moved. Refused too
    when a change is planned for `on` or later. False when it is closed on that day already.
    """
    _edit(organisation, by)
    if organisation.closed == on:
        return False
    if organisation.closed is not None:
        raise ValidationError(
            {"on": _("It is closed since %s already.") % date_format(organisation.closed, "SHORT_DATE_FORMAT")}
        )
    for successor in successors:
        if successor.pk == organisation.pk or successor.region_key != organisation.region_key:
            raise ValidationError({"successors": _("The successor must be another organisation of the region.")})
        if successor.opened > on or (successor.closed and successor.closed <= on):
            raise ValidationError({"successors": _("The successor does not exist on the day of the closing.")})
    _pass_on(organisation, on, successors, by=by, at=at)
    spans = states.spans({organisation.pk})
    with _told(organisation):
        ended = timeline.end(spans[organisation.pk], on)
    states.write(spans, {organisation.pk: ended})
    organisation.closed, organisation.closing_act = on, act
    organisation.save(update_fields=["closed", "closing_act"])
    Succession.objects.bulk_create(
        [Succession(predecessor=organisation, successor=successor, on=on, how=how) for successor in successors]
    )
    names = states.names({successor.pk for successor in successors}, on)
    journal.record(
        "organisation.merged" if successors and how == Succession.How.MERGED else "organisation.closed",
        organisation,
        by=by,
        at=at,
        organisation=organisation.pk,
        after={"on": on.isoformat(), "how": str(how) if successors else "", "successors": names, "act": act},
    )
    return True


def merge_organisations(
    organisations: Sequence[Organisation],
    *,
    into: Organisation,
    on: date,
    by: User | None,
    at: datetime,
    act: str = "",
) -> None:
    """All of them end on `on`, and `into` takes over with all that was below them. One transaction."""
    with transaction.atomic():
        for organisation in organisations:
            close_organisation(organisation, on=on, by=by, at=at, successors=[into], act=act)


def _pass_on(
    organisation: Organisation, on: date, successors: Sequence[Organisation], *, by: User | None, at: datetime
) -> None:
    """Give all that is part of it on that day, or is to be later, to the one successor."""
    theirs = list(
        OrganisationState.objects.filter(parent=organisation)
        .exclude(valid_to__lte=on)
        .select_related("organisation__region")
        .order_by("valid_from")
    )
    if theirs and (len(successors) != 1 or successors[0].kind != organisation.kind):
        raise ValidationError(
            _("%(count)s organisations are still part of it on that day. Move or close them first.")
            % {"count": len({state.organisation_id for state in theirs})}
        )
    for state in theirs:  # of one that moves away and comes back, each stay; a stay that passed already is left
        _move(state.organisation, successors[0], on=max(on, state.valid_from), by=by, at=at, act="")


def _edit(organisation: Organisation, by: User | None) -> None:
    """Lock it and check the right; `by` None is the system itself."""
    if by is not None:
        access.require(by, "organisation.edit", organisation)
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    states.name_them([organisation])


class _told:  # noqa: N801 - a context manager, used as a verb
    """Turn the refusals of the pure module into messages for a person."""

    def __init__(self, organisation: Organisation | None = None) -> None:
        self.organisation = organisation

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, timeline.GapError):
            parent = states.last_name(error.parent)
            day = date_format(error.day, "SHORT_DATE_FORMAT")
            raise ValidationError(
                {
                    "on": _("%(parent)s does not exist on %(day)s. Choose another date or another organisation.")
                    % {"parent": parent, "day": day}
                }
            ) from error
        if isinstance(error, timeline.OutsideError):
            organisation: Any = self.organisation
            raise ValidationError(
                {
                    "on": _(
                        "On that day the organisation does not exist, or a later change of it is planned. "
                        "It was opened on %s."
                    )
                    % date_format(organisation.opened, "SHORT_DATE_FORMAT")
                }
            ) from error

"""Who may do what where: the only place that decides. Views, templates, services and the API all ask here.

A right is a verb; a grant says which role holds it and how far it reaches from the organisation of the
membership: itself (`OWN`), what lies under it in the tree (`BELOW`), the whole region (`REGION`).
docs/permissions.md is generated from this table.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Final, Protocol

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from profminimum.orgs.models import Kind, OrganisationState, Role
from profminimum.web import clock

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from django.contrib.auth.models import AnonymousUser

    from profminimum.orgs.models import Organisation, User


# asked in every request; building it through the model layer anew took longer than carrying it out
SEATS: Final = """
    SELECT m.role, m.organisation_id, o.region_id, o.kind, here.path, here.short_name, top.short_name
    FROM orgs_membership m
    JOIN orgs_organisation o ON o.id = m.organisation_id
    JOIN orgs_organisationstate here ON here.organisation_id = o.id
    LEFT JOIN orgs_organisationstate top ON top.organisation_id = o.region_id
        AND top.valid_from <= %s AND (top.valid_to IS NULL OR top.valid_to > %s)
    WHERE m.user_id = %s AND m.since <= %s AND (m.until IS NULL OR m.until >= %s)
        AND here.valid_from <= %s AND (here.valid_to IS NULL OR here.valid_to > %s)
    ORDER BY m.id"""


class Reach(Enum):
    OWN = "own"
    BELOW = "below"
    REGION = "region"


O: Final = frozenset({Reach.OWN})  # noqa: E741 - short names keep the table of grants readable
B: Final = frozenset({Reach.BELOW})
OB: Final = frozenset({Reach.OWN, Reach.BELOW})
R: Final = frozenset({Reach.REGION})

_WIDE: Final = (Role.ADMINISTRATOR, Role.CONTROLLER, Role.MINISTRY, Role.COORDINATOR)
_SEE: Final[Mapping[Role, frozenset[Reach]]] = {
    **dict.fromkeys((*_WIDE, Role.OBSERVER), R),
    Role.INSTITUTE: O,
    Role.MUNICIPAL: OB,
    Role.SCHOOL: OB,
}

GRANTS: Final[Mapping[str, Mapping[Role, frozenset[Reach]]]] = {
    # the organisations and their cards; besides, everybody sees those above their own
    "organisation.see": {**_SEE, Role.INSTITUTE: R},
    # open, rename, move, merge, close; import of the registry of schools
    "organisation.edit": dict.fromkeys((Role.ADMINISTRATOR, Role.MINISTRY), R),
    # names, posts, phones and addresses of people
    "person.see": {k: v for k, v in _SEE.items() if k != Role.OBSERVER},
    # invite, end a membership, forbid signing in
    "person.manage": {Role.ADMINISTRATOR: R, Role.MINISTRY: R, Role.MUNICIPAL: OB},
    # the plan and its verbatim text
    "plan.see": dict.fromkeys(Role, R),
    # upload a decree, correct the reading, map executors, adopt, amend
    "plan.edit": {Role.MINISTRY: R},
    "obligation.see": _SEE,
    # the control board: everything in one's reach, counted
    "control.see": {k: v for k, v in _SEE.items() if k not in (Role.SCHOOL, Role.INSTITUTE)},
    # say that it is done, with evidence; ask for another date
    "obligation.report": {
        Role.MINISTRY: O,
        Role.COORDINATOR: O,
        Role.INSTITUTE: O,
        Role.MUNICIPAL: O,
        Role.SCHOOL: OB,
    },
    # accept («снять с контроля») or return with a reason
    "obligation.review": {Role.CONTROLLER: R, Role.MINISTRY: B, Role.COORDINATOR: R, Role.MUNICIPAL: B},
    # decide on another date; release from it, with a reason
    "obligation.decide": {Role.CONTROLLER: R, Role.MINISTRY: R},
    # files that prove an obligation
    "evidence.see": {k: v for k, v in _SEE.items() if k != Role.OBSERVER},
    # what has been established officially: responsible persons, working groups, levels of schools
    "register.see": {k: v for k, v in _SEE.items() if k != Role.OBSERVER},
    # enter, correct and end entries of a register by hand, with an act
    "register.edit": dict.fromkeys((Role.MINISTRY, Role.COORDINATOR), R),
    # upload, try and publish forms
    "form.edit": dict.fromkeys((Role.MINISTRY, Role.COORDINATOR), R),
    # set up monitorings, open and close their waves, remind
    "campaign.edit": dict.fromkeys((Role.MINISTRY, Role.COORDINATOR), R),
    # who has answered, counted; the summary of the answers
    "wave.see": {k: v for k, v in _SEE.items() if k not in (Role.SCHOOL, Role.INSTITUTE)} | {Role.INSTITUTE: R},
    # answers to a monitoring, with their files and remarks; drafts are seen by those who fill
    "submission.see": {**{k: v for k, v in _SEE.items() if k != Role.OBSERVER}, Role.INSTITUTE: R},
    # fill an answer and send it for checking
    "submission.fill": {
        Role.MINISTRY: O,
        Role.COORDINATOR: O,
        Role.INSTITUTE: O,
        Role.MUNICIPAL: O,
        Role.SCHOOL: OB,
    },
    # prepare drafts for others from a workbook: they send them themselves
    "submission.prepare": {Role.MUNICIPAL: B},
    # check, return with a reason, accept; which tier may do it when is said by the monitoring
    "submission.check": {Role.MINISTRY: R, Role.COORDINATOR: R, Role.MUNICIPAL: B},
    # the letters that go out, and to send one once more
    "letter.see": {Role.ADMINISTRATOR: R},
    "journal.see": {
        Role.ADMINISTRATOR: R,
        Role.CONTROLLER: R,
        Role.MINISTRY: R,
        Role.COORDINATOR: R,
        Role.MUNICIPAL: OB,
        Role.SCHOOL: OB,
    },
}
# which roles the holder of a role may give to others and take from them, and where (besides `person.manage`)
GIVES: Final[Mapping[Role, Mapping[Role, frozenset[Reach]]]] = {
    Role.ADMINISTRATOR: dict.fromkeys(Role, R),
    Role.MINISTRY: dict.fromkeys(
        (Role.MINISTRY, Role.COORDINATOR, Role.INSTITUTE, Role.MUNICIPAL, Role.SCHOOL, Role.OBSERVER), R
    ),
    Role.MUNICIPAL: {Role.MUNICIPAL: O, Role.SCHOOL: B},
}
# which roles make sense in an organisation of a kind
ROLES_OF: Final[Mapping[Kind, tuple[Role, ...]]] = {
    Kind.REGION: (Role.ADMINISTRATOR, Role.OBSERVER),
    Kind.MINISTRY: (Role.MINISTRY, Role.CONTROLLER, Role.ADMINISTRATOR, Role.OBSERVER),
    Kind.COORDINATOR: (Role.COORDINATOR,),
    Kind.INSTITUTE: (Role.INSTITUTE,),
    Kind.AUTHORITY: (Role.MUNICIPAL,),
    Kind.SCHOOL: (Role.SCHOOL,),
    Kind.BRANCH: (Role.SCHOOL,),
}
# nobody checks what they have reported themselves, and a coordinator checks neither the ministry nor the institute
REVIEWED_BY_COORDINATOR: Final = frozenset({Kind.AUTHORITY, Kind.SCHOOL, Kind.BRANCH})


class Placed(Protocol):
    """Anything that belongs to an organisation."""

    def access_place(self) -> int:
        """The id of the organisation that the thing belongs to."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A membership that holds on a day, with the place of its organisation in the tree on that day."""

    role: Role
    organisation_id: int
    region_id: int
    kind: Kind
    path: str
    name: str = field(default="", compare=False)  # of the organisation, short
    region_name: str = field(default="", compare=False)

    @property
    def region_path(self) -> str:
        return f"/{self.region_id}/"


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer with its reason; true when allowed."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


class DeniedError(PermissionDenied):
    """A right that is missing inside one's scope: page 403 with the reason."""


def seats(user: User | AnonymousUser, on: date | None = None) -> tuple[Seat, ...]:
    """The person's memberships that hold on that day (today unless said); asked from the database once."""
    if not user.is_authenticated or not user.is_active:
        return ()
    on = on or clock.today()
    known: dict[date, tuple[Seat, ...]] = user.__dict__.setdefault("_seats", {})
    if on not in known:
        with connection.cursor() as cursor:
            day = connection.ops.adapt_datefield_value(on)
            cursor.execute(SEATS, [day, day, user.pk, day, day, day, day])
            rows = cursor.fetchall()
        known[on] = tuple(
            Seat(Role(role), place, region or place, Kind(kind), path, name, region_name or name)
            for role, place, region, kind, path, name, region_name in rows
        )
    return known[on]


def forget(user: User) -> None:
    """Ask again at the next question: after the person's memberships have changed."""
    user.__dict__.pop("_seats", None)


def reach(user: User | AnonymousUser, verb: str, on: date | None = None, *, field: str = "state__path") -> Q:
    """The condition «the person may do `verb` to it» for rows whose organisation's path is in `field`."""
    condition = Q(pk__in=[])
    grants = GRANTS[verb]
    for seat in seats(user, on):
        far = grants.get(seat.role, frozenset())
        if Reach.REGION in far:
            condition |= Q(**{f"{field}__startswith": seat.region_path})
            continue
        if Reach.OWN in far:
            condition |= Q(**{field: seat.path})
        if Reach.BELOW in far:
            condition |= Q(**{f"{field}__startswith": seat.path}) & ~Q(**{field: seat.path})
    return condition


def organisations(user: User | AnonymousUser, on: date | None = None) -> Q:
    """The condition for organisations that the person sees: in reach, and those above their own."""
    above = {int(step) for seat in seats(user, on) for step in seat.path.split("/") if step}
    return reach(user, "organisation.see", on) | Q(pk__in=above)


def sees(user: User | AnonymousUser, place: int, path: str) -> bool:
    """As `organisations`, for one organisation whose path is known: asks the database for nothing more."""
    if any(f"/{place}/" in seat.path for seat in seats(user)):
        return True
    grants = GRANTS["organisation.see"]
    return any(_within(seat, grants[seat.role], place, path) for seat in seats(user) if seat.role in grants)


def _within(seat: Seat, far: frozenset[Reach], place: int, path: str) -> bool:
    if Reach.REGION in far and path.startswith(seat.region_path):
        return True
    if Reach.OWN in far and place == seat.organisation_id:
        return True
    return Reach.BELOW in far and path.startswith(seat.path) and place != seat.organisation_id


def can(user: User | AnonymousUser, verb: str, obj: Placed | None, *, on: date | None = None) -> Decision:
    """May the person do `verb` to `obj` (or, when None, to anything at all)? Never raises; gives the reason."""
    grants = GRANTS[verb]
    held = [seat for seat in seats(user, on) if seat.role in grants]
    if obj is None:
        return Decision(True) if held else _refusal(verb)
    if not held:
        return _refusal(verb)
    place = obj.access_place()
    if any(place == seat.region_id for seat in held):  # the region itself: no look at the tree is needed
        return _decide(verb, held, place, f"/{place}/", Kind.REGION)
    own = next((seat for seat in held if seat.organisation_id == place), None)
    if own is not None:  # one's own organisation: the seat knows where it stands
        return _decide(verb, held, place, own.path, own.kind)
    found = _place(place, on or clock.today())
    if found is None:
        return _refusal(verb)
    return _decide(verb, held, place, found[0], Kind(found[1]))


def _place(organisation: int, on: date) -> tuple[str, str] | None:
    """Path and kind on that day; of what is closed the last ones, of what is not yet open the first ones."""
    states = OrganisationState.objects.filter(organisation=organisation).values_list("path", "organisation__kind")
    return states.filter(valid_from__lte=on).order_by("-valid_from").first() or states.order_by("valid_from").first()


def may_give(user: User | AnonymousUser, role: str, organisation: Organisation) -> Decision:
    """May the person make others `role` there, or take that role? The services see to it that never of oneself."""
    if role not in ROLES_OF[Kind(organisation.kind)]:
        return Decision(False, _("This role does not exist in such an organisation."))
    place = _place(organisation.pk, clock.today())
    if place is None:
        return _refusal("person.manage")
    decision = can_at(user, "person.manage", organisation.pk, place[0], place[1])
    if not decision:
        return decision
    for seat in seats(user):
        if _within(seat, GIVES.get(seat.role, {}).get(Role(role), frozenset()), organisation.pk, place[0]):
            return Decision(True)
    return Decision(False, _("You may not give or take this role here."))


def roles_to_give(user: User | AnonymousUser, organisation: Organisation) -> tuple[Role, ...]:
    """The roles that the person may give there."""
    return tuple(role for role in ROLES_OF[Kind(organisation.kind)] if may_give(user, role, organisation))


def can_at(
    user: User | AnonymousUser, verb: str, place: int, path: str, kind: str, *, on: date | None = None
) -> Decision:
    """As `can`, when the organisation's path and kind are already known: asks the database for nothing more."""
    held = [seat for seat in seats(user, on) if seat.role in GRANTS[verb]]
    return _decide(verb, held, place, path, Kind(kind)) if held else _refusal(verb)


def _decide(verb: str, held: list[Seat], place: int, path: str, kind: Kind) -> Decision:
    for seat in held:
        if not _within(seat, GRANTS[verb][seat.role], place, path):
            continue
        if verb == "obligation.review" and not _may_review(seat, place, kind):
            continue
        return Decision(True)
    return _refusal(verb)


def _may_review(seat: Seat, place: int, kind: Kind) -> bool:
    if seat.role == Role.COORDINATOR:
        return kind in REVIEWED_BY_COORDINATOR
    return seat.role == Role.CONTROLLER or place != seat.organisation_id


def roles_given_by(user: User | AnonymousUser) -> tuple[Role, ...]:
    """The roles that the person may give somewhere."""
    given = {role for seat in seats(user) for role in GIVES.get(seat.role, {})}
    return tuple(role for role in Role if role in given)


def _refusal(verb: str) -> Decision:
    roles = ", ".join(str(role.label) for role in GRANTS[verb])
    return Decision(False, _("You have no right to do this. It may be done by: %(roles)s.") % {"roles": roles})


def require(user: User | AnonymousUser, verb: str, obj: Placed | None, *, on: date | None = None) -> None:
    """Let pass or raise DeniedError with the reason. Every service begins with it."""
    decision = can(user, verb, obj, on=on)
    if not decision:
        raise DeniedError(decision.reason)

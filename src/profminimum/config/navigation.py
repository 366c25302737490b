"""What stands in the page header and the navigation of each role: the one list of the product's top pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy

from profminimum.orgs import access
from profminimum.orgs.models import Role

if TYPE_CHECKING:
    from django.http import HttpRequest

PAGES = (  # title, url name, right; a page whose url does not exist yet is left out
    (gettext_lazy("My duties"), "duties", "obligation.see"),
    (gettext_lazy("Control"), "control", "control.see"),
    (gettext_lazy("Plan"), "plans", "plan.see"),
    (gettext_lazy("Monitoring"), "campaigns", "plan.see"),
    (gettext_lazy("Organisations"), "organisations", "organisation.see"),
    (gettext_lazy("People"), "people", "person.manage"),
    (gettext_lazy("Registers"), "registers", "register.see"),
    (gettext_lazy("Documents"), "documents", "plan.see"),
    (gettext_lazy("Letters"), "letters", "letter.see"),
    (gettext_lazy("Journal"), "journal", "journal.see"),
)


@dataclass(frozen=True, slots=True)
class Link:
    title: str
    url: str
    current: bool = False
    count: int = 0


@dataclass(frozen=True, slots=True)
class SeatChoice:
    key: str
    role: str
    organisation: str
    current: bool


@dataclass(frozen=True, slots=True)
class Shell:
    """`seats` is what the person can act as; `home` the first page of the role."""

    region: str
    pages: tuple[Link, ...]
    seats: tuple[SeatChoice, ...]
    home: str
    unread: int = 0  # notices


def shell(request: HttpRequest) -> Shell:
    """The header and navigation for this request; asks the database for nothing but the seats."""
    current = getattr(request, "seat", None)
    return Shell(
        region=current.region_name if current else "",
        pages=tuple(_links(request)),
        seats=tuple(
            SeatChoice(f"{seat.role}:{seat.organisation_id}", str(seat.role.label), seat.name, seat == current)
            for seat in access.seats(request.user)
        ),
        home=home(request),
        unread=getattr(request.user, "unread", 0),
    )


def _links(request: HttpRequest) -> list[Link]:
    links = []
    for title, name, verb in PAGES:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        if access.can(request.user, verb, None):
            count = _waiting(request) if name == "duties" else 0
            links.append(Link(str(title), url, request.path.startswith(url), count))
    return links


def _waiting(request: HttpRequest) -> int:
    """What is urgent or waits for the seat that the person acts for, as it was counted within the last minute."""
    seat, kept = getattr(request, "seat", None), getattr(request.user, "waiting", {})
    return int(kept.get(f"{seat.role}:{seat.organisation_id}", 0)) if seat else 0


def home(request: HttpRequest) -> str:
    """The first page: control for those who control, duties for those who do."""
    seat = getattr(request, "seat", None)
    if seat is None:
        return reverse("account_login")
    first = {
        Role.CONTROLLER: "control",
        Role.MINISTRY: "control",
        Role.OBSERVER: "control",
        Role.ADMINISTRATOR: "organisations",
    }
    return reverse(first.get(seat.role, "duties"))

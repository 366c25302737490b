"""How many questions does each page of the demo ask the database, and how long does it take? A step."""

from __future__ import annotations

import time
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import django

django.setup()

from django.db import connection  # noqa: E402 - Django first
from django.http import Http404  # noqa: E402 - as above
from django.test import Client  # noqa: E402 - as above
from django.test.utils import CaptureQueriesContext  # noqa: E402 - as above
from django.urls import resolve  # noqa: E402 - as above

from figures import Figure, hand_over  # noqa: E402 - as above
from profminimum.orgs.models import Membership, User  # noqa: E402 - as above

LIMIT = 12  # questions to the database
EACH = 3  # addresses of one kind, per role
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ROLES = ("administrator", "controller", "ministry", "coordinator", "institute", "municipal", "school", "observer")


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]


def kind_of(address: str) -> str:
    """The name of the page at the address, «» for what is no page of ours."""
    parts = urlsplit(address)
    if parts.netloc or parts.path.startswith("/static/"):
        return ""
    try:
        return resolve(parts.path).view_name
    except Http404:
        return ""


def walk(user: User, broken: set[str]) -> dict[str, tuple[int, float, str]]:
    """Kind of page → the most questions that one of its addresses asks, the longest time, the address.

    Into `broken` go the kinds that gave no answer.
    """
    client = Client(raise_request_exception=False, headers={"Accept-Language": "ru"})
    client.force_login(user, backend=BACKEND)
    waiting, seen, met = ["/"], {"/"}, {"": EACH}
    worst: dict[str, tuple[int, float, str]] = {}
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(address)
        if met.get(kind, 0) >= EACH:
            continue
        met[kind] = met.get(kind, 0) + 1
        client.get(address)
        started = time.perf_counter()
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address)
            content = answer.getvalue()
            questions = len(asked)
        seconds = time.perf_counter() - started
        if answer.status_code not in {200, 302}:
            broken.add(f"{kind} ({answer.status_code}, {user.email.split('@')[0]} at {address})")
            continue
        known = worst.get(kind, (0, 0.0, ""))
        worst[kind] = (
            max(questions, known[0]),
            max(seconds, known[1]),
            address if questions > known[0] else known[2],
        )
        links = Links()
        if answer.get("Content-Type", "").startswith("text/html"):
            links.feed(content.decode())
        fresh = [urljoin(address, link).split("#")[0] for link in [*links.found, answer.get("Location", "#")]]
        for each in dict.fromkeys(fresh):
            if each not in seen and not each.startswith("/accounts/logout"):
                seen.add(each)
                waiting.append(each)
    return worst


def main() -> None:
    pages: dict[str, tuple[int, float, str]] = {}
    broken: set[str] = set()
    for role in ROLES:
        member = Membership.objects.filter(role=role, user__password__startswith="argon2").earliest("pk")  # noqa: S106 - those who may sign in
        for kind, found in walk(member.user, broken).items():
            pages[kind] = max(pages.get(kind, (0, 0.0, "")), found)
    figures = [
        Figure(f"{kind}: questions ({seconds * 1000:.0f} ms, {address})", questions, "", LIMIT)
        for kind, (questions, seconds, address) in sorted(pages.items(), key=lambda item: -item[1][0])
    ]
    hand_over(
        [
            Figure("kinds of page visited", len(pages), ""),
            Figure(f"links that lead to no page {sorted(broken)[:6] or ''}".strip(), len(broken), "", 0),
            *figures,
        ]
    )


if __name__ == "__main__":
    main()

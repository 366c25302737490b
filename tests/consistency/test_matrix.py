from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse
from matrix_objects import Objects

from people import browser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse

    from factories import SmallRegion
    from people import People

TABLE = tomllib.loads(Path(__file__).with_name("matrix.toml").read_text(encoding="utf-8"))
COLUMNS: list[str] = TABLE.pop("columns")
LIBRARIES = ("allauth",)  # their pages are walked below, under one rule for all


@dataclass(frozen=True)
class Row:
    expect: str
    parameters: dict[str, str] = field(default_factory=dict)
    method: str = "get"
    given: str = ""
    strangers: dict[str, int] = field(default_factory=dict)


ROWS = {name: Row(**row) for name, row in TABLE.items()}


@dataclass(frozen=True)
class Address:
    """An address of the resolver; `name` is empty when it has none, `ours` false for a library's page."""

    name: str
    route: str
    ours: bool


def addresses(resolver: URLResolver | None = None, space: str = "", route: str = "") -> Iterator[Address]:
    for each in (resolver or get_resolver()).url_patterns:
        there = f"{route}{each.pattern}"
        if isinstance(each, URLResolver):
            yield from addresses(each, f"{space}{each.namespace}:" if each.namespace else space, there)
        else:
            ours = not str(getattr(each.callback, "__module__", "")).startswith(LIBRARIES)
            yield Address(f"{space}{each.name}" if each.name else "", there, ours)


def without_parameters(name: str) -> bool:
    try:
        reverse(name)
    except NoReverseMatch:
        return False
    return True


API = [address.route for address in addresses() if address.name.startswith("api:")]
OURS = {address.name for address in addresses() if address.ours and not address.name.startswith("api:")}
THEIRS = sorted({a.name for a in addresses() if not a.ours and a.name and without_parameters(a.name)})


def test_every_address_has_its_row_and_every_row_its_address() -> None:
    assert OURS - set(ROWS) == set(), "add rows to matrix.toml"
    assert set(ROWS) - OURS == set(), "matrix.toml has rows for addresses that do not exist"


def said(response: HttpResponse) -> str:
    location = response.get("Location", "")
    if response.status_code == 302 and location.startswith(reverse("account_login")):
        return "login"
    return str(response.status_code)


def ask(name: str, row: Row, person: Any, found: Objects) -> str:
    """The answer for that person; whatever the address changed is undone."""
    if row.given:
        getattr(found, row.given)
    address = reverse(name, kwargs={key: getattr(found, value) for key, value in row.parameters.items()})
    with transaction.atomic():
        response = getattr(browser(person), row.method)(address)
        if response.streaming:
            response.getvalue()  # read to its end it closes its file; `close()` would close the connection too
        transaction.set_rollback(True)
    return said(response)


@pytest.mark.parametrize("name", sorted(OURS & set(ROWS)))
def test_each_role_gets_what_the_table_says(name: str, region: SmallRegion, people: People, december: object) -> None:
    row, found = ROWS[name], Objects(region, people)
    answers = {column: ask(name, row, getattr(people, column, None), found) for column in COLUMNS}
    assert " ".join(answers.values()) == row.expect, answers


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.strangers and name in OURS])
def test_a_stranger_does_not_learn_that_it_exists(
    name: str, region: SmallRegion, people: People, december: object
) -> None:
    row, found = ROWS[name], Objects(region, people)
    answers = {who: ask(name, row, getattr(people, who), found) for who in row.strangers}
    assert answers == {who: str(status) for who, status in row.strangers.items()}


@pytest.mark.parametrize("name", THEIRS)
def test_pages_of_libraries_never_break(name: str, people: People, december: object) -> None:
    for person in (people.ministry, people.school, people.newcomer, None):
        with transaction.atomic():
            assert browser(person).get(reverse(name)).status_code in {200, 302, 401, 403, 404, 405}, person
            transaction.set_rollback(True)


@pytest.mark.parametrize("route", sorted(set(API)))
def test_no_address_of_the_api_answers_a_stranger(route: str, db: None) -> None:
    """What each role gets there is tested with the API; the words of the interface itself are public."""
    path = "/" + re.sub(r"<[^>]*>", "1", route)
    client = browser(None)
    answers = {client.get(path).status_code, client.post(path, "{}", content_type="application/json").status_code}
    if route.endswith(("openapi.json", "v1/")):
        assert answers <= {200, 404, 405}
    else:
        assert answers <= {401, 403, 405}
        assert answers & {401, 403}

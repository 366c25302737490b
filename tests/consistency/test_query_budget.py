from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from matrix_objects import Objects
from test_matrix import COLUMNS, ROWS, THEIRS, Row

from people import browser

if TYPE_CHECKING:
    from factories import SmallRegion
    from people import People
    from profminimum.orgs.models import User

LIMIT = 12  # questions to the database that a page may ask
TRANSACTION = ("SAVEPOINT", "RELEASE SAVEPOINT", "BEGIN")  # the test's own frame, no questions

PAGES = sorted(
    (name, column)
    for name, row in ROWS.items()
    for column, status in zip(COLUMNS, row.expect.split(), strict=True)
    if row.method == "get" and status == "200"
)


def questions(person: User | None, address: str) -> tuple[int, list[str]]:
    """(status, the questions asked for the page read to its end); whatever it wrote is undone."""
    client = browser(person)
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
        answer.getvalue()  # what streams asks while it is read
        transaction.set_rollback(True)
    said = [str(query["sql"]) for query in asked.captured_queries]
    return answer.status_code, [sql for sql in said if not sql.startswith(TRANSACTION)]


def address_of(name: str, row: Row, found: Objects) -> str:
    if row.given:
        getattr(found, row.given)
    return reverse(name, kwargs={key: getattr(found, value) for key, value in row.parameters.items()})


@pytest.mark.parametrize("name", sorted({name for name, _column in PAGES}))
def test_no_page_asks_the_database_more_than_twelve_questions(
    name: str, region: SmallRegion, people: People, december: object
) -> None:
    address = address_of(name, ROWS[name], Objects(region, people))
    for column in (column for page, column in PAGES if page == name):
        status, asked = questions(getattr(people, column, None), address)
        assert status == 200, column
        assert len(asked) <= LIMIT, f"{column} at {address}:\n" + "\n".join(asked)


@pytest.mark.parametrize("name", THEIRS)
def test_no_page_of_a_library_asks_more_either(name: str, people: People, december: object) -> None:
    for person in (people.ministry, people.school, None):
        _status, asked = questions(person, reverse(name))
        assert len(asked) <= LIMIT, f"{person} at {name}:\n" + "\n".join(asked)


def test_every_kind_of_page_is_visited() -> None:
    visited = {name for name, _column in PAGES}
    assert {"duties", "obligations", "obligation", "control", "plan", "version", "people", "journal"} <= visited

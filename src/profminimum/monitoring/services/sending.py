"""How is a sent answer written? The hot path of a deadline evening: six statements, spoken to the database directly.

The same rows as `submissions.advance` writes for the other steps; a test compares them. Building these statements
anew through the model layer for every answer took longer than carrying them out (bench/submissions.py).
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import orjson
from django.db import IntegrityError, connection

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from profminimum.monitoring.models import Revision, Submission

DRAFT: Final = "UPDATE monitoring_draft SET number = number WHERE submission_id = %s AND number = %s"
MOVE: Final = """
    UPDATE monitoring_submission
    SET state = %s, number = %s, sent = %s, reviewer_id = %s, changed = %s, remarks = 0, warnings = %s
    WHERE id = %s AND state = %s AND number = %s"""
REVISION: Final = """
    INSERT INTO monitoring_revision (submission_id, number, answers, explanations, marks, at, by_id)
    VALUES (%s, %s, JSON, JSON, JSON, %s, %s) RETURNING id"""
KEEP: Final = """
    UPDATE monitoring_draft SET answers = JSON, explanations = JSON, number = number + 1, saved = %s, saved_by_id = %s
    WHERE submission_id = %s"""
CLOSE: Final = "UPDATE monitoring_stage SET until = %s WHERE submission_id = %s AND until IS NULL"
STAGE: Final = """
    INSERT INTO monitoring_stage
    (submission_id, wave_id, organisation_id, unit_id, state, timely, due, number, since, step, reason, by_id)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, 'submit', '', %s)"""


LOOKED_AT: Final = 2  # statements that must have changed a row, or somebody else was quicker
QUICKER: Final = IntegrityError


@cache
def _said(statement: str, vendor: str) -> str:
    """JSON is a text to SQLite and jsonb to PostgreSQL."""
    return statement.replace("JSON", "%s::jsonb" if vendor == "postgresql" else "%s")


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


@contextmanager
def at_once() -> Iterator[None]:
    """PostgreSQL is given all statements of the block at once; SQLite, which is no journey away, one by one."""
    if connection.vendor != "postgresql":
        yield
        return
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def write(row: Submission, revision: Revision, *, was: str, draft: int | None, day: date, warnings: int) -> list[Any]:
    """Write the revision, the state and the stage; the caller holds the transaction and keeps the journal.

    `row` holds what the answer is from now on, `was` its state before. With `draft`, the number of the draft that was
    checked, the draft is only looked at; without it what was sent becomes the draft. Gives what `happened` is asked
    with. QUICKER when the revision is there already.
    """
    adapt, at = connection.ops, connection.ops.adapt_datetimefield_value(revision.at)
    sent, due = adapt.adapt_datefield_value(day), adapt.adapt_datefield_value(row.due)
    by, answers, explanations = revision.by_id, _json(revision.answers), _json(revision.explanations)
    head = [row.state, row.number, sent, row.reviewer_id, at, warnings, row.pk, was, row.number - 1]
    said = [row.pk, row.number, answers, explanations, _json(revision.marks), at, by]
    kept = (DRAFT, [row.pk, draft]) if draft is not None else (KEEP, [answers, explanations, at, by, row.pk])
    place = [
        row.pk,
        row.wave_id,
        row.organisation_id,
        row.unit_id,
        row.state,
        day <= row.due,
        due,
        row.number,
        at,
        by,
    ]
    steps: list[tuple[str, list[Any]]] = [(MOVE, head), kept, (REVISION, said), (CLOSE, [at, row.pk]), (STAGE, place)]
    vendor, cursors = connection.vendor, []
    for statement, values in steps:
        cursors.append(cursor := connection.cursor())
        cursor.execute(_said(statement, vendor), values)
    return cursors


def happened(cursors: list[Any], revision: Revision) -> bool:
    """After the block: was it all written? False, and the transaction is to be undone, when somebody else has changed
    the answer or its draft in the meantime.
    """
    if any(cursor.rowcount != 1 for cursor in cursors[:LOOKED_AT]):
        return False
    revision.pk = cursors[2].fetchone()[0]
    return True

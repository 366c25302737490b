"""How is a sent answer written? The hot path of a deadline evening: six statements, spoken to the database directly.

The same rows as `submissions.advance` writes for the other steps; a test compares them. Building these statements
anew through the model layer for every answer took longer than carrying them out (bench/submissions.py).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

import orjson
from django.db import IntegrityError, connection

if TYPE_CHECKING:
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


@cache
def _said(statement: str, vendor: str) -> str:
    """JSON is a text to SQLite and jsonb to PostgreSQL."""
    return statement.replace("JSON", "%s::jsonb" if vendor == "postgresql" else "%s")


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


def write(row: Submission, revision: Revision, *, was: str, draft: int | None, day: date, warnings: int) -> bool:
    """Write the revision, the state and the stage; the caller holds the transaction and keeps the journal.

    `row` holds what the answer is from now on, `was` its state before. With `draft`, the number of the draft that was
    checked, the draft is only looked at; without it what was sent becomes the draft. False, and the transaction is
    to be undone, when somebody else has changed the answer or its draft in the meantime.
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
    cursors = _carried_out([(MOVE, head), kept, (REVISION, said), (CLOSE, [at, row.pk]), (STAGE, place)])
    if cursors is None:
        return False
    revision.pk = cursors[2].fetchone()[0]
    return True


def _carried_out(statements: list[tuple[str, list[Any]]]) -> list[Any] | None:
    """The cursors of the statements, or None when one of the first two found nothing to change.

    PostgreSQL is given all at once and answers once; SQLite, which is no journey away, one by one.
    """
    vendor, cursors = connection.vendor, [connection.cursor() for _ in statements]
    if vendor != "postgresql":
        for number, (cursor, (statement, values)) in enumerate(zip(cursors, statements, strict=True)):
            cursor.execute(_said(statement, vendor), values)
            if number < LOOKED_AT and cursor.rowcount != 1:
                return None
        return cursors
    try:
        with connection.wrap_database_errors, connection.connection.pipeline():
            for cursor, (statement, values) in zip(cursors, statements, strict=True):
                cursor.execute(_said(statement, vendor), values)
    except IntegrityError:  # the revision is there already: somebody else was quicker
        return None
    return cursors if all(cursor.rowcount == 1 for cursor in cursors[:LOOKED_AT]) else None

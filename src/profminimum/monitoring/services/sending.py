"""How is a sent answer written? The hot path of a deadline evening: six statements, spoken to the database directly.

The same rows as `submissions.advance` writes for the other steps; a test compares them. Building these statements
anew through the model layer for every answer took longer than carrying them out (bench/submissions.py).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

import orjson
from django.db import connection

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
    vendor, adapt = connection.vendor, connection.ops
    at, sent, due = adapt.adapt_datetimefield_value(revision.at), _day(day), _day(row.due)
    by, answers, explanations = revision.by_id, _json(revision.answers), _json(revision.explanations)
    with connection.cursor() as cursor:
        if draft is not None:
            cursor.execute(DRAFT, [row.pk, draft])
            if cursor.rowcount != 1:
                return False
        cursor.execute(
            MOVE,
            [row.state, row.number, sent, row.reviewer_id, at, warnings, row.pk, was, row.number - 1],
        )
        if cursor.rowcount != 1:
            return False
        cursor.execute(
            _said(REVISION, vendor), [row.pk, row.number, answers, explanations, _json(revision.marks), at, by]
        )
        revision.pk = cursor.fetchone()[0]
        if draft is None:
            cursor.execute(_said(KEEP, vendor), [answers, explanations, at, by, row.pk])
        cursor.execute(CLOSE, [at, row.pk])
        timely = day <= row.due
        place = row.organisation_id
        cursor.execute(STAGE, [row.pk, row.wave_id, place, row.unit_id, row.state, timely, due, row.number, at, by])
    return True


def _day(value: date) -> Any:
    return connection.ops.adapt_datefield_value(value)

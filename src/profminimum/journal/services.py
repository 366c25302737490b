"""How an act enters the journal: beside the write, in the same transaction, with its consequences queued."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.utils.module_loading import import_string

from profminimum.journal import actions
from profminimum.journal.models import Delivery, Entry
from profminimum.web.folding import folded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from django.db.models import Model

    from profminimum.orgs.models import User

    Reaction = Callable[[Entry], None]
    Reactions = Mapping[str, tuple[Reaction, ...]]
    Row = tuple[Model, int | None, dict[str, Any], dict[str, Any]]


ENTRY: Final = """
    INSERT INTO journal_entry
    (at, by_id, action, object_type, object_id, subject, organisation_id, reason, before, after, search)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, JSON, JSON, %s) RETURNING id"""
DELIVERY: Final = """
    INSERT INTO journal_delivery (entry_id, reaction, state, attempts, not_before, error)
    VALUES (%s, %s, 'waiting', 0, %s, '')"""
WITH_DELIVERIES: Final = """
    WITH entry AS (ENTRY),
    queued AS (
        INSERT INTO journal_delivery (entry_id, reaction, state, attempts, not_before, error)
        SELECT entry.id, reaction, 'waiting', 0, %s, ''
        FROM entry, unnest(%s::text[]) WITH ORDINALITY AS wanted (reaction, place) ORDER BY place)
    SELECT id FROM entry""".replace("ENTRY", ENTRY)


class LaterError(Exception):
    """Raised by a reaction whose time has not come: it is run again at `moment`, and this was no failure."""

    def __init__(self, moment: datetime) -> None:
        super().__init__(moment.isoformat())
        self.moment = moment


def batch(function: Callable[[Sequence[Entry]], None]) -> Reaction:
    """Mark a reaction that takes many entries at once: the worker gives it all that are due, in their order.

    It must bear any number of them, and an entry alone: when many fail together they are tried one by one.
    """
    function.many = True  # type: ignore[attr-defined]  # the mark by which the worker knows it
    return function  # type: ignore[return-value]  # the worker gives it a list


def reactions() -> Reactions:
    """The one table «action → functions» of config/reactions.py."""
    table: Reactions = import_string(settings.JOURNAL_REACTIONS)
    return table


def record(
    action: str,
    obj: Model,
    *,
    by: User | None,
    at: datetime,
    organisation: int | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> Entry:
    """Append one entry about `obj` and queue its consequences.

    Must be called inside the transaction that does the write. `organisation` is the id of the organisation
    that the act concerns, by which the entry is shown to those who may see it. An action without a label is
    a mistake of the programmer: KeyError.
    """
    _may_record(action)
    entry = _entry(action, (obj, organisation, before or {}, after or {}), by=by, at=at, reason=reason)
    _insert(entry)
    return entry


def record_many(
    action: str,
    rows: Iterable[Row],
    *,
    by: User | None,
    at: datetime,
    reason: str = "",
    quiet: bool = False,
) -> list[Entry]:
    """As `record`, for many objects (object, organisation id, before, after) in a constant number of statements.

    `quiet`: nothing follows from these entries, since it follows from another act that brought them about.
    """
    _may_record(action)
    entries = Entry.objects.bulk_create(
        [_entry(action, row, by=by, at=at, reason=reason) for row in rows], batch_size=500
    )
    names = [] if quiet else [function.__name__ for function in reactions().get(action, ())]
    if names:
        Delivery.objects.bulk_create(
            [Delivery(entry=entry, reaction=name, not_before=at) for entry in entries for name in names],
            batch_size=500,
        )
    return entries


def _may_record(action: str) -> None:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("the journal is written in the transaction of the act itself")
    if action not in actions.labels():
        raise KeyError(action)


def _entry(action: str, row: Row, *, by: User | None, at: datetime, reason: str) -> Entry:
    obj, organisation, before, after = row
    return Entry(
        at=at,
        by=by,
        action=action,
        object_type=obj._meta.label_lower,  # noqa: SLF001 - Django's documented model API
        object_id=obj.pk,
        subject=str(obj)[:300],
        organisation_id=organisation,
        reason=reason,
        before=before,
        after=after,
        search=folded(f"{obj} {reason}")[:1000],
    )


def _insert(entry: Entry) -> None:
    """One entry with its deliveries, by statements spoken directly: this is done in every act, and twice as fast."""
    at, json = connection.ops.adapt_datetimefield_value(entry.at), DjangoJSONEncoder(ensure_ascii=False)
    place, before, after = entry.organisation_id, json.encode(entry.before), json.encode(entry.after)
    said = [at, entry.by_id, entry.action, entry.object_type, entry.object_id, entry.subject]
    said += [place, entry.reason, before, after, entry.search]
    names = [function.__name__ for function in reactions().get(entry.action, ())]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # one journey to the database
            cursor.execute(WITH_DELIVERIES.replace("JSON", "%s::jsonb"), [*said, at, names])
            entry.pk = cursor.fetchone()[0]
        else:
            cursor.execute(ENTRY.replace("JSON", "%s"), said)
            entry.pk = cursor.fetchone()[0]
            cursor.executemany(DELIVERY, [(entry.pk, name, at) for name in names])
    entry._state.adding = False  # noqa: SLF001 - it is in the database now

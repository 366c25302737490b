"""How doubts about the quality of answers come up, are kept up to date and are settled by those who check.

Looking for them only reads until it knows what to write: the boards and the deadline evening do not wait for it.
"""

from __future__ import annotations

import time
from array import array
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, F, Max, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from profminimum.journal import services as journal
from profminimum.journal.timers import every
from profminimum.monitoring import definitions, quality
from profminimum.monitoring.models import FollowUp, Revision, Submission, Wave
from profminimum.monitoring.schema.cells import cells
from profminimum.monitoring.schema.model import Kind
from profminimum.monitoring.states import SENT
from profminimum.orgs import access, queries

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime

    from profminimum.monitoring.quality import Spread
    from profminimum.monitoring.schema.cells import Cell
    from profminimum.orgs.models import User

    Key = tuple[int, str, str]  # answer, place, code

NUMERIC: Final = {Kind.INTEGER, Kind.DECIMAL, Kind.AMOUNT, Kind.CALCULATED}
BATCH: Final = 500
AGAIN: Final = 900.0  # seconds after which an open wave is looked at again although nothing seems to have changed
SENT_STATES: Final = [state.value for state in SENT]


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _read(wave: Wave) -> Iterator[tuple[int, int, str, Mapping[str, Any], Mapping[str, Any]]]:
    """(answer, revision, group, answers, what was given) of all that is sent, a part at a time."""
    rows = (
        Revision.objects.filter(
            submission__wave=wave, submission__state__in=SENT_STATES, number=F("submission__number")
        )
        .order_by("submission")
        .values_list("submission", "number", "submission__kind", "answers", "submission__draft__given")
    )
    for key, number, kind, answers, given in rows.iterator(chunk_size=BATCH):
        facts = given.get("registry", {})
        name = quality.group(str(facts.get("school_type", "")), _number(facts.get("pupils")), kind)
        yield key, number, name, answers, given


@dataclass(frozen=True, slots=True)
class _Usual:
    """What is usual at a place in a group, and how all answers there have changed since the last wave."""

    spread: Spread | None
    grown: float


def _usual(wave: Wave, columns: Collection[Cell]) -> dict[tuple[str, str], _Usual]:
    """(place, group) → what is usual there."""
    values: dict[tuple[str, str], array[float]] = defaultdict(lambda: array("d"))
    ratios: dict[str, array[float]] = defaultdict(lambda: array("d"))
    for _key, _revision, name, answers, given in _read(wave):
        last = given.get("last") or {}
        for cell in columns:
            value = _number(cell.get(answers))
            if value is None:
                continue
            values[cell.place, name].append(value)
            before = _number(cell.get(last))
            if before:
                ratios[cell.place].append(value / before)
    grown = {place: quality.growth(held) for place, held in ratios.items()}
    return {key: _Usual(quality.spread(held), grown.get(key[0], 1.0)) for key, held in values.items()}


def _source(cell: Cell, given: Mapping[str, Any]) -> float | None:
    """What the region has already for the field, when it is a number of the registry or of a register."""
    source = cell.item.source
    if source is None or cell.place != cell.item.name:
        return None
    if source.kind == "registry":
        return _number(given.get("registry", {}).get(source.field))
    if source.kind == "register":
        kind, _dot, name = source.field.partition(".")
        return _number(given.get("registers", {}).get(kind, {}).get(name))
    return None


def found(wave: Wave, at: datetime) -> list[FollowUp]:
    """All doubts about the answers of a wave, not saved. Reads the answers twice, so that memory stays flat."""
    form = definitions.definition(wave.version_id or 0)
    columns = [cell for cell in cells(form) if cell.kind in NUMERIC]
    usual = _usual(wave, columns) if columns else {}
    return [
        FollowUp(
            wave=wave,
            submission_id=key,
            number=number,
            place=cell.place,
            code=doubt.code,
            facts=doubt.facts,
            weight=doubt.weight,
            found=at,
        )
        for key, number, name, answers, given in (_read(wave) if columns else ())
        for cell in columns
        for doubt in _judged(cell, usual.get((cell.place, name)), answers, given)
    ]


def _judged(
    cell: Cell, usual: _Usual | None, answers: Mapping[str, Any], given: Mapping[str, Any]
) -> list[quality.Doubt]:
    value = _number(cell.get(answers))
    if value is None:
        return []
    return quality.judge(
        value,
        usual.spread if usual else None,
        last=_number(cell.get(given.get("last", {}))),
        source=_source(cell, given),
        grown=usual.grown if usual else 1.0,
    )


def refresh(wave: Wave, *, at: datetime) -> int:
    """Bring the doubts about a wave up to date; how many are open. Run again it changes nothing.

    What was settled stays so, also in a later revision as long as the value is the same; an open doubt that no longer
    holds goes, one that still holds keeps the moment when it was found.
    """
    if wave.version_id is None:
        return 0
    now = {(one.submission_id, one.place, one.code): one for one in found(wave, at)}
    with transaction.atomic():
        settled: dict[Key, list[FollowUp]] = defaultdict(list)
        open_: dict[Key, FollowUp] = {}
        gone: list[int] = []
        for one in FollowUp.objects.filter(wave=wave).select_for_update():
            key = (one.submission_id, one.place, one.code)
            if one.settled is not None:
                settled[key].append(one)
            elif key in now and now[key].number == one.number:
                open_[key] = one
            else:
                gone.append(one.pk)
        wanted = {key: one for key, one in now.items() if not _answered(one, settled[key])}
        gone += [one.pk for key, one in open_.items() if key not in wanted]
        _write(wanted, open_, gone)
    return len(wanted)


def _answered(one: FollowUp, settled: Collection[FollowUp]) -> bool:
    """Has somebody settled it: in this revision, or in an earlier one about the same value?"""
    return any(each.number == one.number or each.facts.get("value") == one.facts["value"] for each in settled)


def _write(wanted: Mapping[Key, FollowUp], open_: Mapping[Key, FollowUp], gone: list[int]) -> None:
    changed = []
    for key, kept in open_.items():
        new = wanted.get(key)
        if new is not None and (kept.facts, kept.weight) != (new.facts, new.weight):
            kept.facts, kept.weight = new.facts, new.weight
            changed.append(kept)
    for start in range(0, len(gone), BATCH):
        FollowUp.objects.filter(pk__in=gone[start : start + BATCH], settled=None).delete()
    FollowUp.objects.bulk_update(changed, ["facts", "weight"], batch_size=BATCH)
    fresh = [one for key, one in wanted.items() if key not in open_]
    FollowUp.objects.bulk_create(fresh, batch_size=BATCH, ignore_conflicts=True)


_seen: dict[int, tuple[float, object]] = {}  # wave → when it was looked at, and what its answers were like then


@every(seconds=20)
def refresh_doubts(now: datetime) -> int:
    """Look again at the waves whose answers have moved since the last look of this process; how many were."""
    marks = (
        Submission.objects.filter(wave__state__in=[Wave.State.OPEN, Wave.State.CLOSED], number__gt=0)
        .order_by()
        .values("wave", "wave__state")
        .annotate(count=Count("pk"), sendings=Sum("number"), last=Max("changed"))
    )
    moved = []
    for row in marks:
        mark = (row["count"], row["sendings"], row["last"])
        looked, before = _seen.get(row["wave"], (0.0, None))
        late = row["wave__state"] == Wave.State.OPEN and time.monotonic() - looked > AGAIN
        if mark != before or late:
            moved.append(row["wave"])
            _seen[row["wave"]] = (time.monotonic(), mark)
    for wave in Wave.objects.filter(pk__in=moved).select_related("campaign"):
        refresh(wave, at=now)
    return len(moved)


def may_settle(user: User, one: FollowUp, path: str) -> access.Decision:
    """Those who check the answers there, and those who run the monitoring; `path` is the place in the tree."""
    place, kind = one.submission.organisation_id, one.submission.kind
    decision = access.can_at(user, "submission.check", place, path, kind)
    return decision or access.can_at(user, "campaign.edit", place, path, kind)


@transaction.atomic
def settle(ids: Collection[int], *, reason: str, by: User, at: datetime) -> list[FollowUp]:
    """Close these doubts with one reason: all of them or none. Each is journalled with what it was about."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say how it was settled: what the school explained, or what was mended.")})
    rows = list(
        FollowUp.objects.select_for_update(of=("self",))
        .filter(pk__in=list(ids))
        .select_related("submission__wave", "submission__organisation")
        .order_by("pk")
    )
    if len(rows) != len(set(ids)) or any(one.settled is not None for one in rows):
        raise ValidationError(_("Some of these doubts have been settled or have gone already. Reload the page."))
    places = queries.known({one.submission.organisation_id for one in rows}, timezone.localdate(at))
    for one in rows:
        place = places.get(one.submission.organisation_id)
        decision = may_settle(by, one, place.path if place else "")
        if not decision:
            raise access.DeniedError(decision.reason)
        one.settled, one.settled_by, one.reason = at, by, reason.strip()
    FollowUp.objects.bulk_update(rows, ["settled", "settled_by", "reason"], batch_size=BATCH)
    journal.record_many(
        "follow_up.closed",
        [
            (one.submission, one.submission.organisation_id, {}, {"place": one.place, "code": one.code, **one.facts})
            for one in rows
        ],
        by=by,
        at=at,
        reason=reason.strip(),
    )
    return rows

"""Whom does a row concern on a day? From executors and the tree to organisations; pure over their inputs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from profminimum.orgs.models import Kind
from profminimum.plan.models import Executor, Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from profminimum.orgs.queries import Placement

Target = Executor.Target
Past = Wording.Past


@dataclass(frozen=True, slots=True)
class Aim:
    """An executor of a row as far as expansion needs it."""

    target: str
    organisation_id: int | None = None


def concerns(aim: Aim, organisation_id: int, placement: Placement, *, municipal: bool) -> bool:
    """Does an executor's class hold this organisation? «ОО» are legal entities: branches answer with their school."""
    if aim.target == Target.ONE:
        return aim.organisation_id == organisation_id
    if aim.target == Target.AUTHORITIES:
        return placement.kind == Kind.AUTHORITY
    if placement.kind != Kind.SCHOOL:
        return False
    if aim.target == Target.SCHOOLS:
        return True
    return aim.target == (Target.MUNICIPAL_SCHOOLS if municipal else Target.STATE_SCHOOLS)


def organisations(
    aims: Iterable[Aim], placements: Mapping[int, Placement], exempt: frozenset[int] = frozenset()
) -> Iterator[int]:
    """The organisations of a row, each once, in the order of `placements`."""
    aims = list(aims)
    authorities = {key for key, placement in placements.items() if placement.kind == Kind.AUTHORITY}
    for organisation_id, placement in placements.items():
        if organisation_id in exempt:
            continue
        municipal = placement.unit_id in authorities
        if any(concerns(aim, organisation_id, placement, municipal=municipal) for aim in aims):
            yield organisation_id


@dataclass(frozen=True, slots=True)
class Dated:
    """A date on which a row is due: by the plan, and literally in the decree when a person chose another one."""

    due: date | None
    decreed: date | None = None
    done: bool = False  # a person said that it was done before the signature


def dates(
    occurrences: Iterable[date],
    signed: date,
    past: str,
    past_days: int | None,
    known: Mapping[date, Dated] | None = None,
) -> list[Dated]:
    """The control dates of a row adopted by an act signed on `signed`; one without a date when it has none.

    `past` is the person's decision (`Wording.Past`) for dates earlier than the signature: keep them, count
    `past_days` calendar days from the signature, or take them as done. `known`: of an amendment, the dates that the
    plan has already, with how they are controlled; they stay so.
    """
    dated = []
    for day in occurrences:
        if known and day in known:
            dated.append(known[day])
        elif day >= signed or past in {Past.KEEP, Past.UNDECIDED}:
            dated.append(Dated(day))
        elif past == Past.COUNT:
            dated.append(Dated(signed + timedelta(days=past_days or 0), decreed=day))
        else:
            dated.append(Dated(day, done=True))
    return dated or [Dated(None)]


def early(occurrences: Iterable[str], signed: date, known: Mapping[date, Dated] | None = None) -> tuple[date, ...]:
    """Of ISO dates those before the signature about which a person has to decide: not those in the plan already."""
    days = (date.fromisoformat(day) for day in occurrences)
    return tuple(day for day in days if day < signed and day not in (known or {}))

"""The consolidated form («свод») of a wave: figures of region and municipalities, and the answers behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from profminimum.monitoring import definitions
from profminimum.monitoring.queries import answered, answers
from profminimum.monitoring.schema.model import Summary
from profminimum.monitoring.summary import columns, summed
from profminimum.orgs import access, queries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from profminimum.monitoring.models import Wave
    from profminimum.monitoring.queries.answered import Ask, Tally, Unit
    from profminimum.monitoring.summary import Column, Figure, Summed
    from profminimum.orgs.models import User

USUAL: Final = "passed"
ROUND: Final = 6  # digits after the point by which values are compared


@dataclass(frozen=True, slots=True)
class Line:
    """A field with its figures: of all, of the municipality asked for, and of each of `units`."""

    column: Column
    whole: Figure
    chosen: Figure | None
    units: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the form with its fields."""

    number: int
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Consolidated:
    """The whole of it. `answers` of `asked` organisations are counted; `guarded`: small figures are hidden."""

    parts: tuple[Part, ...]
    units: list[Unit]
    answers: int
    asked: int
    answered: Mapping[int, int]
    guarded: bool


def build(user: User, wave: Wave, ask: Ask, base: str, language: str) -> Consolidated:
    """From the answers in reach of the person; a handful of questions and one more for each 400 answers."""
    groups = answered.groups(answered.stages(user, [wave.pk], answered.Ask(on=ask.on)), ask.today)
    found = gathered(user, wave, answered.Ask(on=ask.on), base, language)
    units = answered.units(groups, wave, ask.today)
    guarded = not access.can(user, "submission.see", None)
    whole = found.whole(guarded=guarded)
    by_unit = {unit.pk: found.unit(unit.pk, guarded=guarded) for unit in units}
    total: Tally = answered.summed(groups)
    return Consolidated(
        parts=_parts(found.columns, whole, by_unit, ask),
        units=units,
        answers=sum(found.answers.values()),
        asked=total.asked,
        answered=found.answers,
        guarded=guarded,
    )


def gathered(user: User, wave: Wave, ask: Ask, base: str, language: str) -> Summed:
    form = definitions.definition(wave.version_id or 0)
    keys = answers.based(user, wave, ask, base)
    return summed(columns(form, language), ((unit, said) for unit, _place, _key, said in answers.bare(keys)))


def _parts(
    fields: tuple[Column, ...], whole: list[Figure], by_unit: Mapping[int, list[Figure]], ask: Ask
) -> tuple[Part, ...]:
    sections: dict[str, list[Line]] = {}
    for number, column in enumerate(fields):
        chosen = by_unit[ask.unit][number] if ask.unit is not None and ask.unit in by_unit else None
        line = Line(
            column=column,
            whole=whole[number],
            chosen=chosen,
            units=tuple(figures[number] for figures in by_unit.values()),
        )
        sections.setdefault(column.section, []).append(line)
    return tuple(Part(number, title, tuple(lines)) for number, (title, lines) in enumerate(sections.items()))


@dataclass(frozen=True, slots=True)
class Behind:
    """An answer that stands behind a figure, with what it says."""

    submission: int
    organisation: int
    unit: int
    name: str
    municipality: str
    value: Any


@dataclass(frozen=True, slots=True)
class Field:
    """A field by municipalities, and the answers behind it for those who may read them."""

    column: Column
    whole: Figure
    units: list[tuple[Unit, Figure]]
    behind: list[Behind]


def field(user: User, wave: Wave, ask: Ask, base: str, place: str, choice: str, language: str) -> Field | None:
    """One field in depth, the answers narrowed to `ask.unit` and to `choice`; None when it is not summed up."""
    form = definitions.definition(wave.version_id or 0)
    column = next((each for each in columns(form, language) if each.place == place), None)
    if column is None:
        return None
    wide = answered.Ask(on=ask.on)
    groups = answered.groups(answered.stages(user, [wave.pk], wide), ask.today)
    units = answered.units(groups, wave, ask.today)
    guarded = not access.can(user, "submission.see", None)
    rows = list(answers.bare(answers.based(user, wave, wide, base)))
    found = summed((column,), ((unit, said) for unit, _place, _key, said in rows))
    behind = []
    if not guarded:
        seen = {row[1] for row in _readable(user, wave, ask, base)}
        behind = _behind([row for row in rows if row[2] in seen], column, ask, choice)
    return Field(
        column=column,
        whole=found.whole(guarded=guarded)[0],
        units=[(unit, found.unit(unit.pk, guarded=guarded)[0]) for unit in units],
        behind=behind,
    )


def _readable(user: User, wave: Wave, ask: Ask, base: str) -> list[tuple[int, int]]:
    """(stage, submission) of the answers that the person may read, in the municipality asked for."""
    found = answered.stages(user, [wave.pk], ask, "submission.see").filter(state__in=answers.BASES[base])
    return list(found.values_list("pk", "submission_id"))


def _behind(rows: list[tuple[int, int, int, dict[str, Any]]], column: Column, ask: Ask, choice: str) -> list[Behind]:
    """The largest first; of choices by name."""
    given = [(unit, place, key, column.get(said)) for unit, place, key, said in rows]
    kept = [row for row in given if row[3] and (not choice or choice in row[3])]
    names = queries.known({row[1] for row in kept} | {row[0] for row in kept}, ask.today)

    def name(key: int) -> str:
        return names[key].short_name if key in names else ""

    labels = dict(column.choices)
    found = [
        Behind(
            submission=key,
            organisation=place,
            unit=unit,
            name=name(place),
            municipality=queries.unit_beside(place, unit, names),
            value=_said(column, values, labels),
        )
        for unit, place, key, values in kept
    ]
    order = {place: (names[place].sort_key if place in names else "") for _unit, place, _key, _values in kept}
    found.sort(key=lambda row: order[row.organisation])
    if column.rule != Summary.SHARE:
        found.sort(key=lambda row: -float(row.value))
    return found


def _said(column: Column, values: tuple[Any, ...], labels: Mapping[str, str]) -> Any:
    if column.rule == Summary.SHARE:
        return ", ".join(labels.get(value, str(value)) for value in values)
    total = sum(values)
    return round(total if column.rule == Summary.SUM else total / len(values), ROUND)

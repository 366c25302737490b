"""The board of a wave and its summary as workbooks: the same figures as on the pages, streamed."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from profminimum.monitoring.models import Answer
from profminimum.monitoring.queries import answered
from profminimum.monitoring.queries.answers import plain, rows
from profminimum.monitoring.schema.model import Summary
from profminimum.web.sheets import Column, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from profminimum.monitoring.models import Wave
    from profminimum.monitoring.queries.answered import Ask, Tally
    from profminimum.monitoring.queries.summary import Consolidated, Line
    from profminimum.monitoring.summary import Figure
    from profminimum.orgs.models import User
    from profminimum.web.sheets import Cell

PART: Final = 1000  # organisations named at once


def board(user: User, wave: Wave, ask: Ask, title: str, note: str) -> list[Sheet]:
    """Municipalities with their figures, then organisation by organisation."""
    found = answered.stages(user, [wave.pk], ask)
    groups = answered.groups(found, ask.today)
    columns: list[Column | str] = [
        Column(_("Municipality"), 40),
        _("Asked"),
        _("Begun"),
        pgettext("answers", "Sent"),
        _("Checked"),
        _("Accepted"),
        _("Returned for rework"),
        _("Sent in time"),
        _("Sent late"),
        _("Date passed, not sent"),
    ]
    units = answered.units(groups, wave, ask.today)
    lines: list[Sequence[Cell]] = [[unit.name, *_figures(unit.tally)] for unit in units]
    lines.append([_("In all"), *_figures(answered.summed(groups))])
    names = {unit.pk: unit.name for unit in units}
    return [Sheet(title, columns, lines, note), _organisations(user, wave, ask, note, names)]


def _figures(tally: Tally) -> list[int]:
    return [
        tally.asked, tally.begun, tally.sent, tally.passed, tally.accepted, tally.returned, tally.timely, tally.tardy,
        tally.overdue,
    ]  # fmt: skip


def _organisations(user: User, wave: Wave, ask: Ask, note: str, units: Mapping[int, str]) -> Sheet:
    columns = [
        Column(_("Organisation"), 50),
        Column(_("Municipality"), 40),
        Column(_("State"), 24),
        Column(_("Date"), 12),
        Column(_("Sent on"), 12),
        Column(_("In time"), 10),
        Column(_("In this state since"), 18),
    ]
    found = answered.named(answered.stages(user, [wave.pk], ask), ask)
    stages = plain(answered.ordered_stages(answered.pile(found, "", ask.today), ""))

    def lines() -> Iterator[Sequence[Cell]]:
        said = {True: _("yes"), False: _("no"), None: ""}
        iterator = stages.iterator(PART)
        while part := list(islice(iterator, PART)):
            for row in rows(part, ask.today):
                yield [
                    row.name,
                    units.get(row.unit, ""),
                    str(Answer(row.state).label),
                    row.due,
                    row.sent,
                    said[row.timely],
                    row.since,
                ]

    return Sheet(_("Organisations"), columns, lines(), note)


def consolidated(found: Consolidated, note: str) -> Sheet:
    """Fields by municipalities; a choice is a row of its own, a hidden figure says so."""
    columns: list[Column | str] = [
        Column(_("Section"), 24),
        Column(_("Field"), 50),
        Column(_("Unit"), 10),
        Column(_("How summed up"), 12),
        Column(_("Answers"), 9),
        Column(_("Region"), 12),
    ]
    columns += [Column(unit.name, 14) for unit in found.units]
    lines: list[Sequence[Cell]] = []
    for part in found.parts:
        for line in part.lines:
            lines += _lines(part.title, line)
    return Sheet(_("Summary"), columns, lines, note)


def rule(summary: Summary) -> str:
    """How a field is summed up, in a word."""
    return {
        Summary.SUM: _("sum"),
        Summary.MEAN: _("mean"),
        Summary.MEDIAN: _("median"),
        Summary.SHARE: _("chosen by"),
        Summary.NONE: "",
    }[summary]


def _lines(section: str, line: Line) -> list[list[Cell]]:
    head: list[Cell] = [section, line.column.title, line.column.unit, rule(line.column.rule), line.whole.base]
    if line.column.rule != Summary.SHARE:
        return [[*head, _value(line.whole), *(_value(figure) for figure in line.units)]]
    found = []
    for number, part in enumerate(line.whole.parts):
        title = f"{line.column.title}: {part.label}"
        counts: list[Cell] = [part.count, *(figure.parts[number].count for figure in line.units)]
        found.append([head[0], title, *head[2:], *counts])
    return found


def _value(figure: Figure) -> Cell:
    if figure.hidden:
        return _("fewer than 3")
    value = figure.value
    return int(value) if value is not None and value == int(value) else value

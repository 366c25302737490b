"""The control board as a workbook: the same groups as on the page, and every overdue obligation in a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from profminimum.orgs import queries
from profminimum.plan import control
from profminimum.web import wording
from profminimum.web.sheets import Column, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from profminimum.orgs.models import User
    from profminimum.plan.control import Ask, Board
    from profminimum.plan.models import PlanVersion, Standing
    from profminimum.web.sheets import Cell

NAMES_AT_ONCE = 2000  # rows of the overdue list whose names are asked for together


def board_sheets(user: User, version: PlanVersion, ask: Ask) -> list[Sheet]:
    """Rows of the plan, municipalities by rows, and everything overdue, which is read as it is written."""
    shown = control.build(user, version, ask, shown_holders=0)
    note = _("State on %(day)s. %(act)s No. %(number)s") % {
        "day": wording.exact_date(ask.today),
        "act": version.act_kind.capitalize(),
        "number": version.act_number,
    }
    return [_rows(shown, note), _matrix(shown, note), _late(user, version, ask, note)]


def _rows(shown: Board, note: str) -> Sheet:
    columns: list[Column | str] = [
        Column(pgettext("number", "No."), 6),
        Column(_("Section"), 30),
        Column(_("Measure"), 60),
        Column(_("Executors"), 30),
        Column(_("Next date"), 12),
        _("Required"),
        _("Taken off control"),
        _("Reported as done"),
        _("To be done"),
        _("Returned"),
        _("Overdue"),
        _("Not required"),
        _("Done in time"),
        Column(_("Result"), 40),
    ]
    rows: list[Sequence[Cell]] = [
        [
            line.number,
            part.title,
            line.title,
            ", ".join(line.executors),
            line.due,
            line.tally.total,
            line.tally.accepted,
            line.tally.reported,
            line.tally.working,
            line.tally.returned,
            line.tally.late,
            line.tally.waived,
            line.tally.in_time,
            line.result,
        ]
        for part in shown.parts
        for line in part.lines
    ]
    return Sheet(_("Plan"), columns, rows, note)


def _matrix(shown: Board, note: str) -> Sheet:
    columns = [Column(_("Municipality"), 40)]
    for line in shown.columns:
        columns += [
            Column(f"{line.number}: {name}", 12) for name in (pgettext("count", "required"), _("done"), _("overdue"))
        ]
    rows: list[Sequence[Cell]] = []
    for unit in shown.matrix:
        cells: list[Cell] = [unit.name]
        for _line, tally in unit.cells:
            cells += [tally.total, tally.done, tally.late] if tally else [None, None, None]
        rows.append(cells)
    return Sheet(_("Municipalities"), columns, rows, note)


def _late(user: User, version: PlanVersion, ask: Ask, note: str) -> Sheet:
    columns = [
        Column(pgettext("number", "No."), 6),
        Column(_("Measure"), 60),
        Column(_("Organisation"), 50),
        Column(_("Municipality"), 40),
        Column(_("Due"), 12),
        Column(_("Days overdue"), 10),
        Column(_("State"), 20),
    ]
    return Sheet(_("Overdue"), columns, _late_rows(user, version, ask), note)


def _late_rows(user: User, version: PlanVersion, ask: Ask) -> Iterator[Sequence[Cell]]:
    found = control.standings(user, version, ask).overdue(ask.today).select_related("measure")
    batch = []
    for standing in found.order_by("due", "measure__position", "pk").iterator(NAMES_AT_ONCE):
        batch.append(standing)
        if len(batch) == NAMES_AT_ONCE:
            yield from _named(batch, ask)
            batch = []
    yield from _named(batch, ask)


def _named(batch: list[Standing], ask: Ask) -> Iterator[Sequence[Cell]]:
    ids = {standing.organisation_id for standing in batch} | {standing.unit_id for standing in batch}
    names = queries.states(ids, ask.today)
    for standing in batch:
        organisation, unit = names.get(standing.organisation_id), names.get(standing.unit_id)
        yield [
            standing.measure.number,
            standing.measure.title,
            organisation.short_name if organisation else "",
            queries.unit_name(unit, organisation.organisation.kind) if unit and organisation else "",
            standing.due,
            (ask.today - standing.due).days if standing.due else None,
            standing.get_state_display(),
        ]

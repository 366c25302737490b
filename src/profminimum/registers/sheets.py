"""A register as a spreadsheet: the entries, those who have none, or the list of schools by level."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from profminimum.registers import listing, spoken
from profminimum.web.sheets import Column
from profminimum.web.wording import exact_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from profminimum.orgs.models import Organisation
    from profminimum.plan.pack import Field, Register
    from profminimum.registers.listing import Ask, Row
    from profminimum.registers.models import RecordQuerySet
    from profminimum.registers.roll import Roll
    from profminimum.web.sheets import Cell

CHUNK = 500


def note(kind: Register, ask: Ask) -> str:
    """What the sheet shows: the register, the school year, the day."""
    parts = [spoken.title(kind), ask.period, _("as of %(day)s") % {"day": exact_date(ask.today)}]
    return ", ".join(part for part in parts if part)


def _places() -> list[Column]:
    return [
        Column(pgettext("number", "No."), 6),
        Column(_("Organisation"), 60),
        Column(_("Short name"), 30),
        Column(_("Code"), 12),
        Column(_("Municipality"), 30),
    ]


def columns(kind: Register) -> list[Column]:
    """Headings of the entries: of a person four columns."""
    return [
        *_places(),
        *(column for field in kind.fields.values() for column in _columns(field)),
        *([Column(_("School year"), 12)] if kind.by_year else []),
        Column(_("Document"), 20),
        Column(_("Number"), 14),
        Column(_("Date of the document"), 14),
        Column(_("In force from"), 14),
        Column(_("Came from"), 24),
    ]


def _columns(field: Field) -> list[Column]:
    if field.type != "person":
        return [Column(spoken.words(field.title).capitalize(), 24)]
    title = spoken.words(field.title).capitalize()
    return [Column(title, 36), Column(_("Post"), 36), Column(_("Phone"), 18), Column(_("E-mail"), 26)]


def lines(records: RecordQuerySet, kind: Register, known: Mapping[int, str]) -> Iterator[list[Cell]]:
    """The entries, read as they are written."""
    found = records.iterator(chunk_size=CHUNK)
    for number, row in enumerate((listing.row(record, kind, known) for record in found), 1):
        yield _line(number, row, kind)


def _line(number: int, row: Row, kind: Register) -> list[Cell]:
    record = row.record
    return [
        number,
        row.full,
        row.organisation,
        row.code,
        row.unit,
        *(cell for name, field in kind.fields.items() for cell in _cells(field, record.values.get(name))),
        *([record.period] if kind.by_year else []),
        record.act_kind,
        record.act_number,
        record.act_date,
        record.since,
        _("answer to a monitoring") if record.origin else _("entered by hand"),
    ]


def _cells(field: Field, value: Any) -> list[Cell]:
    if field.type == "person":
        return list(spoken.person(value).values())
    if field.type == "hours" and isinstance(value, int | float):
        return [value]
    return [spoken.text(field, value)]


def columns_missing() -> list[Column]:
    return [*_places(), Column(_("Phone"), 18), Column(_("E-mail"), 26)]


def lines_missing(organisations: Iterable[Organisation], known: Mapping[int, str]) -> Iterator[list[Cell]]:
    """Those who have no entry, with the organisation's own contacts."""
    for number, one in enumerate(organisations, 1):
        state = one.state
        unit = listing.unit_name(one, known)
        yield [number, state.name, state.short_name, one.code, unit, state.phone, state.email]


def columns_roll() -> list[Column]:
    return [
        Column(pgettext("number", "No."), 6),
        Column(_("Level"), 16),
        Column(_("Municipality"), 30),
        Column(_("Organisation"), 60),
        Column(_("Hours a school year"), 12),
        Column(_("Act"), 36),
    ]


def lines_roll(roll: Roll, kind: Register) -> Iterator[list[Cell]]:
    """The list by levels in the order of the annex."""
    hours = kind.typed("hours")
    for group in roll.groups:
        for part in group.parts:
            for number, row in part.rows:
                given = row.record.values.get(hours.name) if hours else None
                yield [number, group.title, part.unit, row.full, given, row.act]


def counts_roll(roll: Roll) -> tuple[list[Column], list[list[Cell]]]:
    """The table of counts: municipality × level."""
    heads = [
        Column(_("Municipality"), 40),
        *(Column(title.capitalize(), 14) for title in roll.level_titles),
        Column(_("Without a level"), 14),
        Column(_("Total"), 10),
    ]
    rows: list[list[Cell]] = [
        [line.unit, *(cell.count for cell in line.cells), line.without, line.total]
        for line in [*roll.counts, roll.totals]
    ]
    return heads, rows

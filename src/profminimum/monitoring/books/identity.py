"""For whom was a workbook made? A hidden sheet says so; a file for another school, wave or version is refused.

The sum guards against a sheet that was edited or copied, not against forgery: rights are judged by who uploads.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from profminimum.monitoring.workbook import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SHEET: Final = "profminimum"
SCHOOL, WAVE = "submission", "wave"


@dataclass(frozen=True, slots=True)
class Identity:
    """`kind` SCHOOL or WAVE; `submission` and `number` (of the draft) are 0 in a workbook of a wave."""

    kind: str
    submission: int
    wave: int
    version: int
    organisation: str  # its code
    number: int
    name: str  # of the organisation
    wave_title: str
    version_number: int

    def rows(self) -> list[tuple[str, str]]:
        """What the hidden sheet holds, the sum last."""
        held = [(key, str(value)) for key, value in asdict(self).items()]
        return [*held, ("sum", _sum(held))]


class ForeignError(ValueError):
    """The file is not for what is being filled; the text says why and what to do."""


def _sum(rows: Sequence[tuple[str, str]]) -> str:
    return sha256("\n".join(f"{key}={value}" for key, value in rows).encode()).hexdigest()[:24]


def found(sheets: Mapping[str, list[list[Any]]], name: str) -> Identity:
    """What the hidden sheet of an uploaded workbook says; ForeignError when there is none or it was changed."""
    lines = [(words(row[0]), words(row[1])) for row in sheets.get(SHEET, []) if len(row) > 1]
    held = dict(lines)
    if not held:
        raise ForeignError(
            _(
                "The file «%(name)s» is not the template of a form: its service sheet is missing. "
                "Download the template anew and put the answers into it."
            )
            % {"name": name}
        )
    given = [(field.name, held.get(field.name, "")) for field in fields(Identity)]
    if held.get("sum") != _sum(given):
        raise ForeignError(
            _("The service sheet of the file «%(name)s» has been changed. Download the template anew.")
            % {"name": name}
        )
    kinds = {field.name: field.type for field in fields(Identity)}
    return Identity(**{key: int(value) if kinds[key] == "int" else value for key, value in given})  # type: ignore[arg-type]  # by the fields


def check(seen: Identity, wanted: Identity) -> None:
    """ForeignError when the file is for another school, wave or version of the form than the one wanted."""
    if seen.kind != wanted.kind:
        raise ForeignError(
            _("This is the workbook of an authority with a row per school. Upload it on the page of the wave.")
            if seen.kind == WAVE
            else _("This is the template of a single organisation. Upload it on the page of its answer.")
        )
    if seen.organisation != wanted.organisation:
        raise ForeignError(
            _("This file is for another organisation: «%(other)s» (code %(code)s), not «%(name)s».")
            % {"other": seen.name, "code": seen.organisation, "name": wanted.name}
        )
    if seen.wave != wanted.wave:
        raise ForeignError(
            _("This file is for another wave: «%(other)s», not «%(wave)s». Download the template of this wave.")
            % {"other": seen.wave_title, "wave": wanted.wave_title}
        )
    if seen.version != wanted.version:
        raise ForeignError(
            _("This file is for version %(other)d of the form, now it is version %(version)d. Download it anew.")
            % {"other": seen.version_number, "version": wanted.version_number}
        )
    if seen.submission != wanted.submission:
        raise ForeignError(_("This file is for another answer. Download the template anew."))

"""How fast does an authority's workbook of 50 fields come back with all its checks? A step: `workbook.py SCHOOLS`."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

import region  # sets Django up
from answering import answer
from answers_made import AT, DUE, adopt, campaign, more_schools, settle
from board import browser
from figures import Figure, hand_over, median, once, peak_memory
from profminimum.monitoring.books import wave as books
from profminimum.monitoring.books import wave_reading
from profminimum.monitoring.books.judging import judge
from profminimum.monitoring.books.reading import opened
from profminimum.monitoring.books.targets import raw
from profminimum.monitoring.definitions import definition
from profminimum.monitoring.queries import books as reading
from profminimum.monitoring.schema.model import Context
from profminimum.monitoring.services import waves
from profminimum.orgs import access
from profminimum.orgs.models import OrganisationState
from profminimum.web import clock
from profminimum.web.sheets import XLSX

if TYPE_CHECKING:
    from profminimum.monitoring.models import Wave

FIELDS = 50
LIMIT = 2000  # rows a second, at least
HIDDEN = re.compile(r'name="(file|seal)" value="([^"]+)"')


def open_wave(schools: int) -> tuple[Wave, Any]:
    """An open wave in which one authority has all the schools."""
    place, people = region.known()
    adopt(place, people)
    more_schools(place, schools)
    _gather(people.municipal)
    made, _version = campaign(place, people, FIELDS)
    dates = waves.Dates(AT.date(), DUE, DUE)
    planned = waves.plan_wave(made, None, dates, title="Волна", reason="замер", by=people.coordinator, at=AT)
    found = waves.open_wave(planned, by=people.coordinator, at=AT)
    settle()
    return found, people


def _gather(municipal: Any) -> None:
    """All schools under the authority of that person: written past the services."""
    seat = access.seats(municipal)[0]
    path = Concat(Value(seat.path), Cast("organisation_id", CharField()), Value("/"))
    schools = OrganisationState.objects.filter(organisation__kind="school")
    schools.update(parent=seat.organisation_id, path=path)


def filled(wave: Wave, municipal: Any) -> bytes:
    """The workbook of the authority with every cell filled."""
    place = reading.municipality(municipal, access.seats(municipal)[0], wave, clock.today())
    lines = [
        books.Line(row.organisation.code, place.names[row.organisation_id], "", 0, False, answer(FIELDS, number))
        for number, row in enumerate(place.rows)
    ]
    return books.workbook(definition(wave.version_id or 0), lines, place.identity(), ["Волна"], "ru")


def checked(data: bytes, version: int) -> int:
    """Read and check every row, without the database; how many are right."""
    form = definition(version)
    table = wave_reading.read_wave(opened(data, "ответы.xlsx"), form)
    context = Context(clock.today().isoformat(), {}, {}, {})
    found = (judge(form, raw(row.given, {}), {}, {}, context) for row in table.rows)
    return sum(not (one.unread or one.broken) for one in found)


def main(schools: int) -> None:
    wave, people = open_wave(schools)
    data = filled(wave, people.municipal)
    count = checked(data, wave.version_id or 0)
    client, address = browser(people.municipal), f"/monitoring/waves/{wave.pk}/book/"
    title = f"{connection.vendor}: a workbook of {count:,} schools × {FIELDS} ({len(data) / 2**20:.1f} MiB)"
    pure = median(lambda: checked(data, wave.version_id or 0), times=3)
    kept: list[Any] = []

    def upload() -> None:
        kept[:] = [client.post(address, {"file": SimpleUploadedFile("ответы.xlsx", data, XLSX)})]
        assert kept[0].status_code == 302

    uploaded = median(upload, times=3)
    shown = once(lambda: kept.append(client.get(kept[0].url)))
    sent = dict(HIDDEN.findall(kept[1].content.decode()))
    applied = once(lambda: client.post(address, sent))
    assert wave.submissions.filter(state="draft").count() == count
    template = once(lambda: client.get(f"/monitoring/waves/{wave.pk}/book.xlsx"))
    hand_over(
        [
            Figure(f"{title}: read with all checks, rows a second", count / pure, "", LIMIT, at_least=True),
            Figure(
                "… uploaded over the page with all checks, rows a second", count / uploaded, "", LIMIT, at_least=True
            ),
            Figure("… what it would change, shown", shown, "s"),
            Figure("… applied: drafts, stages, journal", applied, "s"),
            Figure("… the workbook made", template, "s"),
            Figure("… memory at its peak", peak_memory(), "MiB"),
        ]
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))

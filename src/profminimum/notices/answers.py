"""Who is told of what in a monitoring: those who fill, those who check, those who hold it; many entries at once."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from django.utils import timezone

from profminimum.journal.services import batch
from profminimum.monitoring.models import Submission, Wave
from profminimum.monitoring.states import EDITABLE
from profminimum.notices.consequences import LONGEST
from profminimum.notices.queries.people import staff
from profminimum.notices.services import settling
from profminimum.notices.services.telling import Fresh, tell
from profminimum.plan.models import Obligation
from profminimum.web import clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from profminimum.journal.models import Entry

AUTHOR: Final = {
    "submission.returned": "answer_returned",
    "submission.accepted": "answer_accepted",
    "submission.reopened": "answer_reopened",
}
CHECKER: Final = {"submission.submitted": "answer_sent", "submission.checked": "answer_checked"}


def _answers(entries: Iterable[Entry]) -> dict[int, Submission]:
    ids = {entry.object_id for entry in entries}
    return Submission.objects.select_related("wave").in_bulk(ids)


@batch
def tell_author(entries: Sequence[Entry]) -> None:
    """Returned, accepted, opened again: to those who filled it."""
    known = _answers(entries)
    settling.checked({row.wave_id for row in known.values()}, entries[-1].at)
    people = staff({row.organisation_id for row in known.values()}, "submission.fill", clock.today())
    fresh = []
    for entry in entries:
        row = known.get(entry.object_id)
        if row is None:
            continue
        data = {"title": row.wave.title, "reason": entry.reason[:LONGEST], "remarks": row.remarks}
        fresh += [
            Fresh(
                user=user,
                kind=AUTHOR[entry.action],
                key=f"{entry.action}:{entry.pk}",
                thing=("monitoring.submission", row.pk),
                at=entry.at,
                data=data,
                organisation=row.organisation_id,
                entry=entry.pk,
            )
            for user in people.get(row.organisation_id, ())
            if user != entry.by_id
        ]
    tell(fresh)


@batch
def tell_checkers(entries: Sequence[Entry]) -> None:
    """What waits for a check, to those whose turn it is: one line a wave and day with the number of answers."""
    known = _answers(entries)
    sent = [known[entry.object_id] for entry in entries if entry.action == "submission.submitted"]
    settling.answered([row.pk for row in sent], [row.obligation_id for row in sent], entries[-1].at)
    settling.checked({row.wave_id for row in known.values()}, entries[-1].at)
    turns = {pk: row.reviewer_id or 0 for pk, row in known.items()}
    people = staff({place for place in turns.values() if place}, "submission.check", clock.today())
    counted: dict[tuple[int, int, str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        row = known[entry.object_id]
        if turns[row.pk] and row.state == entry.after["state"]:  # what went on meanwhile waits for others
            day = timezone.localdate(entry.at).isoformat()
            counted[turns[row.pk], row.wave_id, CHECKER[entry.action], day].append(entry)
    fresh = []
    for (place, wave, kind, day), group in counted.items():
        last = group[-1]
        fresh += [
            Fresh(
                user=user,
                kind=kind,
                key=f"{kind}:{wave}:{place}:{day}",
                thing=("monitoring.wave", wave),
                at=last.at,
                data={"title": known[last.object_id].wave.title},
                organisation=place,
                entry=last.pk,
                count=len(group),
            )
            for user in people.get(place, ())
            if user != last.by_id
        ]
    tell(fresh)


@batch
def tell_wave(entries: Sequence[Entry]) -> None:
    """A wave has opened or has another date: to those who answer and to those who check."""
    for entry in entries:
        wave = Wave.objects.filter(pk=entry.object_id).first()
        if wave is None:
            continue
        opened = entry.action == "wave.opened"
        rows = wave.submissions.exclude(state="withdrawn")
        if not opened:
            rows = rows.filter(state__in=[state.value for state in EDITABLE], due=wave.due)
        answers = dict(rows.values_list("organisation_id", "pk"))
        fill = staff(answers, "submission.fill", clock.today())
        checkers = {
            place for pair in rows.values_list("checker_id", "acceptor_id").distinct() for place in pair if place
        }
        check = staff(checkers, "submission.check", clock.today())
        data = {"title": wave.title, "reason": entry.reason[:LONGEST]}
        kind = "wave_opened" if opened else "wave_moved"
        fresh = [
            _about(entry, user, kind, ("monitoring.submission", answers[place]), place, data | {"due": f"{wave.due}"})
            for place, users in fill.items()
            for user in users
        ]
        fresh += [
            _about(
                entry, user, f"{kind}_check", ("monitoring.wave", wave.pk), place, data | {"due": f"{wave.check_due}"}
            )
            for place, users in check.items()
            for user in users
        ]
        tell(one for one in fresh if one.user != entry.by_id)


@batch
def tell_asked(entries: Sequence[Entry]) -> None:
    """Asked in a wave that was open already (a new school, an exception that has ended): to those who answer."""
    known = _answers(entries)
    people = staff({row.organisation_id for row in known.values()}, "submission.fill", clock.today())
    tell(
        _about(
            entry,
            user,
            "wave_opened",
            ("monitoring.submission", row.pk),
            row.organisation_id,
            {"title": row.wave.title, "due": f"{row.due}"},
        )
        for entry in entries
        if (row := known.get(entry.object_id)) is not None and row.state in EDITABLE
        for user in people.get(row.organisation_id, ())
        if user != entry.by_id
    )


@batch
def tell_cancelled(entries: Sequence[Entry]) -> None:
    """A wave was called off: to those of whom the plan demands it still; others are told of their release."""
    for entry in entries:
        rows = Submission.objects.filter(
            wave=entry.object_id, state="withdrawn", obligation__duty=Obligation.Duty.PLAN
        )
        held = {row.organisation_id: row for row in rows.select_related("obligation__measure")}
        fresh = []
        for place, users in staff(held, "obligation.report", clock.today()).items():
            obligation = held[place].obligation
            if obligation is None:
                continue
            measure, thing = obligation.measure, ("plan.obligation", obligation.pk)
            data = {"number": measure.number, "title": measure.title[:LONGEST], "reason": entry.reason[:LONGEST]}
            fresh += [_about(entry, user, "wave_cancelled", thing, place, data) for user in users]
        tell(one for one in fresh if one.user != entry.by_id)


def _about(entry: Entry, user: int, kind: str, thing: tuple[str, int], place: int, data: dict[str, Any]) -> Fresh:
    key = f"{entry.action}:{entry.pk}:{place}:{kind}"
    return Fresh(user, kind, key, thing, entry.at, data, organisation=place, entry=entry.pk)


@batch
def tell_closed(entries: Sequence[Entry]) -> None:
    """A wave has closed: to those who accept its answers and to those who write the note."""
    for entry in entries:
        wave = Wave.objects.select_related("campaign").filter(pk=entry.object_id).first()
        if wave is None:
            continue
        places = set(wave.submissions.values_list("acceptor_id", flat=True).distinct())
        if wave.campaign.author_id:
            places.add(wave.campaign.author_id)
        data = {"title": wave.title, "answers": entry.after.get("answers", 0), "asked": entry.after.get("asked", 0)}
        tell(
            _about(entry, user, "wave_closed", ("monitoring.wave", wave.pk), place, data)
            for place, users in staff(places, "submission.fill", clock.today()).items()
            for user in users
            if user != entry.by_id
        )

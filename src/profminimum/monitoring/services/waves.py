"""How a wave lives: planned for a date of the row, opened for its audience, its date moved, closed or cancelled.

Opening gives every organisation of the audience an answer to fill with what is known already, and an obligation; the
checkers and the author of the note get theirs. All by `by`, or by the worker (None) when the day has come.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from profminimum.journal import services as journal
from profminimum.monitoring.models import Campaign, FormVersion, Submission, Wave
from profminimum.monitoring.queries.audience import NobodyAcceptsError, audience
from profminimum.monitoring.services import checks
from profminimum.monitoring.services.giving import give
from profminimum.monitoring.services.submissions import advance, lock
from profminimum.monitoring.states import EDITABLE, SENT, State, Step
from profminimum.orgs import access
from profminimum.plan.models import Obligation, Occurrence
from profminimum.plan.pack import school_year
from profminimum.plan.services import asked

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date, datetime

    from profminimum.monitoring.queries.audience import Asked
    from profminimum.orgs.models import User


@dataclass(frozen=True, slots=True)
class Dates:
    """Days in the region's zone; `closes` None: as the campaign's word on late answers has it."""

    opens: date
    due: date
    check_due: date
    closes: date | None = None


def proposed(campaign: Campaign, occurrence_due: date, today: date) -> Dates:
    """Dates that end the check on the day when the row of the plan is due; too late for that, from today on."""
    due = occurrence_due - timedelta(days=campaign.check_days)
    if due < today:
        due = today + timedelta(days=campaign.days)
    check_due = max(occurrence_due, due + timedelta(days=campaign.check_days))
    return Dates(max(due - timedelta(days=campaign.days), today), due, check_due)


def _check(dates: Dates, title: str, today: date) -> None:
    errors: dict[str, str] = {}
    if dates.due < today:
        errors["due"] = _("The date of the answers has passed already.")
    if not title.strip():
        errors["title"] = _("Give the wave a title.")
    if dates.due < dates.opens:
        errors["due"] = _("The date of the answers is earlier than the opening.")
    if dates.check_due < dates.due:
        errors["check_due"] = _("The date of the check is earlier than the date of the answers.")
    if dates.closes and dates.closes < dates.due:
        errors["closes"] = _("The wave cannot close before the answers are due.")
    if errors:
        raise ValidationError(errors)


@transaction.atomic
def plan_wave(
    campaign: Campaign,
    occurrence: Occurrence | None,
    dates: Dates,
    *,
    title: str,
    reason: str = "",
    by: User,
    at: datetime,
) -> Wave:
    """Plan a wave for a date of the row, or, with None and a reason, outside the dates of the plan.

    It opens by itself on its first day. Refuses a second wave for the same date.
    """
    access.require(by, "campaign.edit", campaign)
    _check(dates, title, timezone.localdate(at))
    if occurrence is None:
        if not reason.strip():
            raise ValidationError({"reason": _("Say why the wave is held outside the dates of the plan.")})
        occurrence = asked.occur(campaign.measure, dates.check_due, reason=reason, by=by, at=at)
    elif occurrence.measure_id != campaign.measure_id:
        raise ValidationError({"occurrence": _("This date is of another row of the plan.")})
    elif campaign.waves.filter(occurrence=occurrence).exclude(state=Wave.State.CANCELLED).exists():
        raise ValidationError({"occurrence": _("There is a wave for this date already.")})
    last = campaign.waves.order_by("-number").first()
    made = Wave.objects.create(
        campaign=campaign,
        occurrence=occurrence,
        number=last.number + 1 if last else 1,
        title=title.strip(),
        period=school_year(dates.due),
        opens=dates.opens,
        due=dates.due,
        check_due=dates.check_due,
        closes=dates.closes,
        reason=reason.strip(),
        created=at,
    )
    _record("wave.planned", made, by, at, after=_facts(made), reason=reason)
    return made


def _facts(wave: Wave) -> dict[str, Any]:
    days = {"opens": wave.opens, "due": wave.due, "check_due": wave.check_due, "closes": wave.closes}
    return {name: day.isoformat() if day else None for name, day in days.items()}


def _record(action: str, wave: Wave, by: User | None, at: datetime, **more: Any) -> None:
    journal.record(action, wave, by=by, at=at, organisation=wave.campaign.region_id, **more)


def _locked(wave: Wave, *states: str) -> Wave:
    found = (
        Wave.objects.select_for_update(of=("self",)).select_related("campaign__measure", "occurrence").get(pk=wave.pk)
    )
    if found.state not in states:
        raise ValidationError(_("The state of the wave has changed: reload the page."))
    return found


@transaction.atomic
def change_wave(wave: Wave, dates: Dates, *, title: str, by: User, at: datetime) -> Wave:
    """Other dates or another title of a wave that has not opened."""
    access.require(by, "campaign.edit", wave)
    wave = _locked(wave, Wave.State.PLANNED)
    _check(dates, title, timezone.localdate(at))
    before = _facts(wave)
    wave.title, wave.period = title.strip(), school_year(dates.due)
    wave.opens, wave.due, wave.check_due, wave.closes = dates.opens, dates.due, dates.check_due, dates.closes
    wave.save()
    _record("wave.changed", wave, by, at, before=before, after=_facts(wave))
    return wave


@transaction.atomic
def open_wave(wave: Wave, *, by: User | None, at: datetime) -> Wave:
    """Ask the audience: answers with what is known already, and obligations of all who take part.

    Whom the plan has released from the row for this date is not asked. Refuses when there is no published form,
    nobody to ask or nobody to accept, and when the date of the answers has passed; then nothing is written.
    """
    if by is not None:
        access.require(by, "campaign.edit", wave)
    wave = _locked(wave, Wave.State.PLANNED)
    campaign, today = wave.campaign, timezone.localdate(at)
    version = FormVersion.objects.filter(form=campaign.form_id, state="published").order_by("-number").first()
    if version is None:
        raise ValidationError(_("The form has no published version: publish it first."))
    if wave.due < today:
        raise ValidationError(_("The date of the answers has passed already: give the wave other dates first."))
    who = _audience(wave, today)
    if not who:
        raise ValidationError(
            _("The audience is empty: nobody would be asked. Look at the filters of the monitoring.")
        )
    earlier = campaign.waves.filter(state__in=[Wave.State.OPEN, Wave.State.CLOSED]).order_by("-number").first()
    wave.version, wave.previous, wave.state, wave.opened = version, earlier, Wave.State.OPEN, at
    wave.save()
    give(wave, who, due=wave.due, by=by, at=at)
    duties = _ask_others(wave, who, by=by, at=at)
    _record("wave.opened", wave, by, at, after=_facts(wave) | {"answers": len(who)} | duties)
    return wave


def _audience(wave: Wave, today: date, only: Collection[int] | None = None) -> list[Asked]:
    """The audience of the campaign without those whom the plan has released from the row for this date."""
    free = asked.spared(wave.occurrence)
    ours = Submission.objects.filter(obligation__in=free.values(), state=State.WITHDRAWN.value)
    free_of_us = set(ours.values_list("organisation_id", flat=True))  # by an exception, or a wave that was called off
    try:
        who = audience(wave.campaign, today, wave.period, only=only)
    except NobodyAcceptsError:
        raise ValidationError(_("The region has no organisation that accepts the answers.")) from None
    return [one for one in who if one.organisation_id not in free or one.organisation_id in free_of_us]


def _ask_others(wave: Wave, who: Collection[Asked], *, by: User | None, at: datetime) -> dict[str, int]:
    """The duties of the checkers and of the author of the note."""
    checkers = _checkers(who)
    checks.give(wave, checkers, by=by, at=at)
    author = wave.campaign.author_id
    if author:
        due = wave.occurrence.due or wave.check_due
        asked.ask(wave.occurrence, Obligation.Duty.NOTE, [author], due=max(due, wave.check_due), by=by, at=at)
    return {"checkers": len(checkers), "notes": int(author is not None)}


def _checkers(who: Iterable[Asked]) -> set[int]:
    return {place for one in who for place in (one.checker_id, one.acceptor_id) if place}


@transaction.atomic
def add(wave: Wave, places: Collection[int], *, by: User | None, at: datetime) -> int:
    """Ask these organisations too, as far as the campaign's audience has them; returns how many are new.

    What had been sent before they were no longer asked is theirs to send again. When the date of the wave has passed
    they get as many days as the campaign gives.
    """
    wave = _locked(wave, Wave.State.OPEN)
    today = timezone.localdate(at)
    due = wave.due if wave.due >= today else today + timedelta(days=wave.campaign.days)
    who = {one.organisation_id: one for one in _audience(wave, today, places)}
    known = dict(wave.submissions.filter(organisation__in=who).values_list("organisation_id", "state"))
    gone = lock(
        wave.submissions.filter(organisation__in=who, state=State.WITHDRAWN.value).values_list("pk", flat=True)
    )
    for row in gone:
        one = who[row.organisation_id]
        place: dict[str, Any] = {"unit_id": one.unit_id, "checker_id": one.checker_id, "acceptor_id": one.acceptor_id}
        step = Step.RESTORE if row.number else Step.RESUME
        advance([row], step, by=by, at=at, journalled=False, due=max(row.due, due), **place)
        asked.resumed([row.obligation_id] if row.obligation_id else [], row.due, by=by, at=at)
    fresh = [one for one in who.values() if one.organisation_id not in known]
    give(wave, fresh, due=due, by=by, at=at)
    came = {one.organisation_id for one in fresh} | {row.organisation_id for row in gone}
    if came:
        checks.give(wave, _checkers([who[key] for key in came]), by=by, at=at)
        rows: list[tuple[Any, int, dict[str, Any], dict[str, Any]]] = [
            (row, row.organisation_id, {}, {"due": row.due.isoformat()})
            for row in wave.submissions.filter(organisation__in=came)
        ]
        journal.record_many("submission.asked", rows, by=by, at=at)
    return len(came)


@transaction.atomic
def withdraw(wave: Wave, places: Collection[int], *, reason: str, by: User | None, at: datetime) -> int:
    """No longer ask these organisations for what they have not finished; returns how many."""
    rows = _withdrawn(wave, places, reason=reason, by=by, at=at)
    if rows:
        asked.released(_owed(rows), by=by, at=at, reason=reason)
        checks.finish(wave.occurrence_id, at=at)
    return len(rows)


def _owed(rows: Iterable[Submission]) -> list[int]:
    """Their obligations, without those by which another monitoring of the same date still asks them."""
    ids = {row.obligation_id for row in rows if row.obligation_id}
    others = Submission.objects.filter(obligation__in=ids).exclude(state=State.WITHDRAWN.value)
    return sorted(ids - set(others.values_list("obligation_id", flat=True)))


def _withdrawn(
    wave: Wave, places: Collection[int], *, reason: str, by: User | None, at: datetime
) -> list[Submission]:
    open_ = [state.value for state in (*EDITABLE, State.SUBMITTED)]
    rows = lock(wave.submissions.filter(organisation__in=places, state__in=open_).values_list("pk", flat=True))
    if rows:
        advance(rows, Step.WITHDRAW, by=by, at=at, reason=reason, journalled=False)
    return rows


@transaction.atomic
def extend(wave: Wave, *, due: date, reason: str, by: User, at: datetime) -> Wave:
    """A later date for all whose turn it still is; dates granted to single organisations stay when they are later.

    A wave that has closed opens again. Refuses a date that has passed.
    """
    access.require(by, "campaign.edit", wave)
    wave, today = _locked(wave, Wave.State.OPEN, Wave.State.CLOSED), timezone.localdate(at)
    errors: dict[str, str] = {}
    if due <= wave.due:
        errors["due"] = _("The new date must be later than %(due)s.") % {"due": f"{wave.due:%d.%m.%Y}"}
    elif due < today:
        errors["due"] = _("The date of the answers has passed already.")
    if not reason.strip():
        errors["reason"] = _("Say why the date is moved.")
    if errors:
        raise ValidationError(errors)
    before = _facts(wave)
    moved = due - wave.due
    wave.due, wave.check_due = due, max(wave.check_due, due, wave.check_due + moved)
    wave.closes = wave.closes + moved if wave.closes else None
    wave.state, wave.closed = Wave.State.OPEN, None
    wave.save()
    reschedule(
        lock(wave.submissions.filter(due__lt=due).values_list("pk", flat=True)), due, reason=reason, by=by, at=at
    )
    checks.give(wave, checks.busy(wave.occurrence_id, today), by=by, at=at)
    notes = Obligation.objects.filter(occurrence=wave.occurrence_id, duty=Obligation.Duty.NOTE)
    asked.rescheduled(notes.values_list("pk", flat=True), wave.check_due, by=by, at=at, reason=reason)
    _record("wave.extended", wave, by, at, before=before, after=_facts(wave), reason=reason)
    return wave


def reschedule(rows: Iterable[Submission], due: date, *, reason: str, by: User | None, at: datetime) -> int:
    """Another date of these answers as far as they are not sent; their obligations move with them."""
    open_ = [row for row in rows if State(row.state) in EDITABLE]
    if open_:
        advance(open_, Step.RESCHEDULE, by=by, at=at, reason=reason, journalled=False, due=due)
        asked.rescheduled([row.obligation_id for row in open_ if row.obligation_id], due, by=by, at=at, reason=reason)
    return len(open_)


@transaction.atomic
def close(wave: Wave, *, by: User | None, at: datetime) -> Wave:
    """Take no more first answers. What is sent goes on being checked; what was returned may be sent again."""
    if by is not None:
        access.require(by, "campaign.edit", wave)
    wave = _locked(wave, Wave.State.OPEN)
    wave.state, wave.closed = Wave.State.CLOSED, at
    wave.save()
    counts = Counter(wave.submissions.values_list("state", flat=True))
    sent = sum(counts[state.value] for state in SENT)
    _record("wave.closed", wave, by, at, after={"answers": sent, "asked": sum(counts.values())})
    checks.finish(wave.occurrence_id, at=at)
    return wave


@transaction.atomic
def cancel(wave: Wave, *, reason: str, by: User, at: datetime) -> Wave:
    """Call a wave off, with a reason: nobody owes anything by it any more; what was answered is kept.

    What the plan itself demands of organisations for that date they report by hand again.
    """
    access.require(by, "campaign.edit", wave)
    wave = _locked(wave, Wave.State.PLANNED, Wave.State.OPEN)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the wave is cancelled.")})
    places = list(wave.submissions.values_list("organisation_id", flat=True))
    rows = _withdrawn(wave, places, reason=reason, by=by, at=at)
    asked.given_back(_owed(rows), by=by, at=at, reason=reason)
    wave.state, wave.closed = Wave.State.CANCELLED, at
    wave.save()
    others = Obligation.objects.filter(occurrence=wave.occurrence_id).exclude(duty__in=["", Obligation.Duty.ANSWER])
    needed = _needed(wave)
    gone = [pk for pk, *of in others.values_list("pk", "duty", "organisation_id") if tuple(of) not in needed]
    asked.released(gone, by=by, at=at, reason=reason)
    _record("wave.cancelled", wave, by, at, reason=reason)
    return wave


def _needed(wave: Wave) -> set[tuple[str, int]]:
    """(duty, organisation) that other monitorings of the same date of the plan still need."""
    others = Wave.objects.filter(occurrence=wave.occurrence_id, state__in=[Wave.State.OPEN, Wave.State.CLOSED])
    notes = {(Obligation.Duty.NOTE.value, place) for place in others.values_list("campaign__author_id", flat=True)}
    pairs = others.values_list("submissions__checker_id", "submissions__acceptor_id").distinct()
    found = {(Obligation.Duty.CHECK.value, place) for pair in pairs for place in pair} | notes
    return {(duty, place) for duty, place in found if place}


def open_due(now: datetime) -> int:
    """Open the planned waves whose day has come; one that cannot open stays planned and says so on its page."""
    opened = 0
    for wave in Wave.objects.filter(state=Wave.State.PLANNED, opens__lte=timezone.localdate(now)):
        try:
            open_wave(wave, by=None, at=now)
        except ValidationError:
            continue
        opened += 1
    return opened


def close_due(now: datetime) -> int:
    """Close the open waves whose last day has passed."""
    today = timezone.localdate(now)
    ended = Wave.objects.filter(state=Wave.State.OPEN, closes__lt=today)
    late = Wave.objects.filter(
        state=Wave.State.OPEN, closes=None, campaign__late=Campaign.Late.CLOSE, due__lt=today
    ).exclude(submissions__due__gte=today)
    found = list({wave.pk: wave for wave in (*ended, *late)}.values())
    for wave in found:
        close(wave, by=None, at=now)
    return len(found)

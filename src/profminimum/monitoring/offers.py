"""What is to be done for an obligation that a monitoring carries? Fill the answer, check answers, write the note."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from profminimum.monitoring.models import Answer, Submission, Wave
from profminimum.monitoring.queries.checking import folds
from profminimum.monitoring.states import EDITABLE, State
from profminimum.plan.models import Obligation
from profminimum.plan.offers import Offer, Waiting
from profminimum.web import wording

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from profminimum.orgs.access import Seat

Duty = Obligation.Duty


def build(obligations: list[Obligation]) -> dict[int, Offer]:
    """At most three questions: the answers, the waves, how much waits for each checker."""
    return _answers([one for one in obligations if one.by_form and one.duty != Duty.CHECK]) | _others(
        [one for one in obligations if one.duty in {Duty.CHECK, Duty.NOTE}]
    )


def _address(name: str, *args: Any) -> str:
    """Of a page that this installation may lack."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _answers(obligations: list[Obligation]) -> dict[int, Offer]:
    if not obligations:
        return {}
    rows = Submission.objects.filter(obligation__in=[one.pk for one in obligations]).order_by("pk")
    found = {}
    for pk, obligation, state, number, title in rows.values_list(
        "pk", "obligation", "state", "number", "wave__title"
    ):
        if obligation is not None:
            found[obligation] = _of_answer(pk, State(state), number, title)
    return found


def _of_answer(pk: int, state: State, number: int, title: str) -> Offer:
    actions = {
        State.EXPECTED: pgettext("answer", "Fill in"),
        State.DRAFT: _("Go on filling in"),
        State.RETURNED: _("Mend"),
    }
    note = "" if state == State.EXPECTED else str(Answer(state.value).label)
    if state == State.RETURNED and not number:
        note = ""
    return Offer(
        title=_("Fill in: %(title)s") % {"title": title},
        url=_address("submission", pk) or reverse("check", args=[pk]),
        action=actions.get(state, _("Open the answer")),
        note=note,
        proof=_("A form is to be filled in") if state in EDITABLE else "",
    )


def _others(obligations: list[Obligation]) -> dict[int, Offer]:
    """The duties of the checkers and of the author of the note: of the wave that is held for the same date."""
    if not obligations:
        return {}
    held = Wave.objects.filter(occurrence__in={one.occurrence_id for one in obligations})
    waves = {wave.occurrence_id: wave for wave in held.exclude(state=Wave.State.CANCELLED).order_by("-pk")}
    checks = [one for one in obligations if one.duty == Duty.CHECK]
    counts = _waiting(waves.values(), checks) if checks else {}
    found = {}
    for one in obligations:
        wave = waves.get(one.occurrence_id)
        if wave is None:
            continue
        if one.duty == Duty.CHECK:
            found[one.pk] = _of_check(wave, counts.get((wave.pk, one.organisation_id), 0))
        else:
            found[one.pk] = Offer(
                title=_("Write the analytical note: %(title)s") % {"title": wave.title},
                url=_address("wave", wave.pk),
                action=_("To the answers"),
            )
    return found


def _waiting(waves: Iterable[Wave], checks: list[Obligation]) -> dict[tuple[int, int], int]:
    rows = (
        Submission.objects.filter(
            wave__in=[wave.pk for wave in waves], reviewer__in={one.organisation_id for one in checks}
        )
        .order_by()
        .values_list("wave", "reviewer")
        .annotate(count=Count("pk"))
    )
    return {(wave, reviewer): count for wave, reviewer, count in rows if reviewer is not None}


def _of_check(wave: Wave, count: int) -> Offer:
    waits = ngettext("%(n)s waits", "%(n)s wait", count) % {"n": wording.thin(count)}
    return Offer(
        title=_("Check the answers: %(title)s") % {"title": wave.title},
        url=f"{reverse('checking')}?wave={wave.pk}",
        action=_("Begin the check") if count else _("To the queue"),
        note=waits if count else _("nothing waits now"),
        proof=_("Done when every answer is checked"),
    )


def wait(seat: Seat, today: date) -> list[Waiting]:
    """The answers that wait for the check of this seat, folded by wave. One question."""
    return [
        Waiting(
            title=_("Check the answers: %(title)s") % {"title": fold.title},
            number=fold.measure,
            url=f"{reverse('checking')}?wave={fold.wave}",
            count=fold.count,
            days=fold.days,
        )
        for fold in folds(seat, today)
    ]

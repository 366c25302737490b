"""What is to be done for an obligation that a monitoring carries? Fill the answer, check answers, write the note."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db.models import Case, Count, F, FilteredRelation, Q, When
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from profminimum.monitoring.models import Answer, Wave
from profminimum.monitoring.queries.checking import VERB, Desk, folds
from profminimum.monitoring.states import EDITABLE, State
from profminimum.orgs import access
from profminimum.plan.models import Obligation
from profminimum.plan.offers import Offer, Waiting
from profminimum.web import wording

if TYPE_CHECKING:
    from datetime import date

    from profminimum.orgs.access import Seat

Duty = Obligation.Duty
NOBODY: Final = [0]  # an empty list in a join would empty the whole answer


def build(obligations: list[Obligation]) -> dict[int, Offer]:
    """One question: the waves held for the dates of these obligations, with what is theirs of the answers."""
    known = {one.pk: one for one in obligations}
    waves: dict[int, tuple[int, str]] = {}  # occurrence → wave, title
    counts: dict[tuple[int, int], int] = {}  # occurrence, checker → how much waits
    found: dict[int, Offer] = {}
    for row in _rows(obligations):
        waves[row["occurrence"]] = (row["pk"], row["title"])
        if row["reviewer"] is not None:
            key = (row["occurrence"], row["reviewer"])
            counts[key] = counts.get(key, 0) + row["count"]
        if row["mine"] is not None:
            found[row["of"]] = _of_answer(row["mine"], State(row["stands"]), row["title"])
    for one in known.values():
        if one.occurrence_id not in waves:
            continue
        wave, title = waves[one.occurrence_id]
        if one.duty == Duty.CHECK:
            found[one.pk] = _of_check(wave, title, counts.get((one.occurrence_id, one.organisation_id), 0))
        elif one.duty == Duty.NOTE:
            found[one.pk] = _of_note(wave, title)
    return found


def _rows(obligations: list[Obligation]) -> Any:
    """Wave by wave: the answers to these obligations one by one, and how much waits for each of the checkers."""
    answers = [one.pk for one in obligations if one.by_form and one.duty != Duty.CHECK] or NOBODY
    checkers = [one.organisation_id for one in obligations if one.duty == Duty.CHECK] or NOBODY
    theirs = Q(row__obligation__in=answers)

    def of(name: str) -> Case:
        return Case(When(theirs, then=F(f"row__{name}")))

    return (
        Wave.objects.filter(occurrence__in={one.occurrence_id for one in obligations})
        .exclude(state=Wave.State.CANCELLED)
        .annotate(
            row=FilteredRelation(
                "submissions",
                condition=Q(submissions__obligation__in=answers) | Q(submissions__reviewer__in=checkers),
            )
        )
        .order_by("-pk")
        .values("pk", "title", "occurrence", mine=of("pk"), of=of("obligation"), stands=of("state"))
        .annotate(reviewer=F("row__reviewer"), count=Count("row__pk"))
    )


def _address(name: str, *args: Any) -> str:
    """Of a page that this installation may lack."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _of_answer(pk: int, state: State, title: str) -> Offer:
    actions = {
        State.EXPECTED: pgettext("answer", "Fill in"),
        State.DRAFT: _("Go on filling in"),
        State.RETURNED: _("Mend"),
    }
    note = "" if state == State.EXPECTED else str(Answer(state.value).label)
    return Offer(
        title=_("Fill in: %(title)s") % {"title": title},
        url=_address("submission", pk) or reverse("check", args=[pk]),
        action=actions.get(state, _("Open the answer")),
        note=note,
        proof=_("A form is to be filled in") if state in EDITABLE else "",
    )


def _of_check(wave: int, title: str, count: int) -> Offer:
    waits = ngettext("%(n)s waits", "%(n)s wait", count) % {"n": wording.thin(count)}
    return Offer(
        title=_("Check the answers: %(title)s") % {"title": title},
        url=f"{reverse('checking')}?wave={wave}",
        action=_("Begin the check") if count else _("To the queue"),
        note=waits if count else _("nothing waits now"),
        proof=_("Done when every answer is checked"),
    )


def _of_note(wave: int, title: str) -> Offer:
    return Offer(
        title=_("Write the analytical note: %(title)s") % {"title": title},
        url=_address("wave", wave),
        action=_("To the answers"),
    )


def wait(seat: Seat, today: date) -> list[Waiting]:
    """The answers that wait for the check of this seat, folded by wave. One question."""
    if seat.role not in access.GRANTS[VERB]:
        return []
    desk = Desk(seat.organisation_id, frozenset({seat.organisation_id}))
    return [
        Waiting(
            title=_("Check the answers: %(title)s") % {"title": fold.title},
            number=fold.measure,
            url=f"{reverse('checking')}?wave={fold.wave}",
            count=fold.count,
            days=fold.days,
        )
        for fold in folds(desk, today)
    ]

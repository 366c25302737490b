"""How another date is asked for and decided; the date of the plan stays in the obligation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from profminimum.journal import services as journal
from profminimum.orgs import access
from profminimum.plan.models import Extension, Obligation
from profminimum.plan.services.obligations import advance, lock, require_all
from profminimum.plan.states import OPEN, State, Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from profminimum.orgs.models import User
    from profminimum.plan.models import Standing


@transaction.atomic
def request(obligation: Obligation, *, new_due: date, reason: str, by: User, at: datetime) -> Extension:
    """Ask for another date. Refuses without a reason, without a later date, and while one waits."""
    access.require(by, "obligation.report", obligation)
    (last,) = lock([obligation.pk])
    errors = {}
    if State(last.state) not in OPEN or last.due is None:
        errors["new_due"] = _("There is no date to move: it is reported, taken off control or has no date.")
    elif new_due <= last.due:
        errors["new_due"] = _("The new date must be later than %(due)s.") % {"due": last.due.strftime("%d.%m.%Y")}
    if not reason.strip():
        errors["reason"] = _("Say why the date cannot be met.")
    if obligation.extensions.filter(decision="").exists():
        errors["new_due"] = _("One request is waiting for a decision already.")
    if errors or last.due is None:
        raise ValidationError(errors)
    asked = Extension.objects.create(
        obligation=obligation, asked=at, asked_by=by, reason=reason.strip(), old_due=last.due, new_due=new_due
    )
    journal.record(
        "extension.requested",
        obligation,
        by=by,
        at=at,
        organisation=obligation.organisation_id,
        before={"due": asked.old_due.isoformat()},
        after={"due": new_due.isoformat()},
        reason=asked.reason,
    )
    return asked


def _open(extension: Extension) -> Extension:
    locked = Extension.objects.select_for_update(of=("self",)).select_related("obligation").get(pk=extension.pk)
    if locked.decision:
        raise ValidationError(_("This request has been decided already. Reload the page."))
    return locked


@transaction.atomic
def decide(
    extension: Extension, *, granted: bool, by: User, at: datetime, reason: str = "", new_due: date | None = None
) -> Extension:
    """Grant (perhaps with another date than asked for) or refuse, the latter with a reason."""
    access.require(by, "obligation.decide", extension)
    extension = _open(extension)
    due = new_due or extension.new_due
    if not granted and not reason.strip():
        raise ValidationError({"reason": _("Say why the request is refused.")})
    if granted and due <= extension.old_due:
        raise ValidationError({"new_due": _("The new date must be later than the old one.")})
    extension.new_due = due
    extension.decision = Extension.Decision.GRANTED if granted else Extension.Decision.REFUSED
    extension.decided, extension.decided_by, extension.decision_reason = at, by, reason.strip()
    extension.save()
    journal.record(
        "extension.granted" if granted else "extension.refused",
        extension.obligation,
        by=by,
        at=at,
        organisation=extension.obligation.organisation_id,
        before={"due": extension.old_due.isoformat()},
        after={"due": due.isoformat() if granted else extension.old_due.isoformat()},
        reason=reason.strip(),
    )
    if granted:
        advance(lock([extension.obligation_id]), Step.RESCHEDULE, by=by, at=at, reason=extension.reason, due=due)
    return extension


@transaction.atomic
def withdraw(extension: Extension, *, by: User, at: datetime) -> Extension:
    """Take the request back before it is decided."""
    access.require(by, "obligation.report", extension)
    extension = _open(extension)
    extension.decision, extension.decided, extension.decided_by = Extension.Decision.WITHDRAWN, at, by
    extension.save()
    journal.record(
        "extension.withdrawn", extension.obligation, by=by, at=at, organisation=extension.obligation.organisation_id
    )
    return extension


@transaction.atomic
def extend(ids: Iterable[int], *, new_due: date, reason: str, by: User, at: datetime) -> int:
    """Move the date of many obligations by the ministry's or the controller's own decision; returns how many.

    Each gets a granted request in the decider's name, so that the story is told in one way. Refuses as a whole when
    one of them is not open, has no date or already a later one.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the date is moved.")})
    standings = lock(ids)
    require_all(by, "obligation.decide", standings)
    for last in standings:
        if State(last.state) not in OPEN or last.due is None or last.due >= new_due:
            raise ValidationError(
                {
                    "new_due": _("«%(what)s»: the date cannot be moved to an earlier one, nor when it is reported.")
                    % {"what": last.obligation.measure}
                }
            )
    _grant_all(standings, new_due, reason.strip(), by, at)
    journal.record_many(
        "extension.granted",
        [
            (
                last.obligation,
                last.organisation_id,
                {"due": last.due.isoformat() if last.due else None},
                {"due": new_due.isoformat()},
            )
            for last in standings
        ],
        by=by,
        at=at,
        reason=reason.strip(),
    )
    advance(standings, Step.RESCHEDULE, by=by, at=at, reason=reason, due=new_due)
    return len(standings)


def _grant_all(standings: Sequence[Standing], new_due: date, reason: str, by: User, at: datetime) -> None:
    """Answer the requests that wait with the new date, and give everybody else a request that is granted."""
    ids = [last.obligation_id for last in standings]
    waiting = Extension.objects.filter(obligation__in=ids, decision="")
    asked = set(waiting.values_list("obligation_id", flat=True))
    waiting.update(
        decision=Extension.Decision.GRANTED, decided=at, decided_by=by, decision_reason=reason, new_due=new_due
    )
    Extension.objects.bulk_create(
        Extension(
            obligation_id=last.obligation_id,
            asked=at,
            asked_by=by,
            reason=reason,
            old_due=last.due,
            new_due=new_due,
            decision=Extension.Decision.GRANTED,
            decided=at,
            decided_by=by,
        )
        for last in standings
        if last.due and last.obligation_id not in asked
    )

"""What has been done needs no notice any more: what told of it counts as read, and the inbox shows what is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import Q

from profminimum.monitoring.models import Submission
from profminimum.notices.models import Notice
from profminimum.notices.services.figures import recount
from profminimum.orgs.services.states import chunks
from profminimum.plan.models import Standing
from profminimum.plan.states import State

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from profminimum.notices.querysets import NoticeQuerySet

ANSWER: Final = ("wave_opened", "wave_moved", "answer_returned", "answer_reopened", "before", "on", "late")
DUTY: Final = ("returned", "resumed", "before", "on", "late")


def answered(submissions: Collection[int], obligations: Collection[int | None], at: datetime) -> None:
    """These answers have been sent: nobody need be asked for them any more. The caller holds the transaction."""
    mine = Q(object_type="monitoring.submission", object_id__in=submissions)
    mine |= Q(object_type="plan.obligation", object_id__in=[pk for pk in obligations if pk], count=1)
    _read(Notice.objects.unread().filter(mine, kind__in=ANSWER), at)


def checked(waves: Collection[int], at: datetime) -> None:
    """Where nothing of these waves waits any more, the notices that something waits are settled."""
    busy = set(Submission.objects.filter(wave__in=waves).exclude(reviewer=None).values_list("wave_id", "reviewer_id"))
    told = Notice.objects.unread().filter(
        object_type="monitoring.wave", object_id__in=waves, kind__in=("answer_sent", "answer_checked")
    )
    done = [
        pk for pk, wave, place in told.values_list("pk", "object_id", "organisation_id") if (wave, place) not in busy
    ]
    _read(Notice.objects.filter(pk__in=done), at)


def reported(obligations: Collection[int], at: datetime) -> None:
    """These have been reported: who was to do them need not be reminded."""
    mine = Notice.objects.unread().filter(object_type="plan.obligation", object_id__in=obligations, count=1)
    _read(mine.filter(kind__in=DUTY), at)


def reviewed(measures: Collection[int], at: datetime) -> None:
    """Where no report on these rows waits any more, the notices that some wait are settled."""
    busy = set(
        Standing.objects.at()
        .filter(measure__in=measures, state=State.REPORTED.value, obligation__by_form=False)
        .order_by()
        .values_list("measure_id", "reviewer_id")
        .distinct()
    )
    told = Notice.objects.unread().filter(object_type="plan.measure", object_id__in=measures, kind="reported")
    done = [
        pk for pk, row, place in told.values_list("pk", "object_id", "organisation_id") if (row, place) not in busy
    ]
    _read(Notice.objects.filter(pk__in=done), at)


def _read(notices: NoticeQuerySet, at: datetime) -> None:
    found = list(notices.values_list("pk", "user_id"))
    for part in chunks([pk for pk, _user in found]):
        Notice.objects.filter(pk__in=part).update(read=at)
    recount({user for _pk, user in found})

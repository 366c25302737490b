"""The letter of the day: what is new since the last one, what is late or due, what waits; or no letter."""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from profminimum.journal.timers import stopping
from profminimum.notices import texts
from profminimum.notices.models import Letter, MailChoice, Notice
from profminimum.notices.queries.outstanding import NEAR, outstanding
from profminimum.notices.services.letters import Draft, write
from profminimum.orgs.models import Membership, User
from profminimum.plan import phrases
from profminimum.web import wording

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from profminimum.notices.queries.outstanding import Outstanding
    from profminimum.plan.models import Standing

PART: Final = 50  # people in one transaction
OLDEST: Final = timedelta(days=7)  # what is older is no news
SHOWN: Final = 15  # lines of a kind in one letter


logger = logging.getLogger("profminimum.letters")


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    more: str
    link: str


def write_digests(now: datetime) -> int:
    """From the hour of the settings on, look once a day at everybody; how many letters were written."""
    local = timezone.localtime(now)
    if local.hour < settings.DIGEST_HOUR:
        return 0
    today, written = local.date(), 0
    working = Membership.objects.active(today).values("user")
    left = User.objects.filter(is_active=True, pk__in=working).exclude(mail_choice__looked__gte=today)
    while not stopping.is_set():
        people = list(left.order_by("pk")[:PART])
        if not people:
            break
        written += _look(people, today, now)
    return written


@transaction.atomic
def _look(people: Sequence[User], today: date, now: datetime) -> int:
    """Write the letters of these people and note that they have been looked at: both or neither."""
    ids = [person.pk for person in people]
    MailChoice.objects.bulk_create([MailChoice(user_id=pk) for pk in ids], ignore_conflicts=True)
    wanted = dict(MailChoice.objects.filter(user__in=ids).values_list("user_id", "digest"))
    MailChoice.objects.filter(user__in=ids).update(looked=today)
    todo, regions = outstanding(ids, today)
    news = _news(ids, now)
    drafts: list[Draft] = []
    told: dict[str, list[int]] = {}
    for person in people:
        digest = wanted[person.pk]
        fresh = [one for one in news[person.pk] if digest or one.kind in texts.ALWAYS]
        mine = todo[person.pk] if digest else None
        said = _unsaid(fresh, mine, today)
        if not person.email or not (said or (mine and (mine.late or mine.near))):
            continue
        key = f"digest:{person.pk}:{today}"
        try:
            made = _letter(person, key, said, mine, regions.get(person.pk), today)
        except Exception:
            logger.exception("the digest of person %d cannot be written; the others go", person.pk)
            continue
        told[key] = [one.pk for one in fresh]
        drafts.append(made)
    for key, letter in write(drafts, at=now).items():
        Notice.objects.filter(pk__in=told[key]).update(letter=letter)
    return len(drafts)


def _news(ids: Sequence[int], now: datetime) -> dict[int, list[Notice]]:
    """What nobody has read yet and no letter has told."""
    found: dict[int, list[Notice]] = defaultdict(list)
    rows = Notice.objects.filter(Q(read=None), user__in=ids, letter=None, at__gt=now - OLDEST)
    for row in rows.exclude(kind="called").order_by("-at", "-pk"):
        found[row.user_id].append(row)
    return found


def _letter(
    person: User, key: str, news: Sequence[Notice], mine: Outstanding | None, region: int | None, today: date
) -> Draft:
    with translation.override(person.language):
        values = {
            "name": person.full_name,
            "day": wording.human_date(today, today),
            "fresh": [_new(one) for one in news[:SHOWN]],
            "fresh_more": max(len(news) - SHOWN, 0),
            "late": [_due(row, mine, today) for row in mine.late[:SHOWN]] if mine else [],
            "late_more": max(len(mine.late) - SHOWN, 0) if mine else 0,
            "near": [_due(row, mine, today) for row in mine.near[:SHOWN]] if mine else [],
            "near_more": max(len(mine.near) - SHOWN, 0) if mine else 0,
            "waits": _waits(mine) if mine else [],
            "inbox": settings.ORIGIN + reverse("notices"),
            "duties": settings.ORIGIN + reverse("duties"),
        }
        return Draft(
            key=key,
            kind=Letter.Kind.DIGEST,
            address=person.email,
            subject=_subject(len(news), len(mine.late) if mine else 0, values["day"]),
            text=render_to_string("notices/letters/digest.txt", values).strip() + "\n",
            user=person.pk,
            region=region,
        )


def _unsaid(fresh: Sequence[Notice], mine: Outstanding | None, today: date) -> list[Notice]:
    """Without the reminders of what the letter lists below by its date anyway."""
    if mine is None:
        return list(fresh)
    listed = str(today + timedelta(days=NEAR))
    return [one for one in fresh if one.kind not in texts.DATED or (one.data.get("due") or listed) > listed]


def _subject(fresh: int, late: int, day: object) -> str:
    said = _("Education roadmap, %(day)s") % {"day": day}
    if late:
        text = ngettext("%(n)s obligation is overdue", "%(n)s obligations are overdue", late)
    elif fresh:
        text = ngettext("%(n)s notice", "%(n)s notices", fresh)
    else:
        return said
    return f"{said}: {text % {'n': wording.thin(late or fresh)}}"


def _new(notice: Notice) -> Line:
    said = texts.said(notice)
    reason = " ".join(said.reason.split())
    more = " · ".join(part for part in (said.about, f"«{reason}»" if reason else "") if part)
    return Line(said.title, more, settings.ORIGIN + said.href if said.href else "")


def _due(row: Standing, mine: Outstanding, today: date) -> Line:
    """What it is and, of a monitoring, what is to be done; the link leads to where it is done."""
    title = texts.numbered(row.measure.number, phrases.plain(row.measure.title))
    duty = texts.duty(row.obligation.duty)
    answer = mine.submissions.get(row.obligation_id)
    there = reverse("submission", args=[answer]) if answer else reverse("obligation", args=[row.obligation_id])
    return Line(f"{title} · {duty}" if duty else title, wording.deadline(row.due, today), settings.ORIGIN + there)


def _waits(mine: Outstanding) -> list[Line]:
    """How much waits for the person's check or word, and where."""
    found = [
        (
            mine.answers,
            ngettext("%(n)s answer to a monitoring to check", "%(n)s answers to a monitoring to check", mine.answers),
            reverse("checking"),
        ),
        (
            mine.reports,
            ngettext("%(n)s report of execution to check", "%(n)s reports of execution to check", mine.reports),
            reverse("obligations") + "?reviewer=me&state=reported",
        ),
        (
            mine.requests,
            ngettext(
                "%(n)s request for another date to decide on",
                "%(n)s requests for another date to decide on",
                mine.requests,
            ),
            reverse("obligations") + "?extension=me",
        ),
    ]
    return [Line(text % {"n": wording.thin(n)}, "", settings.ORIGIN + there) for n, text, there in found if n]

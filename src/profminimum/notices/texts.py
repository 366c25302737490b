"""What does a notice say? Words in the reader's language from its kind, its count and its data, when it is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from profminimum.plan import phrases
from profminimum.web import wording

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django_stubs_ext import StrPromise

    from profminimum.notices.models import Notice

# where a notice stands in the filter of the inbox
GROUPS: Final[Mapping[str, tuple[StrPromise, tuple[str, ...]]]] = {
    "returned": (gettext_lazy("Returned"), ("returned", "answer_returned", "answer_reopened", "resumed", "refused")),
    "reminders": (gettext_lazy("Reminders"), ("before", "on", "late", "escalated", "called")),
    "check": (
        gettext_lazy("To be checked and decided"),
        ("reported", "requested", "answer_sent", "answer_checked", "wave_opened_check", "wave_moved_check"),
    ),
    "plan": (gettext_lazy("By the plan"), ("assigned", "accepted", "waived", "granted")),
    "monitoring": (
        gettext_lazy("Monitoring"),
        ("wave_opened", "wave_moved", "wave_closed", "wave_cancelled", "answer_accepted"),
    ),
}
DATED: Final = frozenset({"before", "on", "late"})  # reminders of a date
ALWAYS: Final = frozenset({"returned", "answer_returned", "answer_reopened", "resumed"})  # also without the digest
_LOOKS: Final[Mapping[str, tuple[str, str]]] = {  # kind → icon, tone; «info, calm» for the rest
    "returned": ("back", "warn"),
    "answer_returned": ("back", "warn"),
    "answer_reopened": ("back", "warn"),
    "resumed": ("back", "warn"),
    "refused": ("cross", "bad"),
    "granted": ("check", "ok"),
    "accepted": ("check", "ok"),
    "answer_accepted": ("check", "ok"),
    "waived": ("dash", "calm"),
    "before": ("clock", "info"),
    "on": ("clock", "warn"),
    "late": ("alert", "bad"),
    "escalated": ("alert", "bad"),
    "called": ("mail", "warn"),
    "reported": ("sent", "info"),
    "requested": ("clock", "warn"),
    "answer_sent": ("sent", "info"),
    "answer_checked": ("sent", "info"),
    "assigned": ("plus", "info"),
    "wave_opened": ("pencil", "info"),
    "wave_opened_check": ("pencil", "info"),
    "wave_moved": ("calendar", "info"),
    "wave_cancelled": ("dash", "warn"),
    "wave_moved_check": ("calendar", "info"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """`title` says what has happened, `about` what it concerns, `reason` quotes a person."""

    title: str
    about: str
    reason: str
    href: str
    icon: str
    tone: str


def said(notice: Notice) -> Said:
    """The words of a notice; of a kind that this version does not know, what it is about."""
    data = notice.data
    title = _TITLES[notice.kind](notice, data) if notice.kind in _TITLES else ""
    icon, tone = _LOOKS.get(notice.kind, ("info", "calm"))
    return Said(
        title or about(notice), about(notice) if title else "", data.get("reason", ""), href(notice), icon, tone
    )


def about(notice: Notice) -> str:
    """«п. 2. Назначение ответственных», the title of a wave, or nothing when many things are folded together."""
    data = notice.data
    title = phrases.plain(data.get("title", ""))
    if notice.kind in {"assigned", "before", "on", "late", "escalated", "called"} and notice.count > 1:
        return data.get("places", "") if notice.kind == "escalated" else ""
    place = data.get("place", "") if notice.count == 1 else ""
    parts = (numbered(data.get("number", ""), title), duty(data.get("duty", "")), place)
    return " · ".join(part for part in parts if part)


def duty(name: str) -> str:
    """What is to be done for a monitoring; nothing of what the plan itself demands."""
    said = {"answer": _("answer the monitoring"), "check": _("check the answers"), "note": _("write the note")}
    return said.get(name, "")


def numbered(number: str, title: str) -> str:
    """«п. 2 · Назначение ответственных»: a row of the plan in one line."""
    said = _("row %(number)s") % {"number": number} if number else ""
    return " · ".join(part for part in (said, title) if part)


def _day(data: Mapping[str, Any]) -> str:
    try:
        return wording.human_date(date.fromisoformat(data.get("due") or ""))
    except ValueError:
        return ""


def _counted(forms: wording.Counted) -> Callable[[Notice, Mapping[str, Any]], str]:
    def title(notice: Notice, data: Mapping[str, Any]) -> str:  # noqa: ARG001 - as all titles
        plain = f"{notice.count} "
        return (forms % {"n": notice.count}).replace(plain, f"{wording.thin(notice.count)}{wording.NBSP}", 1)

    return title


def _glued(text: str, number: int, **more: str) -> str:
    thin = wording.thin(number)
    return text.replace("%(n)s ", f"%(n)s{wording.NBSP}") % {"n": thin, **more}


def _plain(text: StrPromise) -> Callable[[Notice, Mapping[str, Any]], str]:
    return lambda _notice, _data: str(text)


def _dated(text: StrPromise) -> Callable[[Notice, Mapping[str, Any]], str]:
    return lambda _notice, data: str(text) % {"day": _day(data)}


def _before(notice: Notice, data: Mapping[str, Any]) -> str:
    n = notice.count
    return _glued(
        ngettext("The date of %(n)s obligation is %(day)s", "The date of %(n)s obligations is %(day)s", n),
        n,
        day=_day(data),
    )


def _late(notice: Notice, data: Mapping[str, Any]) -> str:
    n, days = notice.count, int(data.get("days", 1))
    late = wording.count_of(days, "day")
    return _glued(
        ngettext("%(n)s obligation is overdue by %(late)s", "%(n)s obligations are overdue by %(late)s", n),
        n,
        late=late,
    )


def _escalated(notice: Notice, data: Mapping[str, Any]) -> str:
    n, days = notice.count, int(data.get("days", 7))
    late = wording.count_of(days, "day")
    return _glued(
        ngettext(
            "%(n)s obligation has been overdue for %(late)s, the organisation does not answer",
            "%(n)s obligations have been overdue for %(late)s, the organisations do not answer",
            n,
        ),
        n,
        late=late,
    )


def _closed(notice: Notice, data: Mapping[str, Any]) -> str:  # noqa: ARG001 - as all titles
    share = wording.share(int(data.get("answers", 0)), int(data.get("asked", 0)))
    return _("The monitoring is closed, answered: %(share)s") % {"share": share}


_TITLES: Final[Mapping[str, Callable[[Notice, Mapping[str, Any]], str]]] = {
    "assigned": _counted(
        ngettext_lazy("%(n)s obligation is assigned to you", "%(n)s obligations are assigned to you", "n")
    ),
    "returned": _plain(gettext_lazy("Returned for rework")),
    "accepted": _plain(gettext_lazy("Taken off control")),
    "waived": _plain(gettext_lazy("You are released from the obligation")),
    "resumed": _plain(gettext_lazy("Put under control again")),
    "granted": _dated(gettext_lazy("Another date is granted: until %(day)s")),
    "refused": _plain(gettext_lazy("Another date is refused")),
    "reported": _counted(
        ngettext_lazy(
            "%(n)s report of execution waits for your check", "%(n)s reports of execution wait for your check", "n"
        )
    ),
    "requested": _counted(
        ngettext_lazy(
            "%(n)s request for another date waits for you", "%(n)s requests for another date wait for you", "n"
        )
    ),
    "answer_sent": _counted(
        ngettext_lazy("%(n)s answer was sent for checking", "%(n)s answers were sent for checking", "n")
    ),
    "answer_checked": _counted(
        ngettext_lazy(
            "%(n)s answer was checked and waits for you", "%(n)s answers were checked and wait for you", "n"
        )
    ),
    "answer_returned": _plain(gettext_lazy("The answer was returned for rework")),
    "answer_accepted": _plain(gettext_lazy("The answer was accepted")),
    "answer_reopened": _plain(gettext_lazy("The accepted answer was opened again")),
    "wave_opened": _dated(gettext_lazy("A monitoring has opened: answer until %(day)s")),
    "wave_opened_check": _dated(gettext_lazy("A monitoring has opened: check the answers until %(day)s")),
    "wave_moved": _dated(gettext_lazy("The date of the monitoring is moved to %(day)s")),
    "wave_moved_check": _dated(gettext_lazy("The date of the check is moved to %(day)s")),
    "wave_closed": _closed,
    "wave_cancelled": _plain(gettext_lazy("The monitoring was called off: report on the obligation by hand")),
    "before": _before,
    "on": _counted(
        ngettext_lazy("Today is the last day of %(n)s obligation", "Today is the last day of %(n)s obligations", "n")
    ),
    "late": _late,
    "escalated": _escalated,
    "called": _plain(gettext_lazy("You are reminded")),
}


def href(notice: Notice) -> str:
    """Where the thing is: its own page when there is one, else the list in which it stands."""
    kind, many, thing = notice.kind, notice.count > 1, notice.object_id
    lists = {
        "escalated": "?state=overdue",
        "reported": f"?reviewer=me&state=reported&measure={thing}",
        "requested": "?extension=me" if many else "",
    }
    if lists.get(kind):
        return f"{_url('obligations')}{lists[kind]}"
    if kind in {"answer_sent", "answer_checked"}:
        queue = _url("checking")
        return f"{queue}?wave={thing}" if queue else _url("wave", thing)
    if many and kind in {"assigned", "before", "on", "late", "called"}:
        return _url("duties")
    answer = notice.data.get("submission")
    own = _url("submission", answer) if answer else ""
    return own or _url(notice.object_type.rpartition(".")[2], thing) or _url("duties")


def _url(name: str, *arguments: int) -> str:
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""

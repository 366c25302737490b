"""How is what was understood of a row said to a person: the term, its days, what a proposal would change?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from profminimum.decree import calendar
from profminimum.decree.model import Term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from django_stubs_ext import StrPromise

    from profminimum.plan.models import Wording

KINDS: Final[Mapping[str, StrPromise]] = {
    "date": gettext_lazy("by a date"),
    "span": gettext_lazy("during a period"),
    "recurring": gettext_lazy("repeated"),
    "schedule": gettext_lazy("by a schedule of its own"),
    "continuous": gettext_lazy("all the time"),
    "event": gettext_lazy("tied to an event"),
    "unknown": gettext_lazy("not understood"),
}
REPEATS: Final[Mapping[str, StrPromise]] = {
    "": gettext_lazy("not repeated"),
    "FREQ=WEEKLY": gettext_lazy("every week"),
    "FREQ=MONTHLY": gettext_lazy("every month"),
    "FREQ=MONTHLY;INTERVAL=3": gettext_lazy("every quarter"),
    "FREQ=MONTHLY;INTERVAL=6": gettext_lazy("every half-year"),
    "FREQ=YEARLY": gettext_lazy("every year"),
}
NEAREST: Final = ("before", "after")  # working days beside a day off, as a proposal calls them
FIELDS: Final[Mapping[str, StrPromise]] = {
    "number": gettext_lazy("number"),
    "title": gettext_lazy("measure"),
    "items": gettext_lazy("items"),
    "section": gettext_lazy("section"),
    "term": gettext_lazy("term"),
    "term_kind": gettext_lazy("kind of term"),
    "start": gettext_lazy("beginning"),
    "due": gettext_lazy("term"),
    "rrule": gettext_lazy("repetition"),
    "dates": gettext_lazy("control dates"),
    "occurrences": gettext_lazy("control dates"),
    "results": gettext_lazy("result"),
    "executors": gettext_lazy("executors"),
    "school_year": gettext_lazy("school year"),
    "end": gettext_lazy("end"),
    "act_kind": gettext_lazy("kind of act"),
    "act_number": gettext_lazy("number of the act"),
    "act_date": gettext_lazy("date of the act"),
}


@dataclass(frozen=True, slots=True)
class Day:
    """A control date; `off` when it is no working day, then `before` and `after` are the nearest ones."""

    on: date
    weekday: str
    off: bool
    before: date
    after: date


def day(value: date) -> Day:
    """The day with its weekday and its neighbours in the working calendar of Russia."""
    found = calendar.occurrences(Term(text="", kind="date", due=value), None)
    before, after = (found[0].working_before, found[0].working_after) if found else (value, value)
    return Day(value, formats.date_format(value, "l").lower(), before != value, before, after)


def days(occurrences: Iterable[str]) -> tuple[Day, ...]:
    """As `day`, for ISO dates."""
    return tuple(day(date.fromisoformat(value)) for value in occurrences)


def repeats(rrule: str) -> str:
    """«раз в полгода» for a rule of RFC 5545; a rule without a word of its own is shown as it is."""
    parts = dict(part.split("=", 1) for part in rrule.removeprefix("RRULE:").split(";") if "=" in part)
    often, interval = parts.get("FREQ", ""), int(parts.get("INTERVAL", "1"))
    plain = f"FREQ={often}" + (f";INTERVAL={interval}" if interval > 1 else "") if often else ""
    if plain in REPEATS:
        return str(REPEATS[plain])
    if often == "MONTHLY":
        return ngettext("every %(n)d month", "every %(n)d months", interval) % {"n": interval}
    if often == "WEEKLY":
        return ngettext("every %(n)d week", "every %(n)d weeks", interval) % {"n": interval}
    return rrule


def _exact(raw: Any) -> str:
    return f"{date.fromisoformat(str(raw)):%d.%m.%Y}"


_VALUES: Final[Mapping[str, Callable[[Any], str]]] = {
    **dict.fromkeys(("start", "due", "end", "act_date"), _exact),
    "occurrences": lambda raw: ", ".join(_exact(one) for one in raw),
    "term_kind": lambda raw: str(KINDS.get(str(raw), raw)),
    "rrule": lambda raw: repeats(str(raw)),
    "results": lambda raw: "; ".join(str(one.get("text", "")) for one in raw),
    "executors": lambda raw: ", ".join(str(one) for one in raw),
}


def value(field: str, raw: Any) -> str:
    """A value of a corrected field as it is kept in the journal, for reading."""
    if raw in (None, "", []):
        return "—"
    return _VALUES.get(field, str)(raw)


@dataclass(frozen=True, slots=True)
class Offer:
    """One way to accept a proposal, in words; `key` is «proposal», or which working day beside a day off."""

    key: str
    text: str


def offers(proposal: Mapping[str, str] | None, *, due: date | None, start: date | None) -> tuple[Offer, ...]:
    """The ways to accept a proposal: none, one, or, for a day off, the working days around it."""
    if not proposal:
        return ()
    if "before" in proposal and "after" in proposal:
        old = date.fromisoformat(proposal["date"])
        said = _("term %(old)s → %(new)s, %(weekday)s")
        return tuple(Offer(key, _moved(said, old, proposal[key])) for key in NEAREST)
    text = "; ".join(_said(proposal, due, start))
    return (Offer("proposal", text),) if text else ()


def _said(proposal: Mapping[str, str], due: date | None, start: date | None) -> Iterator[str]:
    if proposal.get("start") and start and proposal["start"] != start.isoformat():
        yield _moved(_("beginning %(old)s → %(new)s, %(weekday)s"), start, proposal["start"])
    elif proposal.get("start") and not start:
        yield _("beginning %(new)s") % {"new": _exact(proposal["start"])}
    if proposal.get("due") and due:
        yield _moved(_("term %(old)s → %(new)s, %(weekday)s"), due, proposal["due"])
    elif proposal.get("due"):
        yield _("control date %(new)s") % {"new": _exact(proposal["due"])}
    if proposal.get("end"):
        yield _("end %(new)s") % {"new": _exact(proposal["end"])}
    if proposal.get("number"):
        yield _("number %(new)s") % {"new": proposal["number"]}
    if proposal.get("name"):
        yield _("«%(written)s» is «%(name)s»") % {"written": proposal.get("written", ""), "name": proposal["name"]}
    if proposal.get("executor"):
        yield _("«%(name)s» becomes an executor of the row") % {"name": proposal["executor"]}


def _moved(said: str, old: date, new: str) -> str:
    to = date.fromisoformat(new)
    return said % {"old": f"{old:%d.%m.%Y}", "new": f"{to:%d.%m.%Y}", "weekday": formats.date_format(to, "l").lower()}


def moved(wording: Wording, old: str, new: str) -> dict[str, Any]:
    """The changes that put one control date (ISO) of a row on another day; a single date takes the term with it."""
    if wording.due and wording.due.isoformat() == old and not wording.rrule:
        return {"due": date.fromisoformat(new)}
    return {"occurrences": sorted(new if day == old else day for day in wording.occurrences)}

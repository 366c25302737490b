"""How does a state look? A word, a sign and a tone for each, so that it is never colour alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django_stubs_ext import StrPromise


@dataclass(frozen=True, slots=True)
class Look:
    """`icon` is a symbol of icons.svg, `tone` one of ok, info, warn, bad, calm."""

    word: StrPromise | str
    icon: str
    tone: str


LOOKS: Final[Mapping[str, Look]] = {
    "assigned": Look(pgettext_lazy("state", "assigned"), "circle", "calm"),
    "working": Look(pgettext_lazy("state", "in progress"), "half", "calm"),
    "reported": Look(pgettext_lazy("state", "reported as done"), "sent", "info"),
    "accepted": Look(pgettext_lazy("state", "taken off control"), "check", "ok"),
    "returned": Look(pgettext_lazy("state", "returned"), "back", "warn"),
    "waived": Look(pgettext_lazy("state", "not required"), "dash", "calm"),
    "overdue": Look(pgettext_lazy("state", "overdue"), "alert", "bad"),
    "late": Look(pgettext_lazy("state", "overdue"), "alert", "bad"),
    "draft": Look(pgettext_lazy("state", "draft"), "pencil", "calm"),
    "adopted": Look(pgettext_lazy("state", "adopted"), "check", "ok"),
    "superseded": Look(pgettext_lazy("state", "no longer in force"), "dash", "calm"),
    "submitted": Look(pgettext_lazy("state", "sent for checking"), "sent", "info"),
    "checked": Look(pgettext_lazy("state", "checked"), "check", "info"),
    "requested": Look(pgettext_lazy("state", "requested"), "clock", "warn"),
    "granted": Look(pgettext_lazy("state", "granted"), "check", "ok"),
    "refused": Look(pgettext_lazy("state", "refused"), "cross", "bad"),
    "soon": Look(pgettext_lazy("state", "due soon"), "clock", "warn"),
    "risk": Look(pgettext_lazy("state", "at risk"), "clock", "warn"),
    "active": Look(pgettext_lazy("state", "active"), "check", "ok"),
    "closed": Look(pgettext_lazy("state", "closed"), "dash", "calm"),
    "invited": Look(pgettext_lazy("state", "invited"), "clock", "info"),
    "error": Look(pgettext_lazy("state", "error"), "cross", "bad"),
    "warning": Look(pgettext_lazy("state", "warning"), "alert", "warn"),
    "info": Look(pgettext_lazy("state", "for information"), "info", "info"),
    "success": Look(pgettext_lazy("state", "done"), "check", "ok"),
}


_ALERTS: Final = {"ok": "success", "warn": "warning", "bad": "error", "calm": "info", "debug": "info"}


def alert(kind: str, tone: str = "") -> str:
    """One of info, success, warning, error: from itself, a tone, or the level of a Django message."""
    wanted = tone or kind
    return _ALERTS.get(wanted, wanted)


def look(state: str) -> Look:
    """The look of a state; an unknown one is shown calmly by its own name."""
    return LOOKS.get(str(state)) or Look(str(state), "circle", "calm")

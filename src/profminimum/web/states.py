"""How does a state look? A word, a sign and a tone for each, so that it is never colour alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy

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
    "assigned": Look(gettext_lazy("assigned"), "circle", "calm"),
    "working": Look(gettext_lazy("in progress"), "half", "calm"),
    "reported": Look(gettext_lazy("reported as done"), "sent", "info"),
    "accepted": Look(gettext_lazy("taken off control"), "check", "ok"),
    "returned": Look(gettext_lazy("returned"), "back", "warn"),
    "waived": Look(gettext_lazy("not required"), "dash", "calm"),
    "overdue": Look(gettext_lazy("overdue"), "alert", "bad"),
    "late": Look(gettext_lazy("overdue"), "alert", "bad"),
    "draft": Look(gettext_lazy("draft"), "pencil", "calm"),
    "adopted": Look(gettext_lazy("adopted"), "check", "ok"),
    "superseded": Look(gettext_lazy("no longer in force"), "dash", "calm"),
    "submitted": Look(gettext_lazy("sent for checking"), "sent", "info"),
    "checked": Look(gettext_lazy("checked"), "check", "info"),
    "requested": Look(gettext_lazy("requested"), "clock", "warn"),
    "granted": Look(gettext_lazy("granted"), "check", "ok"),
    "refused": Look(gettext_lazy("refused"), "cross", "bad"),
    "soon": Look(gettext_lazy("due soon"), "clock", "warn"),
    "risk": Look(gettext_lazy("at risk"), "clock", "warn"),
    "active": Look(gettext_lazy("active"), "check", "ok"),
    "closed": Look(gettext_lazy("closed"), "dash", "calm"),
    "invited": Look(gettext_lazy("invited"), "clock", "info"),
    "error": Look(gettext_lazy("error"), "cross", "bad"),
    "warning": Look(gettext_lazy("warning"), "alert", "warn"),
    "info": Look(gettext_lazy("for information"), "info", "info"),
    "success": Look(gettext_lazy("done"), "check", "ok"),
}


def look(state: str) -> Look:
    """The look of a state; an unknown one is shown calmly by its own name."""
    return LOOKS.get(str(state)) or Look(str(state), "circle", "calm")

"""Who has answered? The page of a wave with its curve, municipalities and schools; those who have not, to call."""

from __future__ import annotations

from dataclasses import astuple, dataclass, replace
from typing import TYPE_CHECKING, Any, Final, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from profminimum.monitoring import sheets
from profminimum.monitoring.models import Wave
from profminimum.monitoring.queries import answered, curve
from profminimum.monitoring.states import EDITABLE
from profminimum.orgs import access, queries
from profminimum.web import clock
from profminimum.web.http import conditional, paginate
from profminimum.web.sheets import stream_xlsx

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import FileResponse, HttpRequest, HttpResponse
    from django_stubs_ext import StrPromise

    from profminimum.monitoring.models import Stage
    from profminimum.monitoring.queries.answered import Ask, Group, Tally
    from profminimum.monitoring.queries.curve import Curve
    from profminimum.orgs.models import User
    from profminimum.web.http import ListPage

NAMED: Final = 5  # of those who will probably be late, on the page of the wave
SIZE: Final = 100
# the way of an answer, then what else one asks of it: pile → (word, tone when there are any)
CHAIN: Final[Mapping[str, tuple[StrPromise, str]]] = {
    "": (gettext_lazy("asked"), ""),
    "begun": (pgettext_lazy("answers", "begun"), ""),
    "sent": (pgettext_lazy("answers", "sent"), ""),
    "passed": (pgettext_lazy("answers", "checked"), ""),
    "accepted": (pgettext_lazy("answers", "accepted"), "ok"),
}
BESIDES: Final[Mapping[str, tuple[StrPromise, str]]] = {
    "timely": (gettext_lazy("sent in time"), ""),
    "tardy": (gettext_lazy("sent late"), "warn"),
    "overdue": (gettext_lazy("date passed, not sent"), "bad"),
    "returned": (gettext_lazy("returned for rework"), "warn"),
}
TABS: Final[tuple[tuple[str, StrPromise, str], ...]] = (
    ("unsent", gettext_lazy("Have not sent"), ""),
    ("expected", gettext_lazy("Have not begun"), ""),
    ("draft", gettext_lazy("Filling"), ""),
    ("overdue", gettext_lazy("Overdue"), "bad"),
    ("likely", gettext_lazy("Will probably be late"), "warn"),
)
BEHIND: Final = frozenset({"expected", "draft", "unsent", "overdue"})  # piles that have a list with contacts


@dataclass(frozen=True, slots=True)
class Link:
    """A figure of the chain: how many, of how many, where the list of them is."""

    word: str
    count: int
    pile: str
    tone: str
    behind: bool


def person(request: HttpRequest) -> User:
    return cast("User", request.user)


def wave_of(request: HttpRequest, pk: int, verb: str = "wave.see") -> Wave:
    """The wave for those who hold the right; 404 for those whose region has no such wave."""
    found = answered.seen_wave(person(request), pk)
    if found is None:
        raise Http404
    access.require(request.user, verb, None)
    return found


@login_required
@require_safe
def wave(request: HttpRequest, pk: int) -> HttpResponse:
    """Now or, with `?on=`, at the end of a past day; `unit` shows the organisations of a municipality."""
    found, ask = wave_of(request, pk), answered.read(request.GET)
    groups = answered.groups(answered.stages(person(request), [found.pk], ask), ask.today)

    def build() -> HttpResponse:
        return render(request, "monitoring/wave_page.html", _board(request, found, ask, groups))

    facts = (found.pk, found.state, found.title, found.due, found.closes, ask.unit)
    figures = sorted((group.unit_id, astuple(group.tally)) for group in groups)
    return conditional(request, (facts, figures, clock.today(), getattr(request, "seat", None)), build)


def _board(request: HttpRequest, found: Wave, ask: Ask, groups: list[Group]) -> dict[str, Any]:
    user, total = person(request), answered.summed(groups)
    drawn = curve.build(user, found, ask) if found.opened and total.asked else None
    units = answered.units(groups, found, ask.today)
    page = None
    if ask.unit is not None or (len(units) == 1 and total.asked):
        page = _organisations(request, found, ask, total)
    likely = drawn.forecast.likely if drawn else []
    names = queries.known({*likely[:NAMED], *([row.organisation_id for row in page] if page else [])}, ask.today)
    context = shared(request, found, ask)
    return context | {
        "total": total,
        "chain": _links(CHAIN, total),
        "besides": _links(BESIDES, total),
        "units": answered.sorted_units(units, ask.sort),
        "unit": next((unit for unit in units if unit.pk == ask.unit), None),
        "page": page,
        "rows": [(row, names.get(row.organisation_id)) for row in page] if page else [],
        "curve": drawn,
        "likely": [(names[key], drawn.forecast.chances[key]) for key in likely[:NAMED] if key in names]
        if drawn
        else [],
        "likely_count": len(likely),
        "forecast": _forecast(drawn, found, ask),
        "open": _open(total),
    }


def _open(total: Tally) -> int:
    """How many have something to do: the same whom a reminder reaches."""
    return sum(getattr(total, state.value) for state in EDITABLE)


def _links(words: Mapping[str, tuple[StrPromise, str]], total: Tally) -> list[Link]:
    return [
        Link(
            str(word),
            count := getattr(total, pile) if pile else total.asked,
            pile,
            tone if count else "",
            pile in BEHIND,
        )
        for pile, (word, tone) in words.items()
    ]


def _forecast(drawn: Curve | None, found: Wave, ask: Ask) -> bool:
    """Is there anything to foretell: an open wave whose date has not passed, with answers to come?"""
    return (
        drawn is not None
        and found.state == Wave.State.OPEN
        and drawn.left > 0
        and drawn.sent < drawn.asked
        and (ask.on is None or ask.on >= found.opens)
    )


def _organisations(request: HttpRequest, found: Wave, ask: Ask, total: Tally) -> ListPage:
    named = answered.named(answered.stages(person(request), [found.pk], ask), replace(ask, words=""))
    listed = answered.pile(named, ask.state, ask.today).select_related("submission")
    ordered = answered.ordered_stages(listed, ask.sort or "organisation")
    count = getattr(total, ask.state) if ask.state else total.asked
    return paginate(request, answered.Counted(ordered, count), SIZE)


def shared(request: HttpRequest, found: Wave, ask: Ask) -> dict[str, Any]:
    """What every page of a wave shows: its head, its neighbours, the rights that decide on links."""
    user = request.user
    return {
        "wave": found,
        "ask": ask,
        "as_of": ask.on,
        "reads": bool(access.can(user, "submission.see", None)),
        "edits": bool(access.can(user, "campaign.edit", found)),
        "boards": bool(access.can(user, "wave.see", None)),
        "prepares": found.state == Wave.State.OPEN and bool(access.can(user, "submission.prepare", None)),
        "reminds": found.state == Wave.State.OPEN
        and ask.on is None
        and bool(access.can(user, "obligation.review", None)),
    }


@login_required
@require_safe
def wave_behind(request: HttpRequest, pk: int) -> HttpResponse:
    """Those whose answer has not come, with whom to call; `state=likely`: those whom the model names."""
    found, ask = wave_of(request, pk), answered.read(request.GET)
    user = person(request)
    likely = request.GET.get("state") == "likely"
    state = "likely" if likely else ask.state if ask.state in BEHIND else "unsent"
    stages = answered.stages(user, [found.pk], ask)
    counts = answered.piled(stages, ask.today)
    drawn = curve.build(user, found, ask) if found.opened and counts["unsent"] else None
    chances = drawn.forecast.chances if drawn and _forecast(drawn, found, ask) else {}
    counts["likely"] = len(drawn.forecast.likely) if drawn and chances else 0
    named = answered.named(stages, replace(ask, words=""))
    listed = answered.pile(named, "unsent" if likely else state, ask.today)
    if likely:
        listed = listed.filter(organisation__in=drawn.forecast.likely if drawn and chances else [])
    ordered = answered.ordered_stages(listed, ask.sort)
    page = paginate(request, answered.Counted(ordered, counts[state]), SIZE)
    context = shared(request, found, ask) | {
        "state": state,
        "tabs": [
            (key, title, tone if counts[key] else "", counts[key])
            for key, title, tone in TABS
            if counts[key] or key in (state, "unsent", "expected")
        ],
        "page": page,
        "rows": answered.behind(cast("list[Stage]", list(page)), user, ask.today, chances),
        "chances": bool(chances),
        "open": counts["unsent"] + counts["returned"],
    }
    return render(request, "monitoring/behind_list.html", context)


@login_required
@require_safe
def wave_xlsx(request: HttpRequest, pk: int) -> FileResponse:
    """The board as a workbook: municipalities, and every organisation with where its answer stands."""
    found, ask = wave_of(request, pk), answered.read(request.GET)
    title = _("Who has answered")
    note = _("%(wave)s. State on %(day)s") % {"wave": found.title, "day": f"{ask.today:%d.%m.%Y}"}
    return stream_xlsx(
        f"wave-{found.pk}-{ask.today:%Y-%m-%d}.xlsx", sheets.board(person(request), found, ask, title, note)
    )

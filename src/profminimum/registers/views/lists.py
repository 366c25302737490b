"""Which registers are there, who stands in them and who does not, on a day; and the same as a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from profminimum.orgs import access
from profminimum.registers import listing, overview, roll, sheets, spoken
from profminimum.registers.forms import FilterForm
from profminimum.registers.queries import kinds
from profminimum.web import clock
from profminimum.web.http import paginate
from profminimum.web.sheets import Sheet, stream_csv, stream_xlsx

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse

    from profminimum.plan.pack import Register
    from profminimum.registers.listing import Ask
    from profminimum.web.sheets import Cell, Column


def known_register(name: str) -> Register:
    """The register of that name, else 404."""
    found = kinds().get(name)
    if found is None:
        raise Http404(_("There is no such register."))
    return found


def region_of(request: HttpRequest) -> int:
    """The region for which the person acts now."""
    seat = getattr(request, "seat", None)
    if seat is None:
        raise Http404(_("You have no role in any organisation today."))
    region: int = seat.region_id
    return region


@login_required
@require_safe
def registers(request: HttpRequest) -> HttpResponse:
    """All registers with their figures, as of today or of `?on=`."""
    user: Any = request.user
    region = region_of(request)
    access.require(user, "register.see", None)
    on = listing.day(request.GET.get("on", ""))
    context = {
        "lines": overview.lines(user, region, on),
        "on": on,
        "as_of": on if on != clock.today() else None,
    }
    return render(request, "registers/overview.html", context)


@login_required
@require_safe
def register(request: HttpRequest, kind: str) -> HttpResponse:
    """The entries that fit the filter; `?view=missing` those who have none, `?view=levels` the list by level."""
    user: Any = request.user
    one, region = known_register(kind), region_of(request)
    access.require(user, "register.see", None)
    ask = listing.read(request.GET, one)
    known = listing.units(region, ask.today)
    periods = listing.periods(region, one, ask)
    seen = _units_seen(user, known)
    form = FilterForm(request.GET, kind=one, units=seen, periods=periods, today=clock.today())
    entries, lacking = listing.found(user, region, one, ask), listing.missing(user, region, one, ask)
    context: dict[str, Any] = {
        "kind": one,
        "title": spoken.title(one),
        "heads": [spoken.words(field.title) for field in one.fields.values()],
        "level_field": one.typed("level"),
        "ask": ask,
        "form": form,
        "as_of": ask.on,
        "narrow": bool(ask.words or ask.unit or ask.level),
        "can_edit": access.can(user, "register.edit", None),
    }
    if ask.view == "levels":
        context |= {"roll": roll.build(user, region, one, ask, known), "counts": (entries.count(), lacking.count())}
        return render(request, "registers/levels.html", context)
    if ask.view == "missing":
        page = paginate(request, lacking)
        rows: Any = [(organisation, listing.unit_name(organisation, known)) for organisation in page]
        context |= {"counts": (entries.count(), page.paginator.count)}
    else:
        page = paginate(request, listing.ordered(entries, one, ask))
        rows = listing.rows(page, one, known)
        context |= {"counts": (page.paginator.count, lacking.count())}
    return render(request, "registers/register.html", context | {"page": page, "rows": rows})


def _units_seen(user: Any, known: Mapping[int, str]) -> Mapping[int, str]:
    """The municipalities to choose from, for those who see more than one."""
    wide = any(
        access.Reach.REGION in access.GRANTS["register.see"].get(seat.role, frozenset())
        for seat in access.seats(user)
    )
    return known if wide else {}


@login_required
@require_safe
def export(request: HttpRequest, kind: str, form: str) -> FileResponse | StreamingHttpResponse:
    """What the page shows under the same filter, in whatever length, as XLSX or CSV."""
    user: Any = request.user
    if form not in ("xlsx", "csv"):
        raise Http404
    one, region = known_register(kind), region_of(request)
    access.require(user, "register.see", None)
    ask = listing.read(request.GET, one)
    made = _sheets(user, region, one, ask)
    name = f"register-{one.name}-{ask.view or 'entries'}-{ask.today:%Y-%m-%d}.{form}"
    if form == "xlsx":
        return stream_xlsx(name, made)
    first = made[0]
    return stream_csv(name, [one if isinstance(one, str) else one.title for one in first.columns], first.rows)


def _sheets(user: Any, region: int, kind: Register, ask: Ask) -> list[Sheet]:
    known, note = listing.units(region, ask.today), sheets.note(kind, ask)

    def sheet(title: str, columns: Sequence[Column | str], rows: Iterable[Sequence[Cell]]) -> Sheet:
        return Sheet(title, columns, rows, note)

    if ask.view == "missing":
        lacking = listing.missing(user, region, kind, ask)
        return [sheet(_("Without an entry"), sheets.columns_missing(), sheets.lines_missing(lacking, known))]
    if ask.view == "levels":
        made = roll.build(user, region, kind, ask, known)
        heads, counts = sheets.counts_roll(made)
        return [
            sheet(_("By level"), sheets.columns_roll(), sheets.lines_roll(made, kind)),
            sheet(_("Counts"), heads, counts),
        ]
    entries = listing.ordered(listing.found(user, region, kind, ask), kind, ask)
    return [sheet(spoken.title(kind), sheets.columns(kind), sheets.lines(entries, kind, known))]

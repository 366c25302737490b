"""What do the answers of a wave say? The consolidated form, a field in depth, the list of answers and its export."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.http import require_safe

from profminimum.journal import services as journal
from profminimum.monitoring import definitions, sheets
from profminimum.monitoring.exports import FORMATS, Export
from profminimum.monitoring.queries import answered, answers, summary
from profminimum.monitoring.views.answered import person, shared, wave_of
from profminimum.orgs import queries
from profminimum.web import clock
from profminimum.web.http import paginate
from profminimum.web.sheets import stream_xlsx
from profminimum.web.templatetags.wording import human_date, url_or_empty

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
    from django_stubs_ext import StrPromise

    from profminimum.monitoring.models import Wave
    from profminimum.monitoring.queries.answered import Ask
    from profminimum.web.http import ListPage

SIZE: Final = 250
BASES: Final[Mapping[str, StrPromise]] = {
    "passed": gettext_lazy("checked and accepted"),
    "accepted": gettext_lazy("accepted only"),
    "sent": gettext_lazy("all that were sent"),
}
TABS: Final[tuple[tuple[str, StrPromise, str], ...]] = (
    ("", gettext_lazy("All"), ""),
    ("expected", gettext_lazy("Have not begun"), ""),
    ("draft", gettext_lazy("Filling"), ""),
    ("submitted", gettext_lazy("Sent for checking"), "info"),
    ("checked", gettext_lazy("Checked"), "info"),
    ("accepted", gettext_lazy("Accepted"), "ok"),
    ("returned", gettext_lazy("On rework"), "warn"),
    ("overdue", gettext_lazy("Date passed"), "bad"),
    ("begun", gettext_lazy("Begun, whatever has become of them"), ""),
    ("sent", gettext_lazy("Ever sent"), ""),
    ("unsent", gettext_lazy("Have not sent"), ""),
    ("passed", gettext_lazy("Checked and accepted"), ""),
    ("timely", gettext_lazy("Sent in time"), ""),
    ("tardy", gettext_lazy("Sent late"), "warn"),
    ("withdrawn", gettext_lazy("No longer asked"), ""),
)
USUAL: Final = frozenset({"", "expected", "draft", "submitted", "checked", "accepted", "returned", "overdue"})


def _language() -> str:
    return (translation.get_language() or "ru").partition("-")[0]


def _opened(request: HttpRequest, pk: int, verb: str) -> Wave:
    """A wave that has a form; one that has never opened has neither answers nor a summary."""
    found = wave_of(request, pk, verb)
    if found.version_id is None:
        raise Http404(_("The wave has not opened yet."))
    return found


def _base(request: HttpRequest) -> str:
    base = request.GET.get("base", "")
    return base if base in BASES else summary.USUAL


@login_required
@require_safe
def wave_summary(request: HttpRequest, pk: int) -> HttpResponse:
    """The figures by the form's own rules; `field` shows one in depth, `by=units` all municipalities side by side."""
    found, ask, base = _opened(request, pk, "wave.see"), answered.read(request.GET), _base(request)
    context = shared(request, found, ask) | {"base": base, "bases": BASES.items(), "base_word": BASES[base]}
    place = request.GET.get("field", "")
    if place:
        return _field(request, found, ask, context, place)
    made = summary.build(person(request), found, ask, base, _language())
    number = request.GET.get("section", "")
    chosen = int(number) if number.isdecimal() and len(number) < 4 and int(number) < len(made.parts) else None
    wide = request.GET.get("by") == "units" and len(made.units) > 1
    if wide and chosen is None and len(made.parts) > 1:
        chosen = 0
    context |= {
        "made": made,
        "parts": made.parts if chosen is None else made.parts[chosen : chosen + 1],
        "section": chosen,
        "wide": wide,
        "unit": next((unit for unit in made.units if unit.pk == ask.unit), None),
    }
    return render(request, "monitoring/summary_page.html", context)


def _field(request: HttpRequest, found: Wave, ask: Ask, context: dict[str, Any], place: str) -> HttpResponse:
    choice = request.GET.get("choice", "")
    made = summary.field(person(request), found, ask, context["base"], place, choice, _language())
    if made is None:
        raise Http404(_("The form has no such field in its summary."))
    labels = dict(made.column.choices)
    context |= {
        "made": made,
        "choice": choice if choice in labels else "",
        "choice_word": labels.get(choice, ""),
        "unit": next((unit for unit, _figure in made.units if unit.pk == ask.unit), None),
        "page": paginate(request, made.behind, SIZE),
    }
    return render(request, "monitoring/summary_field.html", context)


@login_required
@require_safe
def wave_summary_xlsx(request: HttpRequest, pk: int) -> FileResponse:
    """The whole of the consolidated form: fields by municipalities."""
    found, ask, base = _opened(request, pk, "wave.see"), answered.read(request.GET), _base(request)
    made = summary.build(person(request), found, ask, base, _language())
    note = _("%(wave)s. State on %(day)s. Counted: %(base)s, %(part)d of %(whole)d") % {
        "wave": found.title,
        "day": f"{ask.today:%d.%m.%Y}",
        "base": BASES[base],
        "part": made.answers,
        "whole": made.asked,
    }
    sheet = sheets.consolidated(made, note)
    return stream_xlsx(f"summary-{found.pk}-{ask.today:%Y-%m-%d}.xlsx", [sheet])


@login_required
@require_safe
def wave_answers(request: HttpRequest, pk: int) -> HttpResponse:
    """The list, by state, municipality and name; now or at the end of a past day."""
    found, ask = wave_of(request, pk, "submission.see"), answered.read(request.GET)
    user = person(request)
    listed = answers.listed(user, found, ask)
    counts = answered.piled(listed, ask.today)
    narrowed = answered.ordered_stages(answered.pile(listed, ask.state, ask.today), ask.sort)
    page = paginate(request, answered.Counted(answers.plain(narrowed), counts[ask.state]), SIZE)
    everywhere = answered.stages(user, [found.pk], answered.Ask(on=ask.on), "submission.see")
    names = queries.unit_names(
        everywhere.order_by().values_list("unit_id", flat=True).distinct(), ask.today, answered.asked_kind(found)
    )
    context = shared(request, found, ask) | {
        "page": page,
        "rows": _lines(page, ask, names),
        "tabs": [
            (key, title, tone if counts[key] else "", counts[key])
            for key, title, tone in TABS
            if key == ask.state or (key in USUAL and (counts[key] or not key))
        ],
        "units": list(names.items()),
        "counts": counts,
        "formats": FORMATS,
    }
    return render(request, "monitoring/answers_list.html", context)


@dataclass(slots=True)
class Line:
    """A line of the list, said already: each state and each day once for all lines, since 250 must open at once."""

    late: bool
    title: str
    look: str
    due: str
    sent: str
    number: int | str
    notes: str
    since: str


def _lines(page: ListPage, ask: Ask, units: Mapping[int, str]) -> list[Line]:
    found = answers.rows(page, ask.today)
    looks = {
        state: render_to_string("monitoring/check_state.html", {"state": state})
        for state in {row.state for row in found}
    }
    known = bool(url_or_empty("submission", 0))
    days: dict[date | None, str] = {None: ""}
    for day in {day for row in found for day in (row.due, row.sent, timezone.localdate(row.since)) if day}:
        days[day] = human_date(day, ask.today)
    late = format_html(' <span class="tardy">{}</span>', pgettext("answer", "late"))
    return [
        Line(
            late=row.overdue(ask.today),
            title=_title(row, "" if ask.unit else units.get(row.unit, ""), linked=known),
            look=looks[row.state],
            due=days[row.due],
            sent=format_html("{}{}", days[row.sent], late) if row.timely is False else days[row.sent],
            number=row.number or "",
            notes=_notes(row.warnings, row.remarks),
            since=days[timezone.localdate(row.since)],
        )
        for row in found
    ]


def _title(row: answers.Row, unit: str, *, linked: bool) -> str:
    name = row.name
    if linked:
        name = format_html('<a href="{}">{}</a>', url_or_empty("submission", row.submission), row.name)
    return format_html("{}<small>{}</small>", name, unit) if unit and row.unit != row.organisation else name


def _notes(warnings: int, remarks: int) -> str:
    said = []
    if warnings:
        said.append(ngettext("%(n)s explained warning", "%(n)s explained warnings", warnings) % {"n": warnings})
    if remarks:
        words = ngettext("%(n)s remark waits for the author", "%(n)s remarks wait for the author", remarks)
        said.append(words % {"n": remarks})
    return ", ".join(said)


@login_required
@require_safe
def wave_export(request: HttpRequest, pk: int, suffix: str) -> FileResponse | StreamingHttpResponse:
    """All answers that the list shows and that have been sent, as a file; the journal says who took them."""
    if suffix not in FORMATS:
        raise Http404
    found, ask = _opened(request, pk, "submission.see"), answered.read(request.GET)
    user = person(request)
    narrowed = answered.pile(answers.listed(user, found, ask), ask.state, ask.today)
    fixed = answers.fixed(answered.ordered_stages(narrowed, ""))
    with transaction.atomic():
        facts = {"format": suffix, "answers": len(fixed), "filter": request.GET.urlencode()[:300]}
        journal.record(
            "answers.exported", found, by=user, at=clock.now(), organisation=found.campaign.region_id, after=facts
        )
    export = Export(
        name=f"answers-{found.pk}-{ask.today:%Y-%m-%d}",
        title=found.title,
        definition=definitions.definition(found.version_id or 0),
        rows=answers.contents(fixed, ask.today),
        units=queries.unit_names(fixed.units(), ask.today, answered.asked_kind(found)),
    )
    return export.respond(suffix)

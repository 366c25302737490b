"""The plan as it stands: which plans there are, the text in force, one of its rows with how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from profminimum.journal import actions
from profminimum.orgs import access
from profminimum.plan import sections, spoken
from profminimum.plan.models import Plan
from profminimum.plan.queries import progress as progressing
from profminimum.plan.queries import review as reviewing
from profminimum.plan.queries import shelf as shelves
from profminimum.web import clock
from profminimum.web.sheets import Column, Sheet, stream_xlsx

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import FileResponse, HttpRequest, HttpResponse

    from profminimum.journal.models import Entry
    from profminimum.plan.models import PlanVersion


@login_required
@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """Plans in force for all; drafts and discarded versions for those who edit."""
    access.require(request.user, "plan.see", None)
    editor = bool(access.can(request.user, "plan.edit", None))
    shelf = shelves.shelf(request.user, editor=editor)  # type: ignore[arg-type]  # signed in
    return render(request, "plan/plan_list.html", {"shelf": shelf, "editor": editor})


def _plan(request: HttpRequest, pk: int) -> tuple[Plan, PlanVersion]:
    visible = Plan.objects.visible_to(request.user)  # type: ignore[arg-type]  # signed in
    version = shelves.in_force(visible, pk)
    if version is None or version.plan is None:
        raise Http404
    return version.plan, version


@login_required
@require_safe
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """The text in force, verbatim, with the corrections marked; prints in the layout of the decree."""
    found, version = _plan(request, pk)
    context = {
        "plan": found,
        "version": version,
        "text": shelves.text(version),
        "act": version.reading.get("decree", {}),
        "versions": found.versions.select_related("adopted_by").defer("source_text", "reading").order_by("-number"),
        "editor": bool(access.can(request.user, "plan.edit", found)),
        "people": bool(access.can(request.user, "person.see", None)),
    }
    return render(request, "plan/plan_text.html", context)


@login_required
@require_safe
def export(request: HttpRequest, pk: int) -> FileResponse:
    """The table as a workbook: the columns of the decree, then what was understood."""
    _found, version = _plan(request, pk)
    text = shelves.text(version)
    heads = [_("Section"), *text.headings, _("Control dates"), _("Corrections")]
    columns = [Column(head, width) for head, width in zip(heads, _widths(len(heads)), strict=True)]
    return stream_xlsx(f"plan-{version.act_date:%Y-%m-%d}.xlsx", [Sheet(_("Plan"), columns, _rows(text))])


def _widths(count: int) -> list[int]:
    """Section, number, measure, then columns of words."""
    return [30, 6, 60, *[30] * (count - 3)][:count]


def _rows(text: shelves.Text) -> Iterator[list[Any]]:
    for section, rows in text.sections:
        for row in rows:
            cells = [cell for _heading, cell in row.cells]
            dates = ", ".join(spoken.value("due", day) for day in row.wording.occurrences)
            notes = "; ".join(f"{c.field}: {c.before} → {c.after} ({c.reason})" for c in row.corrections)
            yield [str(section), *cells, *[""] * (len(text.headings) - len(cells)), dates, notes]


@login_required
@require_safe
def measure(request: HttpRequest, pk: int) -> HttpResponse:
    """A row: as the decree has it, as understood, how far it is by municipality and state, what happened to it."""
    visible = Plan.objects.visible_to(request.user)  # type: ignore[arg-type]  # signed in
    wording = shelves.wording_of(visible, pk)
    found = wording.measure if wording else None
    if wording is None or found is None:
        raise Http404
    occurrences = list(found.occurrences.all())
    asked = request.GET.get("occurrence", "")
    chosen = next((one for one in occurrences if asked == str(one.number)), None)
    executors: list[Any] = list(wording.assignments.all())
    context = {
        "measure": found,
        "wording": wording,
        "version": wording.version,
        "cells": shelves.cells(wording),
        "row": reviewing.RowView(wording, executors, [], [], ()),
        "executors": [(each, each.known_as or "") for each in executors],
        "corrections": reviewing.corrections(wording).get(("plan.wording", wording.pk), []),
        "counted": shelves.counted(wording, wording.version),
        "occurrences": occurrences,
        "chosen": chosen,
        "progress": progressing.progress(found, request.user, clock.today(), chosen.pk if chosen else None),  # type: ignore[arg-type]  # signed in
        "history": [_event(entry) for entry in shelves.history(found)],
        "people": bool(access.can(request.user, "person.see", None)),
        "sections": sections.sections(request.user, found, clock.today()),  # type: ignore[arg-type]  # signed in
    }
    return render(request, "plan/measure_page.html", context)


def _event(entry: Entry) -> dict[str, Any]:
    changes = [
        (str(spoken.FIELDS.get(name, name)), spoken.value(name, entry.before.get(name)), spoken.value(name, after))
        for name, after in entry.after.items()
        if entry.action == "wording.corrected"
    ]
    return {"entry": entry, "what": actions.label(entry.action), "changes": changes}

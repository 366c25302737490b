"""An uploaded decree from the file to the step before adoption: what is shown; what is decided is in `drafts`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from profminimum.orgs import access
from profminimum.orgs import queries as orgs
from profminimum.orgs.models import Kind, Organisation
from profminimum.plan import diff, files
from profminimum.plan.files import Upload
from profminimum.plan.forms import versions as forms
from profminimum.plan.models import PlanVersion
from profminimum.plan.queries import amendment
from profminimum.plan.queries import reach as reaching
from profminimum.plan.queries import review as reviewing
from profminimum.plan.services import versions as services
from profminimum.web import clock
from profminimum.web.forms import REFUSED, carried_out
from profminimum.web.http import page_or_fragment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from django.forms import BaseForm
    from django.http import HttpRequest, HttpResponse

    from profminimum.plan.queries.review import Review

READING, EXECUTORS, PAST, ADOPTION, CHANGES = 1, 2, 3, 4, 5
STEPS: Final = (READING, EXECUTORS, PAST, ADOPTION)


def find(request: HttpRequest, pk: int) -> PlanVersion:
    """The version, 404 outside one's regions; drafts and discarded ones only for those who edit plans."""
    versions = reviewing.visible(request.user).select_related("amends", "plan", "file", "uploaded_by", "adopted_by")  # type: ignore[arg-type]  # signed in
    version = get_object_or_404(versions, pk=pk)
    if version.state not in reviewing.PUBLIC:
        access.require(request.user, "plan.edit", version)
    return version


def number_of(request: HttpRequest, name: str) -> int | None:
    given = request.GET.get(name, "")
    return int(given) if given.isdecimal() else None


def address(version: PlanVersion, step: int = READING, row: int | None = None, anchor: str = "") -> str:
    query = f"?step={step}" + (f"&row={row}" if row is not None else "")
    return reverse("version", args=[version.pk]) + query + (f"#{anchor}" if anchor else "")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """A file becomes a draft; with `?amends=` it is the text that changes the version in force."""
    access.require(request.user, "plan.edit", None)
    amends = None
    if (asked := number_of(request, "amends")) is not None:
        amends = get_object_or_404(reviewing.visible(request.user).select_related("plan"), pk=asked)  # type: ignore[arg-type]  # signed in
    form = forms.UploadForm(request.POST or None, request.FILES or None)
    made: list[PlanVersion] = []

    def act() -> None:
        sent = form.cleaned_data["file"]
        made.append(
            services.upload(
                Upload(sent.name, sent.read()),
                region=amends.region if amends else _region(request),
                by=request.user,  # type: ignore[arg-type]  # signed in
                at=clock.now(),
                amends=amends,
            )
        )

    if request.method == "POST":
        form = forms.UploadForm(request.POST, request.FILES)
        if carried_out(form, act):
            messages.success(request, _("The decree has been read. Check what was understood."))
            return redirect(address(made[0]))
    limit = settings.UPLOAD_LIMIT // (1024 * 1024)
    context = {"form": form, "amends": amends, "limit": limit}
    return render(request, "plan/version_upload.html", context, status=REFUSED if form.errors else 200)


def _region(request: HttpRequest) -> Organisation:
    """The region of the seat that edits plans: the chosen one when it may."""
    editors = [s for s in access.seats(request.user) if s.role in access.GRANTS["plan.edit"]]
    chosen = getattr(request, "seat", None)
    seat = chosen if chosen in editors else editors[0]
    return Organisation.objects.get(pk=seat.region_id)


@login_required
@require_safe
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """The steps as tabs; `?row=` chooses the row beside the source (htmx takes the panes alone)."""
    return show(request, find(request, pk), step=number_of(request, "step"), row=number_of(request, "row"))


def show(
    request: HttpRequest,
    version: PlanVersion,
    *,
    step: int | None = None,
    row: int | None = None,
    bound: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """The page of a step; `bound` holds forms that were refused, by the names under which templates know them."""
    review = reviewing.review(version)
    editable = version.state == PlanVersion.State.DRAFT  # `find` lets nobody else to a draft
    step = step if step in (*STEPS, CHANGES) else READING
    if (step == CHANGES and version.amends is None) or (step in (PAST, ADOPTION) and not editable):
        step = READING
    on = version.act_date or clock.today()
    context: dict[str, Any] = {
        "version": version,
        "review": review,
        "step": step,
        "editable": editable,
        "on": on,
        "act": version.reading.get("decree", {}),
        "act_form": forms.ActForm(version),
        "act_fix": request.GET.get("act"),
    }
    build = {READING: _reading, EXECUTORS: _executors, PAST: _past, ADOPTION: _adoption, CHANGES: _changes}[step]
    context |= build(request, review, on, row)
    chosen = context.get("chosen")
    fixed = reviewing.corrections(version, *([chosen.wording] if chosen else []))
    context["corrected"] = fixed.pop(("plan.planversion", version.pk), [])
    context["row_corrected"] = next(iter(fixed.values()), [])
    context |= bound or {}
    status = REFUSED if bound else 200
    if step == READING:
        return page_or_fragment(request, "plan/version_page.html", "plan/version_panes.html", context, status=status)
    return render(request, "plan/version_page.html", context, status=status)


def _reading(request: HttpRequest, review: Review, _on: date, row: int | None) -> dict[str, Any]:
    chosen = review.row(row)
    return {
        "chosen": chosen,
        "shown": reviewing.source(review.version, review.rows),
        "row_form": forms.RowForm(chosen.wording) if chosen else None,
        "add_executor_form": forms.AddExecutorForm(auto_id="id_add_%s"),
        "fix": number_of(request, "fix"),
    }


def choices(request: HttpRequest, review: Review, on: date) -> tuple[Any, list[tuple[str, list[tuple[int, str]]]]]:
    """(all organisations of the region on that day, those offered in lists): the bodies, and what `?q=` finds."""
    everybody = Organisation.objects.as_of(on).filter(region=review.version.region_id)
    bodies = orgs.ordered(everybody.filter(kind__in=forms.BODIES))
    by_kind: dict[str, list[tuple[int, str]]] = {str(Kind(kind).label): [] for kind in forms.BODIES}
    for body in bodies:
        by_kind[str(Kind(body.kind).label)].append((body.pk, body.state.short_name))
    offered = list(by_kind.items())
    words = request.GET.get("q", "").strip()
    if words:
        found = orgs.ordered(everybody.search(words).exclude(kind__in=(*forms.BODIES, Kind.REGION)))
        offered.insert(0, (_("Found"), [(o.pk, o.state.short_name) for o in found[: forms.FOUND_AT_MOST]]))
    return everybody, offered


def _executors(request: HttpRequest, review: Review, on: date, _row: int | None) -> dict[str, Any]:
    known = reaching.reach(review.version, review.rows, on)
    everybody, offered = choices(request, review, on)
    listed = {pk for _title, rows in offered for pk, _name in rows}
    shown = []
    for view in review.executors:
        form = forms.ExecutorForm(view.executor)
        mine = list(offered)
        chosen = view.executor.organisation_id
        if chosen and chosen not in listed:
            mine.append((_("Chosen"), [(chosen, review.names.get(chosen, str(chosen)))]))
        form.fields["organisation"].offer(everybody, mine)  # type: ignore[attr-defined]  # an OrganisationField
        shown.append((view, form, known.of_executor(view.executor)))
    exemption = forms.ExemptionForm(review.version)
    exemption.fields["organisation"].offer(everybody, offered)  # type: ignore[attr-defined]  # an OrganisationField
    exemption.list_rows(row.wording for row in review.rows)
    counts = {row.wording.pk: len(known.of_row(row.wording.pk)) for row in review.rows}
    found = offered[0][1] if request.GET.get("q", "").strip() else None
    return {
        "executor_forms": shown,
        "exemption_form": exemption,
        "exemptions": [
            (row, one, review.names.get(one.organisation_id, "")) for row in review.rows for one in row.exemptions
        ],
        "row_counts": [(row, counts[row.wording.pk]) for row in review.rows],
        "q": request.GET.get("q", ""),
        "found": found,
    }


def _past(_request: HttpRequest, review: Review, _on: date, _row: int | None) -> dict[str, Any]:
    return {
        "past_form": forms.PastForm(review.version),
        "marked": {r.wording.pk for r in review.rows if r.early_left and not r.dubious},
    }


def _adoption(_request: HttpRequest, review: Review, on: date, _row: int | None) -> dict[str, Any]:
    wordings = [row.wording for row in review.rows]
    return {
        "effect": reaching.effect(review.version, wordings, reaching.reach(review.version, review.rows, on), on),
        "adopt_form": forms.AdoptForm(review.version),
        "discard_form": forms.ReasonForm(auto_id="id_discard_%s"),
    }


def _changes(_request: HttpRequest, review: Review, on: date, _row: int | None) -> dict[str, Any]:
    before = review.version.amends
    if before is None:
        raise Http404
    rows = diff.compare(amendment.rows(reviewing.review(before)), amendment.rows(review))
    context = {"before": before, **amendment.summary(rows)}
    if review.version.state == PlanVersion.State.DRAFT:
        wordings = [row.wording for row in review.rows]
        context["effect"] = reaching.effect(
            review.version, wordings, reaching.reach(review.version, review.rows, on), on
        )
    return context


@login_required
@require_safe
def file(request: HttpRequest, pk: int) -> FileResponse:
    """The file of the decree as it was uploaded, always as a download."""
    version = find(request, pk)
    path = files.path_of(version.file.sha256)
    if not path.exists():
        raise Http404(
            _("The file is not in the storage. Tell the administrator its number: %(sha)s.") % {"sha": version.file}
        )
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=version.file_name, content_type=version.file.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


def refused(bound: Mapping[str, BaseForm]) -> dict[str, Any]:
    """Forms that were refused, to be shown opened."""
    return {**bound, "refused": set(bound)}

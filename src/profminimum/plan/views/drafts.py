"""What a person decides on a draft: each decision is a form, a service and the way back to where it was made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from profminimum.orgs import access
from profminimum.plan import spoken
from profminimum.plan.forms import versions as forms
from profminimum.plan.models import Assignment, Executor, Exemption, Finding, Plan, PlanVersion, Wording
from profminimum.plan.queries import review as reviewing
from profminimum.plan.services import adoption, rows
from profminimum.plan.services import carry as carrying
from profminimum.plan.services import versions as services
from profminimum.plan.views import versions as pages
from profminimum.web import clock
from profminimum.web.forms import carried_out

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse


def _draft(request: HttpRequest, pk: int) -> PlanVersion:
    """404 outside one's regions, 403 with the reason for those who do not edit plans."""
    version = pages.find(request, pk)
    access.require(request.user, "plan.edit", version)
    return version


def _with(request: HttpRequest) -> dict[str, Any]:
    """Who and when, for a service."""
    return {"by": request.user, "at": clock.now()}


@login_required
@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct the facts of the act; with `finding` the correction answers that doubt."""
    version = _draft(request, pk)
    form = forms.ActForm(version, request.POST)
    finding = _finding(request, version)

    def do() -> None:
        changes, reason = form.changes(), form.cleaned_data["reason"]
        if finding is not None:
            services.decide_finding(
                finding, decision=Finding.Decision.CORRECTED, reason=reason, changes=changes, **_with(request)
            )
        else:
            services.correct_act(version, changes=changes, reason=reason, **_with(request))

    if carried_out(form, do):
        messages.success(request, _("The facts of the act are corrected."))
        return redirect(pages.address(version, anchor="act"))
    return pages.show(request, version, bound={"act_form": form, "act_fix": finding.pk if finding else True})


def _finding(request: HttpRequest, version: PlanVersion) -> Finding | None:
    given = request.POST.get("finding", "")
    return version.findings.filter(pk=int(given)).first() if given.isdecimal() else None


@login_required
@require_POST
def row(request: HttpRequest, pk: int, wording: int) -> HttpResponse:
    """Correct what was understood of a row; the doubts marked with it are answered by the correction."""
    version = _draft(request, pk)
    found = get_object_or_404(version.wordings.select_related("version"), pk=wording)
    form = forms.RowForm(found, request.POST)
    answered = version.findings.filter(pk__in=[f for f in request.POST.getlist("findings") if f.isdecimal()])

    def do() -> None:
        changes, reason = form.changes(), form.cleaned_data["reason"]
        fresh = Wording.objects.select_related("version").get(pk=found.pk)
        if changes:
            services.correct(fresh, changes=changes, reason=reason, **_with(request))
        for finding in answered if changes else ():
            services.decide_finding(
                finding, decision=Finding.Decision.CORRECTED, reason=reason, changes=changes, **_with(request)
            )
        if not changes:
            form.add_error(None, _("Nothing was changed. To leave the text as it is, say so at the doubt itself."))

    if carried_out(form, do) and not form.errors:
        messages.success(request, _("Row %(number)s is corrected.") % {"number": form.cleaned_data["number"]})
        return redirect(pages.address(version, row=found.position, anchor="panes"))
    return pages.show(request, version, row=found.position, bound={"row_form": form, "row_open": True})


@login_required
@require_POST
def add_executor(request: HttpRequest, pk: int, wording: int) -> HttpResponse:
    version = _draft(request, pk)
    found = get_object_or_404(version.wordings.select_related("version"), pk=wording)
    form = forms.AddExecutorForm(request.POST, auto_id="id_add_%s")
    if carried_out(form, lambda: rows.add_executor(found, **form.cleaned_data, **_with(request))):
        messages.success(request, _("The executor is added. Say in step 2 who that is."))
        return redirect(pages.address(version, row=found.position, anchor="panes"))
    return pages.show(request, version, row=found.position, bound={"add_executor_form": form, "executor_open": True})


@login_required
@require_POST
def drop_executor(request: HttpRequest, pk: int, assignment: int) -> HttpResponse:
    version = _draft(request, pk)
    found = get_object_or_404(
        Assignment.objects.select_related("wording__version", "executor"), pk=assignment, wording__version=version
    )
    form = forms.ReasonForm(request.POST)
    if carried_out(form, lambda: rows.drop_executor(found, reason=form.cleaned_data["reason"], **_with(request))):
        messages.success(request, _("«%(name)s» no longer executes this row.") % {"name": found.executor.name})
        return redirect(pages.address(version, row=found.wording.position, anchor="panes"))
    bound = {"drop_form": form, "drop_open": found.pk}
    return pages.show(request, version, row=found.wording.position, bound=bound)


@login_required
@require_POST
def doubt(request: HttpRequest, pk: int, finding: int) -> HttpResponse:
    """Accept the proposal or leave the text as it is; correcting goes by `row` or `act`."""
    version = _draft(request, pk)
    found = get_object_or_404(version.findings.select_related("wording__version"), pk=finding)
    form = forms.DoubtForm(request.POST, auto_id=f"id_doubt{found.pk}_%s")
    if carried_out(form, lambda: _decide(request, found, form.cleaned_data)):
        left = version.findings.filter(decision=Finding.Decision.OPEN).exclude(severity="info").count()
        messages.success(request, _("Decided.") if left else _("All doubts are decided. Go on to the executors."))
        position = found.wording.position if found.wording else None
        return redirect(pages.address(version, row=position, anchor="doubts"))
    return pages.show(
        request,
        version,
        row=found.wording.position if found.wording else None,
        bound={"doubt_form": form, "doubt_open": found.pk},
    )


def _decide(request: HttpRequest, finding: Finding, given: Mapping[str, Any]) -> None:
    option, wording = given["option"], finding.wording
    if given["decision"] == Finding.Decision.ACCEPTED and option in spoken.NEAREST and wording is not None:
        proposal = finding.proposal or {}
        changes = spoken.moved(wording, proposal["date"], proposal[option])
        services.decide_finding(
            finding,
            decision=Finding.Decision.CORRECTED,
            reason=given["reason"] or _("moved to the nearest working day"),
            changes=changes,
            **_with(request),
        )
        return
    services.decide_finding(finding, decision=given["decision"], reason=given["reason"], **_with(request))


@login_required
@require_POST
def notes(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave every remark for information as it is, with one reason."""
    version = _draft(request, pk)
    form = forms.ReasonForm(request.POST, auto_id="id_notes_%s")

    def do() -> None:
        for finding in version.findings.filter(decision=Finding.Decision.OPEN, severity="info"):
            services.decide_finding(
                finding, decision=Finding.Decision.KEPT, reason=form.cleaned_data["reason"], **_with(request)
            )

    if carried_out(form, do):
        messages.success(request, _("All remarks for information are left as they are."))
        return redirect(pages.address(version, anchor="doubts"))
    return pages.show(request, version, bound={"notes_form": form})


@login_required
@require_POST
def carry(request: HttpRequest, pk: int) -> HttpResponse:
    """Repeat in an amendment what was decided on the rows that it leaves as they were."""
    version = _draft(request, pk)
    form = Form(request.POST)
    if carried_out(form, lambda: carrying.carry_over(version, **_with(request))):
        messages.success(request, _("The decisions on unchanged rows are repeated. Check what is left."))
    for error in form.non_field_errors():
        messages.error(request, str(error))
    return redirect(pages.address(version, anchor="doubts"))


@login_required
@require_POST
def executors(request: HttpRequest, pk: int) -> HttpResponse:
    """Who each executor is, all at once; only what differs is written."""
    version = _draft(request, pk)
    review = reviewing.review(version)
    everybody, offered = pages.choices(request, review, version.act_date or clock.today())
    filled = []
    for view in review.executors:
        form = forms.ExecutorForm(view.executor, request.POST)
        form.fields["organisation"].offer(everybody, offered)  # type: ignore[attr-defined]  # an OrganisationField
        filled.append((view, form))

    def do() -> None:
        for _view, form in filled:
            _map(request, form)

    if filled and all(tuple(form.is_valid() for _view, form in filled)) and carried_out(filled[0][1], do):
        messages.success(request, _("The executors are saved."))
        return redirect(pages.address(version, pages.EXECUTORS))
    shown = [(view, form, None) for view, form in filled]
    return pages.show(request, version, step=pages.EXECUTORS, bound={"executor_forms": shown})


def _map(request: HttpRequest, form: forms.ExecutorForm) -> None:
    given = form.cleaned_data
    executor = Executor.objects.select_related("version").get(pk=form.executor.pk)
    services.map_executor(executor, target=given["target"], organisation=given["organisation"], **_with(request))


@login_required
@require_POST
def exempt(request: HttpRequest, pk: int) -> HttpResponse:
    version = _draft(request, pk)
    form = forms.ExemptionForm(version, request.POST)
    review = reviewing.review(version)
    everybody, offered = pages.choices(request, review, version.act_date or clock.today())
    form.fields["organisation"].offer(everybody, offered)  # type: ignore[attr-defined]  # an OrganisationField
    form.list_rows(row.wording for row in review.rows)

    def do() -> None:
        given = form.cleaned_data
        services.exempt(given["wording"], given["organisation"], reason=given["reason"], **_with(request))

    if carried_out(form, do):
        messages.success(request, _("The exception is written down."))
        return redirect(pages.address(version, pages.EXECUTORS, anchor="exceptions"))
    return pages.show(request, version, step=pages.EXECUTORS, bound={"exemption_form": form})


@login_required
@require_POST
def end_exemption(request: HttpRequest, pk: int, exemption: int) -> HttpResponse:
    version = _draft(request, pk)
    found = get_object_or_404(
        Exemption.objects.select_related("wording__version"), pk=exemption, wording__version=version
    )
    services.end_exemption(found, **_with(request))
    messages.success(request, _("The exception is withdrawn."))
    return redirect(pages.address(version, pages.EXECUTORS, anchor="exceptions"))


@login_required
@require_POST
def past(request: HttpRequest, pk: int) -> HttpResponse:
    """One decision for all the rows marked."""
    version = _draft(request, pk)
    form = forms.PastForm(version, request.POST)

    def do() -> None:
        given = form.cleaned_data
        for wording in given["rows"].select_related("version"):
            services.decide_past(
                wording, past=given["past"], days=given["days"], reason=given["reason"], **_with(request)
            )

    if carried_out(form, do):
        count = len(form.cleaned_data["rows"])
        said = ngettext(
            "The decision is written down for %(n)d row.", "The decision is written down for %(n)d rows.", count
        ) % {"n": count}
        messages.success(request, said)
        return redirect(pages.address(version, pages.PAST))
    marked = {int(value) for value in request.POST.getlist("rows") if value.isdecimal()}
    return pages.show(request, version, step=pages.PAST, bound={"past_form": form, "marked": marked})


@login_required
@require_POST
def adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """Put into force; a number or date of the act that was mended here is corrected first."""
    version = _draft(request, pk)
    form = forms.AdoptForm(version, request.POST)
    made: list[Plan] = []

    def do() -> None:
        given = {name: form.cleaned_data[name] for name in ("act_number", "act_date")}
        if any(getattr(version, name) != value for name, value in given.items()):
            services.correct_act(version, changes=given, reason=_("given at the adoption"), **_with(request))
        made.append(adoption.adopt(version, **_with(request)))

    if carried_out(form, do):
        count = made[0].obligations.count()
        said = ngettext("The plan is in force: %(n)d obligation.", "The plan is in force: %(n)d obligations.", count)
        messages.success(request, said % {"n": count})
        return redirect("plan", pk=made[0].pk)
    return pages.show(request, version, step=pages.ADOPTION, bound={"adopt_form": form})


@login_required
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    version = _draft(request, pk)
    form = forms.ReasonForm(request.POST, auto_id="id_discard_%s")
    if carried_out(form, lambda: services.discard(version, reason=form.cleaned_data["reason"], **_with(request))):
        messages.success(request, _("The draft is discarded. It can still be looked at."))
        return redirect("plans")
    return pages.show(request, version, step=pages.ADOPTION, bound={"discard_form": form, "discard_open": True})

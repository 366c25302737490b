"""The forms of a region: the shelf, a workbook that comes in, a version to look at, to publish and to withdraw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from profminimum.monitoring.forms.forms import UploadForm, WithdrawForm
from profminimum.monitoring.models import FormVersion
from profminimum.monitoring.queries import forms as queries
from profminimum.monitoring.schema.loading import load
from profminimum.monitoring.services import forms as services
from profminimum.monitoring.xlsform import template
from profminimum.orgs import access
from profminimum.orgs.models import Organisation
from profminimum.plan import files
from profminimum.plan.uploads import limited, uploads
from profminimum.web import clock
from profminimum.web.forms import REFUSED, carried_out
from profminimum.web.sheets import XLSX

if TYPE_CHECKING:
    from django.http import HttpRequest

    from profminimum.orgs.models import User


def _person(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]  # signed in


def _region(request: HttpRequest) -> Organisation:
    """The region of the seat that makes forms: the chosen one when it may."""
    makers = [seat for seat in access.seats(request.user) if seat.role in access.GRANTS["form.edit"]]
    chosen = getattr(request, "seat", None)
    seat = chosen if chosen in makers else makers[0]
    return Organisation.objects.get(pk=seat.region_id)


def _find(request: HttpRequest, pk: int) -> FormVersion:
    found: FormVersion = get_object_or_404(queries.visible(_person(request)), pk=pk)
    return found


@login_required
@require_safe
def shelf(request: HttpRequest) -> HttpResponse:
    """Every form with its versions; those who make forms see drafts too."""
    access.require(request.user, "plan.see", None)
    shelved = queries.shelf(_person(request))
    editor = bool(access.can(request.user, "form.edit", None))
    context = {
        "shelved": shelved,
        "editor": editor,
        "missing": queries.missing(shelved, settings.PACK) if editor else 0,
    }
    return render(request, "monitoring/form_shelf.html", context)


@limited
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """A workbook becomes a draft version, with its faults by cell."""
    access.require(request.user, "form.edit", None)
    form = UploadForm(request.POST or None, request.FILES or None)
    made: list[FormVersion] = []

    def act() -> None:
        (sent,) = uploads([form.cleaned_data["file"]])
        region = _region(request)
        made.append(services.upload(sent.data, sent.name, region=region, by=_person(request), at=clock.now()))

    if request.method == "POST" and carried_out(form, act):
        if made[0].definition is None:
            messages.warning(request, _("The workbook has been read, and there are errors: they are named by cell."))
        else:
            messages.success(request, _("The workbook has been read. Look at the form and publish it."))
        return redirect("form_version", made[0].pk)
    context = {"form": form, "limit": settings.UPLOAD_LIMIT // (1024 * 1024)}
    return render(request, "monitoring/form_upload.html", context, status=REFUSED if form.errors else 200)


@login_required
@require_safe
def blank(request: HttpRequest) -> HttpResponse:
    """The workbook to begin with: every heading explained."""
    access.require(request.user, "plan.see", None)
    response = HttpResponse(template.empty(), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="form.xlsx"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_required
@require_safe
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """What a version asks; of a draft also what is wrong with it and what is collected elsewhere already."""
    return _show(request, _find(request, pk))


def _show(request: HttpRequest, found: FormVersion, *, withdraw: WithdrawForm | None = None) -> HttpResponse:
    definition = load(found.definition) if found.definition is not None else None
    editor = bool(access.can(request.user, "form.edit", found))
    faults = queries.faults(found)
    twins = queries.twins(found) if editor and found.state == FormVersion.State.DRAFT else []
    context = {
        "version": found,
        "editor": editor,
        "draft": found.state == FormVersion.State.DRAFT,
        "sections": queries.preview(definition) if definition else [],
        "checks": queries.whole_checks(definition) if definition else [],
        "note": queries.said(definition.note) if definition else "",
        "errors": sum(fault.error for fault in faults),
        "faults": faults if editor else [],
        "twins": twins,
        "asked_elsewhere": len({twin.label for twin in twins}),
        "withdrawal": queries.withdrawal(found),
        "waves": queries.in_use(found) if editor else 0,
        "withdraw_form": withdraw or WithdrawForm(),
        "refused": bool(withdraw),
    }
    return render(request, "monitoring/form_version.html", context, status=REFUSED if withdraw else 200)


@login_required
@require_safe
def workbook(request: HttpRequest, pk: int) -> FileResponse:
    """The workbook as its author uploaded it, always as a download."""
    found = _find(request, pk)
    if found.source is None:
        raise Http404(_("This version has no workbook."))
    try:
        stream = files.path_of(found.source.sha256).open("rb")
    except FileNotFoundError:
        raise Http404(_("The file is not in the store. Tell the administrator: it must be restored.")) from None
    response = FileResponse(stream, as_attachment=True, filename=found.source_name, content_type=XLSX)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """From now on the version never changes, and waves that open take it."""
    found = _find(request, pk)
    try:
        services.publish(found, by=_person(request), at=clock.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The form is published. Waves that open from now on ask with it."))
    return redirect("form_version", found.pk)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Waves that open from now on do not take this version."""
    found = _find(request, pk)
    access.require(request.user, "form.edit", found)
    form = WithdrawForm(request.POST)

    def act() -> None:
        reason = form.cleaned_data["reason"]
        services.withdraw(found, reason=reason, by=_person(request), at=clock.now())

    if carried_out(form, act):
        messages.success(request, _("The version is withdrawn. Waves that are open keep it."))
        return redirect("form_version", found.pk)
    return _show(request, found, withdraw=form)


@login_required
@require_POST
def from_pack(request: HttpRequest) -> HttpResponse:
    """Publish the forms that the pack brings and the region does not have."""
    access.require(request.user, "form.edit", None)
    try:
        made = services.install(settings.PACK, region=_region(request), by=_person(request), at=clock.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        said = ngettext("%(n)s form has been published.", "%(n)s forms have been published.", len(made))
        messages.success(request, said % {"n": len(made)} if made else _("The region has all forms of the pack."))
    return redirect("forms")

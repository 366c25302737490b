"""How the registry of schools is read from a file: template, upload, preview, and only then the changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from profminimum.orgs import access, queries, registry_book, services
from profminimum.orgs.forms import RegistryForm
from profminimum.orgs.models import RegistryUpload
from profminimum.orgs.registry import UnreadableError
from profminimum.orgs.views import place
from profminimum.web import clock
from profminimum.web.sheets import XLSX

if TYPE_CHECKING:
    from django.http import HttpRequest

SHOWN = 200  # lines of each part of the preview


@login_required
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a file and the day; it is kept and shown as what it would change."""
    region = place.region(request)
    user = place.person(request)
    access.require(user, "organisation.edit", region)
    form = RegistryForm(request.POST or None, request.FILES or None, initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            kept = services.keep_upload(
                file.read(), file.name, region=region, on=form.cleaned_data["on"], by=user, at=clock.now()
            )
        except UnreadableError as error:
            form.add_error("file", str(error))
        else:
            return redirect("registry_preview", pk=kept.pk)
    return render(request, "orgs/registry.html", {"form": form})


@login_required
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """The empty spreadsheet with the region's authorities in its drop-down."""
    region = place.region(request)
    access.require(place.person(request), "organisation.edit", region)
    names = [o.state.short_name for o in queries.authorities(region.pk, clock.today())]
    response = HttpResponse(registry_book.book(None, authorities=names), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="schools-template.xlsx"'
    return response


@login_required
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What the kept file would change; a POST applies it when there is no mistake in it."""
    user = place.person(request)
    kept = RegistryUpload.objects.select_related("region").filter(pk=pk, by=user).first()
    if kept is None:
        raise Http404(_("There is no such file, or another person uploaded it."))
    access.require(user, "organisation.edit", kept.region)
    if request.method == "POST":
        try:
            services.apply_upload(kept, by=user, at=clock.now())
        except ValidationError as error:
            for text in error.messages[:5]:
                messages.error(request, text)
            return redirect("registry_preview", pk=pk)
        messages.success(request, _("The registry has been applied."))
        return redirect("organisations")
    seen = services.preview(bytes(kept.content), kept.name, region=kept.region, on=kept.on)
    names = queries.states({o.parent for o in seen.openings[:SHOWN] if isinstance(o.parent, int)}, kept.on)
    context = {
        "upload": kept,
        "seen": seen,
        "openings": seen.openings[:SHOWN],
        "changes": seen.changes[:SHOWN],
        "closings": seen.closings[:SHOWN],
        "names": {key: state.short_name for key, state in names.items()},
    }
    return render(request, "orgs/registry_preview.html", context)

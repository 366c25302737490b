"""One entry of a register: what it says, by which act, what it replaced, its file; and its end by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from profminimum.orgs import access
from profminimum.orgs.queries import known
from profminimum.registers import queries, services, spoken
from profminimum.registers.forms import EndForm
from profminimum.registers.models import Record
from profminimum.registers.views.lists import known_register
from profminimum.web import clock
from profminimum.web.forms import REFUSED, carried_out

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """404 outside one's scope. A post ends the entry: 403 for those who may not edit registers."""
    user: Any = request.user
    found = get_object_or_404(Record.objects.visible_to(user).select_related("file", "by", "ended_by"), pk=pk)
    kind = known_register(found.kind)
    state = known([found.organisation_id], clock.today()).get(found.organisation_id)
    may = access.can(user, "register.edit", found)
    form = EndForm(request.POST or None, initial={"on": clock.today()}, auto_id="end_%s")
    status = 200
    if request.method == "POST":
        if not may:
            raise access.DeniedError(may.reason)
        if carried_out(form, lambda: _end(found, form, user)):
            messages.success(request, _("The entry has ended."))
            return redirect("register_record", pk)
        status = REFUSED
    others = queries.history(user, found.organisation_id, found.kind)
    if kind.many:
        others = others.filter(number=found.number)
    context = {
        "record": found,
        "kind": kind,
        "title": spoken.title(kind),
        "organisation": state,
        "values": spoken.values(found, kind),
        "act": spoken.act(found),
        "origin": spoken.origin(found),
        "holds": found.since <= clock.today() and (found.until is None or found.until > clock.today()),
        "history": [(row, spoken.values(row, kind), spoken.act(row)) for row in others],
        "can_edit": may,
        "form": form,
    }
    return render(request, "registers/record.html", context, status=status)


def _end(found: Record, form: EndForm, user: Any) -> None:
    given = form.cleaned_data
    services.end(found, on=given["on"], reason=given["reason"], by=user, at=clock.now())


@login_required
@require_safe
def file(request: HttpRequest, pk: int) -> FileResponse:
    """The file of the act, for those who see the entry; who took it is in the journal."""
    user: Any = request.user
    found = get_object_or_404(Record.objects.visible_to(user).select_related("file"), pk=pk)
    if found.file is None:
        raise Http404(_("No file was given with this entry."))
    path = services.hand_out(found, by=user, at=clock.now())
    try:
        stream = path.open("rb")
    except FileNotFoundError:
        raise Http404(_("The file is not in the store. Tell the administrator: it must be restored.")) from None
    response = FileResponse(
        stream, as_attachment=True, filename=found.file_name, content_type=found.file.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response

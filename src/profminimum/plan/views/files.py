"""The files that prove obligations: handed out only to those who may see them, and never run in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from profminimum.plan.models import Attachment, Obligation
from profminimum.plan.services import evidence
from profminimum.web import clock

if TYPE_CHECKING:
    from django.http import HttpRequest


@login_required
@require_safe
def attachment(request: HttpRequest, pk: int) -> FileResponse:
    """404 outside one's scope, 403 for those who see obligations without their evidence."""
    visible = Obligation.objects.visible_to(request.user)  # type: ignore[arg-type]  # signed in
    found = get_object_or_404(
        Attachment.objects.select_related("file", "report__obligation"), report__obligation__in=visible, pk=pk
    )
    path = evidence.hand_out(found, by=request.user, at=clock.now())  # type: ignore[arg-type]  # signed in
    try:
        stream = path.open("rb")
    except FileNotFoundError:
        raise Http404(_("The file is not in the store. Tell the administrator: it must be restored.")) from None
    response = FileResponse(stream, as_attachment=True, filename=found.name, content_type=found.file.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response

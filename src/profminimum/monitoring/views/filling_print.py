"""The form on paper: empty, to collect figures by hand, or with the answer as it was sent or is being typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from profminimum.monitoring.queries import filling
from profminimum.web import clock

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@login_required
@require_safe
def submission_print(request: HttpRequest, pk: int) -> HttpResponse:
    """`?empty=1`: without the answers. Who does not fill it sees what was sent."""
    row = filling.find(request.user, pk)  # type: ignore[arg-type]  # signed in
    sheet = filling.sheet(request.user, row, clock.today(), empty=bool(request.GET.get("empty")))  # type: ignore[arg-type]  # as above
    return render(request, "monitoring/print_form.html", {"sheet": sheet, "row": row})

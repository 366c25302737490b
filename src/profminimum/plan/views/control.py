"""The control board: the first page of the controller and the ministry; the same figures as a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from profminimum.orgs import access
from profminimum.plan import control
from profminimum.plan.sheets import board_sheets
from profminimum.web import clock
from profminimum.web.http import conditional
from profminimum.web.sheets import stream_xlsx

if TYPE_CHECKING:
    from django.http import FileResponse, HttpRequest, HttpResponse

    from profminimum.plan.models import PlanVersion


def _version(request: HttpRequest) -> PlanVersion | None:
    asked = request.GET.get("plan", "")
    version = control.version_in_force(request.user, int(asked) if asked.isdecimal() else None)  # type: ignore[arg-type]  # signed in
    if version is None and asked:
        raise Http404
    return version


@login_required
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Now or, with `?on=`, on a past day; narrowed by `unit` and `kind`."""
    access.require(request.user, "control.see", None)
    version = _version(request)
    if version is None:
        return render(request, "plan/control_empty.html")
    ask = control.read_ask(request.GET)

    def build() -> HttpResponse:
        shown = control.build(request.user, version, ask)  # type: ignore[arg-type]  # signed in
        reminds = ask.on is None and bool(access.can(request.user, "obligation.review", None))
        context = {"board": shown, "ask": ask, "kinds": _kinds(), "reminds": reminds}
        return render(request, "plan/control.html", context)

    newest = version.last_standing  # type: ignore[attr-defined]  # annotated by version_in_force
    return conditional(request, (version.pk, newest, clock.today(), getattr(request, "seat", None)), build)


def _kinds() -> list[tuple[str, str]]:
    return [
        ("", _("all organisations")),
        ("schools", _("schools")),
        ("authorities", _("municipal authorities")),
        ("region", _("ministry, coordinator, institute")),
    ]


@login_required
@require_safe
def export(request: HttpRequest) -> FileResponse:
    """The board as a workbook: rows, matrix and everything that is late, under the same filter."""
    access.require(request.user, "control.see", None)
    version = _version(request)
    if version is None:
        raise Http404
    ask = control.read_ask(request.GET)
    return stream_xlsx(f"control-{ask.today:%Y-%m-%d}.xlsx", board_sheets(request.user, version, ask))  # type: ignore[arg-type]  # signed in

"""The page of the journal and its export."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from profminimum.journal import queries, scope
from profminimum.journal.forms import WishForm
from profminimum.web.http import page_or_fragment
from profminimum.web.sheets import Column, Sheet, stream_csv, stream_xlsx

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, HttpResponseBase

    from profminimum.journal.lines import Line
    from profminimum.journal.scope import Scope
    from profminimum.web.sheets import Cell


def _scope(request: HttpRequest) -> Scope:
    found = scope.of(request.user)
    if found.refusal:
        raise PermissionDenied(found.refusal)
    return found


@login_required
@require_GET
def journal(request: HttpRequest) -> HttpResponseBase:
    """Who did what when, within the person's reach."""
    seen = _scope(request)
    form = WishForm(request.GET)
    found = queries.page(
        seen,
        form.wish(),
        after=queries.place(request.GET.get("after", "")),
        before=queries.place(request.GET.get("before", "")),
    )
    context = {"form": form, "found": found}
    return page_or_fragment(request, "journal/journal.html", "journal/_lines.html", context)


@login_required
@require_GET
def journal_export(request: HttpRequest) -> HttpResponseBase:
    """What the filter shows, as a workbook or, with `format=csv`, as CSV; of any length."""
    seen = _scope(request)
    rows = _rows(queries.all_lines(seen, WishForm(request.GET).wish()))
    columns = [
        Column(_("When"), 18),
        Column(_("Who"), 30),
        Column(_("Action"), 30),
        Column(_("Object"), 50),
        Column(_("Organisation"), 30),
        Column(_("Reason given"), 40),
        Column(_("Before"), 40),
        Column(_("After"), 40),
    ]
    name = _("Journal")
    if request.GET.get("format") == "csv":
        return stream_csv(name, [column.title for column in columns], rows)
    return stream_xlsx(name, [Sheet(name, columns, rows)])


def _rows(lines: Iterator[Line]) -> Iterator[list[Cell]]:
    for line in lines:
        yield [
            timezone.localtime(line.at),
            line.who or _("the system"),
            line.what,
            line.subject,
            line.organisation,
            line.reason,
            "\n".join(f"{change.name}: {change.before}" for change in line.changes) if line.compares else "",
            "\n".join(f"{change.name}: {change.after}" for change in line.changes),
        ]

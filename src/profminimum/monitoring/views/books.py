"""Workbooks of answers: a template out, upload → what would change → drafts; for a school and for an authority."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from profminimum.decree.model import UnreadableError
from profminimum.monitoring import turns
from profminimum.monitoring.books.identity import ForeignError
from profminimum.monitoring.forms.books import BookForm
from profminimum.monitoring.models import Wave
from profminimum.monitoring.queries import books as reading
from profminimum.monitoring.services import books, drafts
from profminimum.monitoring.services.books import Kept
from profminimum.orgs import access
from profminimum.plan.uploads import limited, uploads
from profminimum.web import clock
from profminimum.web.forms import REFUSED
from profminimum.web.sheets import XLSX

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from profminimum.monitoring.models import Submission
    from profminimum.monitoring.queries.books import Municipality
    from profminimum.orgs.access import Seat
    from profminimum.orgs.models import User

SHOWN = 200  # lines of each part of a preview


def _person(request: HttpRequest) -> User:
    return cast("User", request.user)


def _submission(request: HttpRequest, pk: int) -> Submission:
    """An answer that the person fills: 404 out of reach, 403 with the reason when it is another's to fill."""
    row = get_object_or_404(reading.answers(_person(request)), pk=pk)
    access.require(request.user, "submission.fill", row)
    return row


def _file(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response


def said(error: ForeignError | UnreadableError) -> str:
    """Why a file is not taken, in the language of the person."""
    if isinstance(error, UnreadableError):
        return error.message if (get_language() or "ru").startswith("ru") else error.message_en
    return str(error)


@login_required
@require_safe
def submission_template(request: HttpRequest, pk: int) -> HttpResponse:
    """The workbook of an answer, prefilled."""
    row = _submission(request, pk)
    return _file(reading.template(row, clock.today()), f"{row.organisation.code}-{row.wave_id}.xlsx")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def _submission_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the file; with `?file=` what it would change; a POST of that applies it to the draft."""
    row = _submission(request, pk)
    allowed = turns.taken(row, clock.today())
    if not allowed:
        raise access.DeniedError(allowed.reason)
    context = {"submission": row, "name": reading.name_of(row, clock.today())}

    def look(file: Kept) -> reading.Preview:
        return reading.preview(row, file.data, file.name, clock.today())

    def show(file: Kept, seen: reading.Preview) -> HttpResponse:
        more = {"seen": seen, "file": file, "changes": seen.changes[:SHOWN]}
        return render(request, "monitoring/book_school_preview.html", context | more)

    def carry_out(file: Kept, seen: reading.Preview, seal: str) -> HttpResponse:
        try:
            count = books.apply_school(row, seen, seal=seal, by=_person(request), at=clock.now())
        except drafts.BusyError as error:
            messages.error(request, drafts.said_busy(error.name))
            return redirect(_preview(request, file.token))
        text = ngettext(
            "%(n)d value has been put into the draft.", "%(n)d values have been put into the draft.", count
        )
        messages.success(request, text % {"n": count})
        return redirect("submission", pk=pk)

    page = "monitoring/book_school.html"
    return _taken(request, _Steps(f"submission/{pk}", page, context, look, show, carry_out))


@dataclass(frozen=True, slots=True)
class _Steps:
    """Upload → preview → apply of one purpose. `look` says what a file would change, or why it is refused."""

    purpose: str
    page: str
    context: dict[str, Any]
    look: Callable[[Kept], Any]
    show: Callable[[Kept, Any], HttpResponse]
    carry_out: Callable[[Kept, Any, str], HttpResponse]


def _preview(request: HttpRequest, token: str) -> str:
    return f"{request.path}?{urlencode({'file': token})}"


def _taken(request: HttpRequest, steps: _Steps) -> HttpResponse:
    """What is refused is said beside the field of the file, and not kept."""
    form, user = BookForm(), _person(request)
    try:
        if "seal" in request.POST:
            file = books.kept(request.POST.get("file", ""), purpose=steps.purpose, by=user)
            return _applied(request, file, steps)
        if request.method == "POST":
            form = BookForm(request.POST, request.FILES)
            if form.is_valid():
                (upload,) = uploads([form.cleaned_data["file"]])
                steps.look(Kept("", upload.name, upload.data))
                token = books.keep(upload, purpose=steps.purpose, by=user, at=clock.now())
                return redirect(_preview(request, token))
        elif request.GET.get("file"):
            file = books.kept(request.GET["file"], purpose=steps.purpose, by=user)
            return steps.show(file, steps.look(file))
    except (ForeignError, UnreadableError) as error:
        form = _refused(said(error))
    except ValidationError as error:
        form = _refused(" ".join(error.messages))
    return render(request, steps.page, {**steps.context, "form": form}, status=REFUSED if form.errors else 200)


def _refused(text: str) -> BookForm:
    form = BookForm({})
    form.errors.clear()
    form.add_error("file", text)
    return form


def _applied(request: HttpRequest, file: Kept, steps: _Steps) -> HttpResponse:
    try:
        return steps.carry_out(file, steps.look(file), request.POST["seal"])
    except books.ChangedError:
        messages.warning(
            request, _("The answers have changed since you looked: here is what the file would change now.")
        )
        return redirect(_preview(request, file.token))


submission_upload = limited(_submission_upload)


def authority(request: HttpRequest) -> Seat:
    """For which authority the person prepares answers; 403 for those who prepare none."""
    access.require(request.user, "submission.prepare", None)
    seats = [seat for seat in access.seats(request.user) if seat.role in access.GRANTS["submission.prepare"]]
    current = getattr(request, "seat", None)
    return current if current in seats else seats[0]


def _place(request: HttpRequest, pk: int) -> Municipality:
    """The schools of the person's authority in an open wave; 404 when the wave has none of them."""
    wave = get_object_or_404(
        Wave.objects.visible_to(_person(request))
        .select_related("campaign", "version")
        .defer("version__definition", "version__faults")
        .exclude(version=None),
        pk=pk,
    )
    found = reading.municipality(_person(request), authority(request), wave, clock.today())
    if not found.rows:
        raise Http404(_("This wave asks no school of your municipality."))
    return found


@login_required
@require_safe
def wave_book(request: HttpRequest, pk: int) -> HttpResponse:
    """The workbook of an authority with a row per school."""
    place = _place(request, pk)
    return _file(reading.workbook(place), f"{place.code}-{place.wave.pk}.xlsx")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def _wave_book_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """As for one answer: the good rows become drafts, the bad ones are named by cell."""
    place = _place(request, pk)
    user = _person(request)

    def look(file: Kept) -> reading.WavePreview:
        busy = books.busy(place.rows, by=user, at=clock.now())
        return reading.preview_wave(place, file.data, file.name, busy=busy, today=clock.today())

    def show(file: Kept, found: reading.WavePreview) -> HttpResponse:
        more = {
            "seen": found,
            "file": file,
            "faults": found.faults[:SHOWN],
            "warned": found.warned[:SHOWN],
            "ready": found.ready[:SHOWN],
            "same": found.of("same"),
            "bad": found.of("bad"),
            "skipped": found.of("skipped"),
        }
        return render(request, "monitoring/book_wave_preview.html", {"place": place, **more})

    def carry_out(file: Kept, found: reading.WavePreview, seal: str) -> HttpResponse:
        count = books.apply_wave(found.ready, seal=seal, by=user, at=clock.now())
        text = ngettext(
            "Draft prepared for %(n)d school: it looks at it and sends it itself.",
            "Drafts prepared for %(n)d schools: they look at them and send them themselves.",
            count,
        )
        messages.success(request, text % {"n": count})
        left = len(found.of("bad"))
        if left:
            text = ngettext(
                "%(n)d row was not taken: mend its cells and upload the file once more.",
                "%(n)d rows were not taken: mend their cells and upload the file once more.",
                left,
            )
            messages.warning(request, text % {"n": left})
            return redirect(_preview(request, file.token))
        return redirect(reverse("wave", kwargs={"pk": pk}))

    page = "monitoring/book_wave.html"
    return _taken(request, _Steps(f"wave/{pk}", page, {"place": place}, look, show, carry_out))


wave_book_upload = limited(_wave_book_upload)

"""A reminder before it goes: whom it reaches, how many letters, how one reads; then it is sent once."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from profminimum.notices.forms import ReminderForm
from profminimum.notices.queries import reminding
from profminimum.notices.services import mailing
from profminimum.orgs import access
from profminimum.web import clock, wording

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from profminimum.orgs.models import User

SALT: Final = "profminimum.notices.remind"
DAY: Final = 24 * 3600  # seconds that a preview may stay open


@login_required
@require_http_methods(["GET", "POST"])
def remind(request: HttpRequest) -> HttpResponse:
    """GET with `obligation`, `wave` or `plan` and `organisation` chooses; the form carries the choice, signed."""
    access.require(request.user, "obligation.review", None)
    user = cast("User", request.user)
    if request.method == "POST":
        chosen = _chosen(request.POST.get("chosen", ""))
        form = ReminderForm(request.POST)
    else:
        chosen = {"ids": reminding.asked(request.GET), "nonce": secrets.token_urlsafe(16)}
        signed = signing.dumps(chosen, salt=SALT, compress=True)
        form = ReminderForm(initial={"text": _default(), "chosen": signed})
    if not chosen["ids"]:
        raise Http404(_("Nothing is chosen that one could remind of."))
    if form.is_valid() and request.POST.get("act") == "send":
        try:
            made = mailing.remind(
                chosen["ids"], text=form.cleaned_data["text"], nonce=chosen["nonce"], by=user, at=clock.now()
            )
        except ValidationError as error:
            for text in error.messages:
                form.add_error("text", text)
        except mailing.SentAlreadyError:
            messages.info(request, _("This reminder has been sent already; nothing was sent again."))
            return _home(request)
        else:
            n = made.letters
            said = ngettext("%(n)s letter is on its way.", "%(n)s letters are on their way.", n)
            messages.success(request, said % {"n": wording.thin(n)})
            return _home(request)
    return _page(request, user, form, chosen["ids"])


def _page(request: HttpRequest, user: User, form: ReminderForm, ids: list[int]) -> HttpResponse:
    found = reminding.reach(ids, user, clock.today())
    if not found.rows and request.method == "GET" and not found.silent:
        raise Http404(_("Nothing is chosen that one could remind of."))
    text = str(form["text"].value() or "")
    sample = None
    if found.addressees:
        sample = mailing.draft(found.addressees[0], found, text, key="", by=user, today=clock.today())
    context = {
        "form": form,
        "found": found,
        "sample": sample,
        "next": request.GET.get("next", request.POST.get("next", "")),
    }
    return render(request, "notices/remind.html", context, status=422 if form.errors else 200)


def _default() -> str:
    return _(
        "The date of what is listed below has come or is near. Please do it, or ask for another date with the reason."
    )


def _chosen(signed: str) -> dict[str, Any]:
    try:
        chosen: dict[str, Any] = signing.loads(signed, salt=SALT, max_age=DAY)
    except signing.BadSignature as error:
        raise Http404(_("This form is too old: choose once more whom to remind.")) from error
    return chosen


def _home(request: HttpRequest) -> HttpResponse:
    there = request.POST.get("next", "")
    if there and url_has_allowed_host_and_scheme(there, allowed_hosts=None):
        return HttpResponseRedirect(there)
    return redirect("control" if access.can(request.user, "control.see", None) else "duties")

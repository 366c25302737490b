"""The inbox: what a person is told, read one by one or all at once, and whether they want the letter of the day."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from profminimum.notices import texts
from profminimum.notices.models import MailChoice, Notice
from profminimum.notices.queries import inbox as reading
from profminimum.notices.services import inbox
from profminimum.web import clock, wording
from profminimum.web.http import paginate

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from profminimum.orgs.models import User


@login_required
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """New ones first, then those that were read, by day."""
    user = cast("User", request.user)
    ask = reading.read(request.GET)
    page = paginate(request, reading.asked(user, ask))
    counts = reading.counts(user)
    choice = MailChoice.objects.filter(user=user).first()
    context = {
        "ask": ask,
        "page": page,
        "days": reading.days(page),
        "unread": counts[""],
        "groups": [(key, title, counts[key]) for key, (title, _kinds) in texts.GROUPS.items()],
        "digest": choice.digest if choice else True,
        "email": user.email,
    }
    return render(request, "notices/notices.html", context)


@login_required
@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Open what it is about; it counts as read from then on."""
    user = cast("User", request.user)
    one = get_object_or_404(Notice.objects.visible_to(user), pk=pk)
    inbox.read([one.pk], by=user, at=clock.now())
    return redirect(texts.href(one) or "notices")


@login_required
@require_POST
def notice_read(request: HttpRequest) -> HttpResponse:
    """Mark as read what was chosen (`notice`), or all; or put one back among the new ones (`again`)."""
    user = cast("User", request.user)
    wanted = [int(word) for word in request.POST.getlist("notice") if word.isdecimal() and len(word) < 16]
    if wanted:
        get_object_or_404(Notice.objects.visible_to(user), pk=wanted[0])
    if request.POST.get("again"):
        inbox.unread(wanted, by=user, at=clock.now())
    else:
        n = inbox.read(None if request.POST.get("all") else wanted, by=user, at=clock.now())
        if request.POST.get("all"):
            said = ngettext("%(n)s notice is marked as read.", "%(n)s notices are marked as read.", n)
            messages.success(request, said % {"n": wording.thin(n)})
    return _back(request)


@login_required
@require_POST
def digest(request: HttpRequest) -> HttpResponse:
    """Switch the letter of the day on or off."""
    on = request.POST.get("digest") == "1"
    inbox.switch_digest(on=on, by=cast("User", request.user), at=clock.now())
    messages.success(
        request,
        _("The digest will come once a day.")
        if on
        else _("The digest is switched off. What is returned to you is still written about."),
    )
    return _back(request)


def _back(request: HttpRequest) -> HttpResponseRedirect:
    there = redirect("notices")
    kept = request.POST.get("query", "")
    return HttpResponseRedirect(f"{there.url}?{kept}") if kept and "\n" not in kept and len(kept) < 200 else there

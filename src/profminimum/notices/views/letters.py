"""The letters that have gone, wait or failed: for the administrator, who decides about those of unknown fate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from profminimum.notices.models import Letter
from profminimum.notices.services import letters as services
from profminimum.orgs import access
from profminimum.web import clock
from profminimum.web.http import paginate

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from profminimum.orgs.models import User

State = Letter.State
TABS: Final = (
    ("", gettext_lazy("All letters"), ()),
    ("unsure", gettext_lazy("Unknown whether they have arrived"), (State.UNSURE,)),
    ("failed", gettext_lazy("Refused"), (State.FAILED,)),
    ("waiting", gettext_lazy("On their way"), (State.WAITING, State.SENDING, State.HANDING)),
    ("sent", gettext_lazy("Sent"), (State.SENT,)),
)
LOOKS: Final = {  # state → state of c-state
    State.WAITING: "assigned",
    State.SENDING: "working",
    State.HANDING: "working",
    State.SENT: "submitted",
    State.FAILED: "refused",
    State.UNSURE: "warning",
    State.DROPPED: "closed",
}


@login_required
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """Newest first, by state."""
    access.require(request.user, "letter.see", None)
    user = cast("User", request.user)
    mine = Letter.objects.visible_to(user)
    counts = dict(mine.order_by().values_list("state").annotate(n=Count("pk")))
    wanted = request.GET.get("state", "")
    states = next((states for key, _title, states in TABS if key == wanted), ())
    page = paginate(request, (mine.filter(state__in=states) if states else mine).select_related("user"))
    context = {
        "page": page,
        "rows": [(letter, LOOKS[State(letter.state)]) for letter in page],
        "state": wanted if states else "",
        "tabs": [
            (key, title, sum(counts.get(state, 0) for state in states or tuple(counts)))
            for key, title, states in TABS
        ],
    }
    return render(request, "notices/letters.html", context)


@login_required
@require_POST
def letter_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send once more what may not have arrived."""
    access.require(request.user, "letter.see", None)
    user = cast("User", request.user)
    letter = get_object_or_404(Letter.objects.visible_to(user), pk=pk)
    try:
        services.again(letter, by=user, at=clock.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The letter waits to be sent once more."))
    return HttpResponseRedirect(reverse("letters"))

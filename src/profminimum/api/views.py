"""One's own keys: make one, see it once, revoke it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from profminimum.api import services
from profminimum.api.models import Key
from profminimum.web import clock

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class KeyForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=100,
        help_text=gettext_lazy("For example: monthly export to BI."),
    )
    expires = forms.DateField(
        label=gettext_lazy("Valid until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """The list with a form; the secret of a new key is on the answer to the form, and nowhere else."""
    secret = ""
    form = KeyForm(request.POST or None, initial={"expires": clock.today() + timedelta(days=180)})
    if request.method == "POST" and form.is_valid():
        try:
            _key, secret = services.make(
                request.user,  # type: ignore[arg-type]  # signed in
                name=form.cleaned_data["name"],
                expires=form.cleaned_data["expires"],
                by=request.user,  # type: ignore[arg-type]  # signed in
                at=clock.now(),
            )
            form = KeyForm(initial={"expires": clock.today() + timedelta(days=180)})
        except ValidationError as error:
            form.add_error(None, error)
    mine = Key.objects.filter(user=request.user.pk)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "api/keys.html", {"form": form, "keys": mine, "secret": secret}, status=status)


@login_required
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    key = get_object_or_404(Key, pk=pk, user=request.user.pk)
    services.revoke(key, by=request.user, at=clock.now())  # type: ignore[arg-type]  # signed in
    messages.success(request, _("The key «%(name)s» works no more.") % {"name": key.name})
    return redirect("keys")

"""Where does `/` lead? To the first page of the role, to the sign-in page, or to a word for one without any role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.urls import NoReverseMatch

from profminimum.config import navigation

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def go(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated and getattr(request, "seat", None) is None:
        return render(request, "orgs/no_role.html")
    try:
        return redirect(navigation.home(request))
    except NoReverseMatch:
        return redirect("organisations")

"""What every page needs: the header, the navigation and the date, given by the function that settings.SHELL names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string

from profminimum.web import clock

if TYPE_CHECKING:
    from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """`shell` is lazy: a fragment that shows no header asks the database for nothing."""
    build = import_string(settings.SHELL)
    return {
        "shell": SimpleLazyObject(lambda: build(request)),
        "now": clock.now(),
        "today": clock.today(),
        "clock_moved": clock.is_moved(),
    }

"""How large may a request with files be? Refused before a byte of it is read."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from profminimum.plan.filenames import tame
from profminimum.plan.files import Upload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest, HttpResponse

    View = Callable[..., HttpResponse]

AT_ONCE: Final = 10  # files of one report
TOGETHER: Final = 4  # times the limit of one file that all of them may take


def request_limit() -> int:
    """Bytes of a whole request: all its files and a megabyte for its words."""
    return TOGETHER * int(settings.UPLOAD_LIMIT) + 2**20


def limited(view: View) -> View:
    """A view that takes files: a request that is too large is answered with a message before it is read.

    The guard against forged requests reads the form, so it is put after the question of size.
    """
    protected: View = csrf_protect(view)

    @wraps(view)
    def ask_size_first(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if request.method == "POST" and (not length.isdecimal() or int(length) > request_limit()):
            return render(
                request,
                "plan/too_large.html",
                {"limit": request_limit(), "each": settings.UPLOAD_LIMIT, "back": request.get_full_path()},
                status=413,
            )
        return protected(request, *args, **kwargs)

    wrapped: View = csrf_exempt(ask_size_first)
    return wrapped


def uploads(sent: Iterable[UploadedFile[Any]]) -> tuple[Upload, ...]:
    """The files of a form as the services take them. What is over the limit is not read: the service names it."""
    limit = int(settings.UPLOAD_LIMIT)
    return tuple(Upload(tame(file.name or ""), file.read(limit + 1)) for file in sent)

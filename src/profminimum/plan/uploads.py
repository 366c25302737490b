"""How large may a request with files be, and what are the files called? Refused before a byte of it is read."""

from __future__ import annotations

import re
import unicodedata
from functools import wraps
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from profminimum.plan.files import Upload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest, HttpResponse

    View = Callable[..., HttpResponse]

AT_ONCE: Final = 10  # files of one report
TOGETHER: Final = 4  # times the limit of one file that all of them may take
NAME: Final = 120  # characters of a file's name that are kept
_UNFIT: Final = re.compile(r'[\\/:*?"<>|]')


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


def tame(name: str) -> str:
    """A name that can stand on a page and in a folder: without path, control and direction characters, not too long.

    «C:/Мои документы/приказ.pdf» → «приказ.pdf»; the ending survives a long name.
    """
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(" " if unicodedata.category(char) in {"Zs", "Zl", "Zp"} else char for char in last)
    kept = "".join(char for char in kept if not unicodedata.category(char).startswith("C"))
    kept = " ".join(_UNFIT.sub("_", kept).split()).strip(". ")
    stem, dot, ending = kept.rpartition(".")
    if not dot:
        return kept[:NAME] or _("file")
    return f"{stem[: NAME - len(ending) - 1].rstrip('. ')}.{ending[:10]}" if stem else f"{_('file')}.{ending[:10]}"


def uploads(sent: Iterable[UploadedFile[Any]]) -> tuple[Upload, ...]:
    """The files of a form as the services take them. What is over the limit is not read: the service names it."""
    limit = int(settings.UPLOAD_LIMIT)
    return tuple(Upload(tame(file.name or ""), file.read(limit + 1)) for file in sent)

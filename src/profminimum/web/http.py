"""How does a view answer? A page or only its fragment, a page of a long list, «nothing has changed»."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from django.db.models import QuerySet

    _AnyPage = Page[Any]
    _AnyPaginator = Paginator[Any]
else:
    _AnyPage = Page
    _AnyPaginator = Paginator
SIZE = 50


def page_or_fragment(
    request: HttpRequest, template: str, fragment: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """The `fragment` template for an htmx request, the whole `template` (which includes it) otherwise."""
    partial = bool(getattr(request, "htmx", False)) and not request.htmx.boosted  # type: ignore[attr-defined]  # set by HtmxMiddleware
    response = render(request, fragment if partial else template, dict(context or {}), status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


class ListPage(_AnyPage):
    """A page that knows its neighbours for the line of page numbers."""

    @property
    def around(self) -> list[int | None]:
        """Page numbers to show: the first, the last, two about this one; None is a gap."""
        last = self.paginator.num_pages
        shown = sorted({1, last, *range(max(1, self.number - 2), min(last, self.number + 2) + 1)})
        numbers: list[int | None] = []
        for number in shown:
            before = numbers[-1] if numbers else None
            if before is not None and number - before == 2:
                numbers.append(number - 1)
            elif before is not None and number - before > 2:
                numbers.append(None)
            numbers.append(number)
        return numbers


class _Paginator(_AnyPaginator):
    def _get_page(self, *args: Any, **kwargs: Any) -> ListPage:
        return ListPage(*args, **kwargs)


def paginate(
    request: HttpRequest, rows: QuerySet[Any] | Sequence[Any], size: int = SIZE, *, param: str = "page"
) -> ListPage:
    """One page of the rows in two queries, one of them the count; a senseless number gives the nearest page."""
    return _Paginator(rows, size).get_page(request.GET.get(param))  # type: ignore[return-value]  # _get_page makes it


def conditional(request: HttpRequest, key: Sequence[object], build: Callable[[], HttpResponse]) -> HttpResponse:
    """304 when the client has the answer for this `key`; else what `build` makes, with its ETag.

    The key names everything the page depends on (the latest journal entry, the seat, the date asked for); the
    address, the language, the person and the kind of request are added here.
    """
    user = getattr(request, "user", None)
    parts = [
        *key,
        request.get_full_path(),
        translation.get_language(),
        getattr(user, "pk", None),
        getattr(user, "unread", 0),  # figures of the page header
        getattr(user, "waiting", None),
        bool(getattr(request, "htmx", False)),
    ]
    tag = f'W/"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'
    known = [item.strip() for item in request.headers.get("If-None-Match", "").split(",")]
    if tag in known and request.method in ("GET", "HEAD"):
        response: HttpResponse = HttpResponse(status=304)
    else:
        response = build()
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Cookie", "HX-Request"])
    return response

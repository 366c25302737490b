"""Where does a link lead that keeps the filter? Addresses made of the present query with a few changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, QueryDict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.template.context import Context


@dataclass(frozen=True, slots=True)
class SortLink:
    """`aria` is the present direction for `aria-sort`, empty when the table is sorted by another column."""

    href: str
    aria: str
    icon: str


def present(context: Context) -> QueryDict:
    """A copy of the request's GET parameters that may be changed."""
    request = context.get("request")
    return request.GET.copy() if isinstance(request, HttpRequest) else QueryDict(mutable=True)


def query(context: Context, changes: Mapping[str, Any], *, keep_page: bool = False) -> str:
    """`?…` with some parameters set (a list sets several values) and those that are None or "" dropped."""
    params = present(context)
    if not keep_page:
        params.pop("page", None)
    for key, value in changes.items():
        if value is None or value == "":
            params.pop(key, None)
        elif isinstance(value, list | tuple):
            params.setlist(key, [str(item) for item in value])
        else:
            params[key] = str(value)
    return f"?{params.urlencode()}"


def sort(context: Context, key: str, current: str = "", param: str = "sort") -> SortLink:
    """First click sorts upwards, the next downwards (`-key`). `current` is the order when the query names none."""
    order = present(context).get(param) or current
    if order == key:
        return SortLink(query(context, {param: f"-{key}"}), "ascending", "up")
    aria, icon = ("descending", "down") if order == f"-{key}" else ("", "both")
    return SortLink(query(context, {param: key}), aria, icon)

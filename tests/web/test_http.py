"""Pages of long lists, fragments for htmx, «nothing has changed», links that keep the filter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.http import HttpResponse
from django.template import engines
from django.test import RequestFactory
from django.utils import translation
from django_htmx.middleware import HtmxDetails

from profminimum.web.http import conditional, page_or_fragment, paginate

if TYPE_CHECKING:
    from django.http import HttpRequest
    from pytest_django import DjangoAssertNumQueries


def get(path: str = "/", **headers: str) -> HttpRequest:
    request = RequestFactory().get(path, headers=headers)
    request.user = AnonymousUser()
    request.htmx = HtmxDetails(request)  # type: ignore[attr-defined]  # as the middleware does
    return request


@pytest.mark.parametrize(
    ("asked", "number"), [("", 1), ("2", 2), ("0", 4), ("-1", 4), ("99", 4), ("x", 1), ("1e9", 1), ("²", 1)]
)
def test_a_page_number_without_sense_gives_a_page(asked: str, number: int) -> None:
    page = paginate(get(f"/?page={asked}"), list(range(10)), size=3)
    assert page.number == number
    assert list(page) == list(range(10))[(number - 1) * 3 : number * 3]


@pytest.mark.parametrize(
    ("pages", "number", "around"),
    [
        (1, 1, [1]),
        (4, 2, [1, 2, 3, 4]),
        (25, 1, [1, 2, 3, None, 25]),
        (25, 4, [1, 2, 3, 4, 5, 6, None, 25]),
        (25, 5, [1, 2, 3, 4, 5, 6, 7, None, 25]),
        (25, 12, [1, None, 10, 11, 12, 13, 14, None, 25]),
        (25, 25, [1, None, 23, 24, 25]),
    ],
)
def test_the_line_of_page_numbers(pages: int, number: int, around: list[int | None]) -> None:
    assert paginate(get(f"/?page={number}"), range(pages), size=1).around == around


@pytest.mark.django_db
def test_a_page_counts_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(2):  # the count and the rows
        page = paginate(get("/?page=2"), ContentType.objects.order_by("pk"), size=4)
        assert len(page) == 4
        assert [page.start_index(), page.end_index(), page.around[:2]] == [5, 8, [1, 2]]
        assert page.paginator.count > 8
        assert [row.pk for row in page] == sorted(row.pk for row in page)


def test_htmx_gets_the_fragment() -> None:
    whole = page_or_fragment(get(), "web/error.html", "web/forms/required.html", {"error_title": "t"})
    part = page_or_fragment(get(**{"HX-Request": "true"}), "web/error.html", "web/forms/required.html")
    boosted = page_or_fragment(
        get(**{"HX-Request": "true", "HX-Boosted": "true"}), "web/error.html", "web/forms/required.html"
    )
    assert b"<html" in whole.content
    assert b"<html" in boosted.content
    assert b"<html" not in part.content
    assert "HX-Request" in whole["Vary"]
    assert "HX-Request" in part["Vary"]


def test_an_unchanged_board_is_not_built_again() -> None:
    built: list[int] = []

    def build() -> HttpResponse:
        built.append(1)
        return HttpResponse("board")

    with translation.override("ru"):
        first = conditional(get("/c?late=1"), ["entry", 7], build)
        again = conditional(get("/c?late=1", **{"If-None-Match": first["ETag"]}), ["entry", 7], build)
        changed = conditional(get("/c?late=1", **{"If-None-Match": first["ETag"]}), ["entry", 8], build)
        filtered = conditional(get("/c", **{"If-None-Match": first["ETag"]}), ["entry", 7], build)
    with translation.override("en"):
        other = conditional(get("/c?late=1", **{"If-None-Match": first["ETag"]}), ["entry", 7], build)
    assert [r.status_code for r in (first, again, changed, filtered, other)] == [200, 304, 200, 200, 200]
    assert not again.content
    assert again["ETag"] == first["ETag"]
    assert first["Cache-Control"] == "private, no-cache"
    assert len(built) == 4


@pytest.mark.parametrize(
    ("path", "tag", "href"),
    [
        ("/?a=1&page=3", "{% query b=2 %}", "?a=1&b=2"),
        ("/?a=1&b=2", "{% query a=None %}", "?b=2"),
        ("/?a=1", '{% query a="" %}', "?"),
        ("/?a=1&a=2", "{% query a=3 %}", "?a=3"),
        ("/", "{% query a=several %}", "?a=x&a=y"),
        ("/?q=школа", "{% query %}", "?q=%D1%88%D0%BA%D0%BE%D0%BB%D0%B0"),
        ("/?page=2&a=1", "{% page_link 1234 %}", "?page=1234&a=1"),
        ("/", "{% url_or_empty 'no-such-page' %}", ""),
        ("/", "{% url_or_empty 'account_login' %}", "/accounts/login/"),
    ],
)
def test_links_keep_the_filter(path: str, tag: str, href: str) -> None:
    template = engines["django"].from_string("{% autoescape off %}" + tag + "{% endautoescape %}")
    values: dict[str, Any] = {"several": ["x", "y"]}
    assert template.render(values, get(path)) == href


@pytest.mark.parametrize(
    ("path", "aria", "href"),
    [
        ("/", "ascending", "?sort=-name"),
        ("/?sort=-name&page=4", "descending", "?sort=name"),
        ("/?sort=due", "", "?sort=name"),
    ],
)
def test_a_heading_turns_the_order_round(path: str, aria: str, href: str) -> None:
    template = engines["django"].from_string("{% sort_link 'name' 'name' as l %}{{ l.aria }}|{{ l.href|safe }}")
    assert template.render({}, get(path)) == f"{aria}|{href}"

"""Pages of errors: each says what happened and what to do, in both languages, and 500 needs no database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation
from django.utils.translation import gettext_lazy
from django.views.csrf import csrf_failure

from profminimum.web import errors


@pytest.mark.parametrize(("language", "title"), [("ru", "Такой страницы нет"), ("en", "There is no such page")])
@pytest.mark.django_db
def test_an_unknown_address(client: Client, language: str, title: str) -> None:
    response = client.get("/no/such/page/", headers={"Accept-Language": language})
    text = response.content.decode()
    assert response.status_code == 404
    assert title in text
    assert f'lang="{language}"' in text
    assert "tried" not in text
    assert "alert" not in text


def test_a_refusal_gives_its_reason() -> None:
    request = RequestFactory().get("/")
    with translation.override("ru"):
        response = errors.forbidden(request, PermissionDenied("Принимает управление образования <b>."))
        silent = errors.forbidden(request, PermissionDenied())
    assert response.status_code == 403
    assert "Принимает управление образования &lt;b&gt;." in response.content.decode()
    assert "У вас нет права" in silent.content.decode()
    assert "alert" not in silent.content.decode()


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        (Http404("No School matches the given query."), False),
        (Http404({"tried": ["x"], "path": "y"}), False),
        (Http404("Приглашение уже использовано."), True),
        (Http404(gettext_lazy("Sections")), True),
        (Http404(), False),
    ],
)
def test_only_our_own_words_are_shown(raised: Http404, said: bool) -> None:  # noqa: FBT001 - a column of the table
    text = errors.not_found(RequestFactory().get("/"), raised).content.decode()
    assert ("alert" in text) is said


def test_a_suspicious_request_tells_nothing() -> None:
    response = errors.bad_request(RequestFactory().get("/"), ValueError("secret"))
    assert response.status_code == 400
    assert "secret" not in response.content.decode()


@pytest.mark.parametrize(
    ("language", "title"), [("ru", "Сбой на нашей стороне"), ("en", "Something broke on our side")]
)
def test_our_own_failure_touches_no_database(language: str, title: str) -> None:
    with translation.override(language):  # no django_db mark: a query would fail the test
        response = errors.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert title in response.content.decode()


def test_a_form_that_was_open_for_too_long() -> None:
    with translation.override("ru"):
        response = csrf_failure(RequestFactory().post("/"))
    assert response.status_code == 403
    assert "Страница была открыта слишком долго" in response.content.decode()


@pytest.mark.parametrize(
    ("language", "said"), [("ru", "вход закрыт на 15 минут."), ("en", "sign-in is closed for 15 minutes.")]
)
def test_too_many_attempts(language: str, said: str) -> None:
    with translation.override(language):
        text = render_to_string("account/lockout.html", {"cooloff_timedelta": timedelta(hours=0.25)})
    assert said in text


@pytest.mark.django_db
def test_every_answer_forbids_inline_code(client: Client) -> None:
    for path in ("/accounts/login/", "/no/such/page/"):
        policy = client.get(path).headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "script-src 'self'" in policy
        assert "style-src 'self'" in policy
        assert "default-src 'none'" in policy

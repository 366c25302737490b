"""The ways in: password with its brake, second factor, passkeys, single sign-on from a real OIDC server."""

from __future__ import annotations

import base64
import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache
from django.urls import NoReverseMatch, reverse

from people import PASSWORD, browser
from profminimum.journal.models import Entry
from profminimum.orgs import services

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.core.mail import EmailMessage
    from django.test import Client
    from pytest_django.fixtures import Settings

    from people import People

LOGIN = {"login": "school@example.org", "password": PASSWORD}


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    cache.clear()  # allauth counts there


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_password_lets_in_and_the_journal_knows(people: People, client: Client) -> None:
    answer = client.post(reverse("account_login"), LOGIN)
    assert answer["Location"] == "/"
    assert signed_in(client)
    assert Entry.objects.filter(action="user.signed_in", by=people.school).count() == 1
    client.post(reverse("account_logout"))
    assert not signed_in(client)


def test_wrong_passwords_close_the_door_for_that_address_alone(
    people: People, client: Client, settings: Settings
) -> None:
    settings.AXES_FAILURE_LIMIT = 4
    wrong = {**LOGIN, "password": "не тот пароль"}
    for _attempt in range(3):
        answer = client.post(reverse("account_login"), wrong)
        assert answer.status_code == 200
        assert "Войти не удалось" in answer.content.decode()
    closed = client.post(reverse("account_login"), wrong)
    assert closed.status_code == 429
    assert "15 минут" in closed.content.decode()
    assert client.post(reverse("account_login"), LOGIN).status_code == 429
    assert not signed_in(client)
    other = {"login": people.ministry.email, "password": PASSWORD}
    assert client.post(reverse("account_login"), other).status_code == 302


def test_a_blocked_person_is_not_let_in(people: People, client: Client, december: datetime) -> None:
    services.block_user(people.school, by=people.municipal, at=december, reason="уволена")
    client.post(reverse("account_login"), LOGIN)
    assert not signed_in(client)


def test_the_second_factor_is_asked_for(people: People, client: Client) -> None:
    secret = generate_totp_secret()
    TOTP.activate(people.school, secret)
    answer = client.post(reverse("account_login"), LOGIN)
    assert answer["Location"] == reverse("mfa_authenticate")
    assert not signed_in(client)
    page = client.get(reverse("mfa_authenticate")).content.decode()
    assert "Второй фактор" in page
    assert client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    assert not signed_in(client)
    counter = next(yield_hotp_counters_from_time())
    client.post(reverse("mfa_authenticate"), {"code": format_hotp_value(hotp_value(secret, counter))})
    assert signed_in(client)


def test_the_second_factor_is_switched_on_and_off_in_the_profile(people: People, client: Client) -> None:
    client.post(reverse("account_login"), LOGIN)
    asked = client.get(reverse("mfa_activate_totp"))
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    wrong = client.post(asked["Location"], {"password": "не тот пароль"})
    assert "Не подтверждено" in wrong.content.decode()
    page = client.post(asked["Location"], {"password": PASSWORD}, follow=True).content.decode()
    assert "data:image/svg" in page
    secret = client.session["mfa.totp.secret"]
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    client.post(reverse("mfa_activate_totp"), {"code": code})
    kinds = set(Authenticator.objects.filter(user=people.school).values_list("type", flat=True))
    assert kinds == {"totp", "recovery_codes"}
    for name in ("mfa_index", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_deactivate_totp"):
        assert client.get(reverse(name)).status_code == 200, name
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=people.school, type="totp").exists()


INLINE = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")|\son\w+=\"|<style|\sstyle=\"")


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_page_of_the_account_keeps_to_the_security_policy_and_has_no_foreign_words(
    people: People, client: Client, language: str
) -> None:
    client.cookies["django_language"] = language
    strangers = ("account_login", "account_reset_password", "account_reset_password_done", "account_inactive",
                 "account_signup", "socialaccount_login_cancelled", "socialaccount_login_error",
                 "account_reset_password_from_key_done")  # fmt: skip
    for name in strangers:
        _look(client.get(reverse(name)).content.decode(), name, language)
    client.post(reverse("account_login"), LOGIN)
    client.post(reverse("set_language"), {"language": language})
    for name in ("account_change_password", "account_logout", "account_reauthenticate", "mfa_index",
                 "mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn", "usersessions_list",
                 "profile", "account_signup"):  # fmt: skip
        answer = client.get(reverse(name), follow=True)
        assert "script-src 'self';" in answer["Content-Security-Policy"] + ";"
        assert "unsafe" not in answer["Content-Security-Policy"]
        _look(answer.content.decode(), name, language)


def _look(text: str, name: str, language: str) -> None:
    assert f'<html lang="{language}">' in text, name
    assert not INLINE.search(text), (name, INLINE.search(text))
    title = re.search(r"<h1>(.*?)</h1>", text, re.DOTALL)
    assert title is not None, name
    assert bool(re.search("[а-яё]", title[1])) == (language == "ru"), (name, title[1])


def test_passkey_sign_in_offers_a_challenge(people: People, client: Client) -> None:
    page = client.get(reverse("account_login")).content.decode()
    assert 'id="passkey_login"' in page
    assert "/static/mfa/js/webauthn.js" in page
    answer = client.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})
    assert answer.json()["request_options"]["publicKey"]["challenge"]
    assert client.post(reverse("mfa_login_webauthn"), {"credential": "{}"}).status_code == 302
    assert not signed_in(client)


@pytest.mark.parametrize("name", ["account_email", "socialaccount_connections", "account_confirm_email"])
def test_what_is_not_used_has_no_address(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_registration_is_closed(client: Client, db: None) -> None:
    assert client.get(reverse("account_signup")).status_code == 403
    assert client.post(reverse("account_signup"), {"email": "x@example.org"}).status_code == 405


def test_a_new_password_by_letter(people: People, client: Client, mailoutbox: list[EmailMessage]) -> None:
    client.post(reverse("account_reset_password"), {"email": "nobody@example.org"})
    assert mailoutbox == []
    client.post(reverse("account_reset_password"), {"email": people.school.email})
    assert "Здравствуйте!" in mailoutbox[0].body
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", str(mailoutbox[0].body))
    assert link is not None
    form = client.get(link[1], follow=True)
    address = form.redirect_chain[-1][0]
    fresh = "Совсем-новый-пароль-7"
    client.post(address, {"password1": fresh, "password2": fresh})
    people.school.refresh_from_db()
    assert people.school.check_password(fresh)
    assert "Ссылкой уже воспользовались" in browser(None).get(link[1], follow=True).content.decode()


class Provider(ThreadingHTTPServer):
    """A small but real OpenID Connect provider: discovery, keys, authorisation code, signed token, user info."""

    claims: dict[str, Any]

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.nonces: dict[str, str] = {}


class Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        if parts.path == "/.well-known/openid-configuration":
            url = self.server.url
            self._json(
                {
                    "issuer": url,
                    "authorization_endpoint": f"{url}/authorize",
                    "token_endpoint": f"{url}/token",
                    "userinfo_endpoint": f"{url}/userinfo",
                    "jwks_uri": f"{url}/keys",
                    "token_endpoint_auth_methods_supported": ["client_secret_post"],
                }
            )
        elif parts.path == "/keys":
            numbers = self.server.key.public_key().public_numbers()
            self._json({"keys": [{"kty": "RSA", "kid": "1", "alg": "RS256", "use": "sig",
                                  "n": _b64(numbers.n), "e": _b64(numbers.e)}]})  # fmt: skip
        elif parts.path == "/authorize":
            self.send_response(302)
            self.send_header(
                "Location", f"{query['redirect_uri']}?{urlencode({'code': 'c1', 'state': query['state']})}"
            )
            self.end_headers()
        else:
            self._json(self.server.claims)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        claims = {"iss": self.server.url, "aud": "profminimum", "iat": int(time.time()), "exp": int(time.time()) + 60}
        token = jwt.encode({**claims, **self.server.claims}, self.server.key, "RS256", headers={"kid": "1"})
        self._json({"access_token": "a1", "token_type": "Bearer", "expires_in": 60, "id_token": token})

    def _json(self, data: object) -> None:
        body = json.dumps(data).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        pass


def _b64(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes((number.bit_length() + 7) // 8)).rstrip(b"=").decode()


@pytest.fixture
def provider(settings: Settings) -> Iterator[Provider]:
    with Provider() as server:
        app = {"provider_id": "region", "name": "Вход области", "client_id": "profminimum", "secret": "s",
               "settings": {"server_url": server.url}}  # fmt: skip
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def _through(client: Client) -> Any:
    """Go to the provider and back, as a browser does."""
    import http.client  # noqa: PLC0415 - here alone

    away = client.get(reverse("openid_connect_login", args=["region"]))
    assert away.status_code == 302, away.content.decode()
    there = urlsplit(away["Location"])
    connection = http.client.HTTPConnection(there.netloc)
    connection.request("GET", f"{there.path}?{there.query}")
    back = urlsplit(connection.getresponse().headers["Location"])
    connection.close()
    return client.get(f"{back.path}?{back.query}", follow=True)


@pytest.mark.parametrize(
    ("email", "verified", "enters"),
    [
        ("school@example.org", True, True),
        ("School@Example.org", True, True),
        ("school@example.org", False, False),
        ("stranger@example.org", True, False),
    ],
)
def test_single_sign_on_lets_in_known_people_by_a_verified_address(
    people: People, client: Client, provider: Provider, email: str, *, verified: bool, enters: bool
) -> None:
    assert "Вход области" in client.get(reverse("account_login")).content.decode()
    provider.claims = {"sub": "42", "email": email, "email_verified": verified, "name": "Кто-то"}
    answer = _through(client)
    assert signed_in(client) == enters, answer.content.decode()
    if enters:
        assert client.session["_auth_user_id"] == str(people.school.pk)
        assert Entry.objects.filter(action="user.signed_in", by=people.school).count() == 1
    else:
        assert "приглаш" in answer.content.decode()


def test_single_sign_on_does_not_open_a_blocked_account(
    people: People, client: Client, provider: Provider, december: datetime
) -> None:
    services.block_user(people.school, by=people.municipal, at=december, reason="уволена")
    provider.claims = {"sub": "42", "email": "school@example.org", "email_verified": True}
    _through(client)
    assert not signed_in(client)

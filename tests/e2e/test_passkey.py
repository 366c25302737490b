"""A passkey in a real browser with a virtual authenticator: added in the profile, then used to sign in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

LOGIN, PASSWORD = "nevelsk@demo.example", "sakhalin-2023"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_passkey_is_added_and_opens_the_door(
    visit_fresh: Callable[..., Page], clean: Callable[[Page], None], accessible: Callable[[Page], None]
) -> None:
    page = visit_fresh(None)
    site = page.url.split("/accounts")[0].replace("127.0.0.1", "localhost")  # a passkey belongs to a name
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    page.goto(f"{site}/accounts/login/")
    page.locator("input[name=login]").fill(LOGIN)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Войти", exact=True).click()
    page.wait_for_url(lambda url: "/login" not in url)

    page.goto(f"{site}/accounts/2fa/webauthn/add/")
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Подтвердить").click()
    page.locator("input[name=name]").fill("Рабочий ноутбук")
    page.locator("input[name=passwordless]").check()
    accessible(page)
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url("**/recovery-codes/")
    accessible(page)
    page.goto(f"{site}/accounts/2fa/webauthn/")
    assert page.get_by_text("Рабочий ноутбук").is_visible()
    assert page.get_by_text("вместо пароля").is_visible()
    accessible(page)

    page.get_by_role("button", name="Выйти").click()
    page.goto(f"{site}/accounts/login/")
    page.locator("#passkey_login").click()
    page.wait_for_url(lambda url: "/login" not in url)
    page.goto(f"{site}/profile/")
    assert page.get_by_text(LOGIN).first.is_visible()
    clean(page)

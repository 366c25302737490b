"""Roles, invitations, blocking: who may, what is refused, what the journal and the letter say."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.hashers import identify_hasher
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation

from people import PASSWORD, browser
from profminimum.journal.models import Entry
from profminimum.notices.services.letters import send_invitation
from profminimum.notices.services.sending import send_letters
from profminimum.orgs import access, permissions, services
from profminimum.orgs.models import Invitation, Membership, Role, User
from profminimum.orgs.services import invitations
from profminimum.web import clock

if TYPE_CHECKING:
    from datetime import datetime

    from django.core.mail import EmailMessage
    from django.test import Client

    from factories import SmallRegion
    from people import People

# who × (role, place) → may invite; places: 0 first authority, 1 second, s its school, m ministry, r region
GIVING = [
    ("administrator", Role.ADMINISTRATOR, "ministry", True),
    ("administrator", Role.SCHOOL, "school", True),
    ("ministry", Role.MINISTRY, "ministry", True),
    ("ministry", Role.OBSERVER, "region", True),
    ("ministry", Role.MUNICIPAL, "second", True),
    ("ministry", Role.ADMINISTRATOR, "ministry", False),
    ("ministry", Role.CONTROLLER, "ministry", False),
    ("municipal", Role.MUNICIPAL, "first", True),
    ("municipal", Role.SCHOOL, "school", True),
    ("municipal", Role.SCHOOL, "branch", True),
    ("municipal", Role.MUNICIPAL, "second", False),
    ("municipal", Role.SCHOOL, "other_school", False),
    ("municipal", Role.SCHOOL, "state_school", False),
    ("municipal", Role.MINISTRY, "ministry", False),
    ("school", Role.SCHOOL, "school", False),
    ("school", Role.SCHOOL, "branch", False),
    ("controller", Role.MINISTRY, "ministry", False),
    ("coordinator", Role.COORDINATOR, "coordinator", False),
    ("observer", Role.OBSERVER, "region", False),
    ("newcomer", Role.SCHOOL, "school", False),
]


def places(region: SmallRegion) -> dict[str, object]:
    return {
        "region": region.region, "ministry": region.ministry, "coordinator": region.coordinator,
        "first": region.authorities[0], "second": region.authorities[1], "school": region.schools[0],
        "other_school": region.schools_of(1)[0], "state_school": region.state_school, "branch": region.branch,
    }  # fmt: skip


def invited(people: People, now: datetime, region: SmallRegion, **more: object) -> Invitation:
    values: dict[str, object] = {
        "email": "Novaya@Example.org", "full_name": "Новая Нина Петровна", "role": Role.SCHOOL,
        "organisation": region.schools[0], "by": people.municipal, "at": now, "post": "директор",
    }  # fmt: skip
    return services.invite(**{**values, **more})  # type: ignore[arg-type]  # tests pass what they test


@pytest.mark.parametrize(("who", "role", "place", "may"), GIVING)
def test_who_may_give_which_role_where(
    region: SmallRegion, people: People, december: datetime, who: str, role: Role, place: str, *, may: bool
) -> None:
    by = getattr(people, who)
    where = places(region)[place]
    if may:
        invited(people, december, region, by=by, role=role, organisation=where)
        services.grant_membership(
            people.newcomer, role=role, organisation=where, since=december.date(), by=by, at=december  # type: ignore[arg-type]  # an Organisation
        )  # fmt: skip
        assert role in access.roles_to_give(by, where)  # type: ignore[arg-type]  # as above
        return
    with pytest.raises(access.DeniedError):
        invited(people, december, region, by=by, role=role, organisation=where)
    with pytest.raises(access.DeniedError):
        services.grant_membership(
            people.newcomer, role=role, organisation=where, since=december.date(), by=by, at=december  # type: ignore[arg-type]  # as above
        )  # fmt: skip
    assert not Invitation.objects.exists()


def test_nobody_gives_takes_or_blocks_for_themselves(region: SmallRegion, people: People, december: datetime) -> None:
    boss = people.administrator
    with pytest.raises(access.DeniedError):
        services.grant_membership(
            boss, role=Role.CONTROLLER, organisation=region.ministry, since=december.date(), by=boss, at=december
        )
    with pytest.raises(access.DeniedError):
        services.end_membership(boss.memberships.get(), until=december.date(), by=boss, at=december)
    with pytest.raises(access.DeniedError):
        services.block_user(boss, by=boss, at=december, reason="сам")
    with pytest.raises(access.DeniedError):  # a ministry officer is no match for an administrator
        services.block_user(boss, by=people.ministry, at=december, reason="сам")
    with pytest.raises(access.DeniedError):
        services.change_user(people.ministry, by=people.municipal, at=december, full_name="Другая")


@pytest.mark.parametrize("role", [Role.SCHOOL, Role.MINISTRY, Role.OBSERVER])
def test_a_role_that_makes_no_sense_there_is_refused(
    region: SmallRegion, people: People, december: datetime, role: Role
) -> None:
    with pytest.raises(ValidationError) as caught:
        invited(people, december, region, by=None, role=role, organisation=region.authorities[0])
    assert "role" in caught.value.message_dict


def test_from_the_letter_to_the_first_page(
    region: SmallRegion, people: People, december: datetime, mailoutbox: list[EmailMessage], client: Client
) -> None:
    invitation = invited(people, december, region)
    assert invitation.email == "novaya@example.org"
    entry = Entry.objects.get(action="user.invited")
    send_invitation(entry)
    send_letters(december)
    letter = mailoutbox[0]
    assert letter.to == ["novaya@example.org"]
    assert "Школа № 1" in letter.body
    assert "Здравствуйте, Новая Нина Петровна!" in letter.body
    found = re.search(r"/invitation/(\w+)/", str(letter.body))
    assert found is not None
    token = found[1]
    assert token not in {invitation.token_hash, invitation.nonce}
    address = reverse("invitation", args=[token])
    assert "novaya@example.org" in client.get(address).content.decode()
    weak = client.post(address, {"password": "1234567890", "again": "1234567890"})
    assert weak.status_code == 200
    assert not User.objects.filter(email="novaya@example.org").exists()
    differ = client.post(address, {"password": PASSWORD, "again": PASSWORD + "1"})
    assert "не совпадают" in differ.content.decode()
    done = client.post(address, {"password": PASSWORD, "again": PASSWORD})
    assert done.status_code == 302
    user = User.objects.get(email="novaya@example.org")
    assert (user.full_name, user.post) == ("Новая Нина Петровна", "директор")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert [seat.organisation_id for seat in access.seats(user)] == [region.schools[0].pk]
    assert Entry.objects.filter(action="user.joined", by=user).exists()
    again = client.post(address, {"password": "Другой-пароль-99", "again": "Другой-пароль-99"})
    assert again.status_code == 410
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)
    send_invitation(entry)
    send_letters(december)
    assert len(mailoutbox) == 1  # what has been accepted is not sent once more


def test_a_link_dies_by_time_withdrawal_and_a_newer_one(
    region: SmallRegion, people: People, december: datetime, client: Client
) -> None:
    first = invited(people, december, region)
    token = invitations.token_of(first)
    services.resend_invitation(first, by=people.municipal, at=december)
    assert client.get(reverse("invitation", args=[token])).status_code == 410
    newer = invitations.token_of(Invitation.objects.get())
    assert client.get(reverse("invitation", args=[newer])).status_code == 200
    with clock.at(december + timedelta(days=invitations.DAYS)):
        assert client.get(reverse("invitation", args=[newer])).status_code == 410
    services.withdraw_invitation(first, by=people.municipal, at=december)
    assert client.get(reverse("invitation", args=[newer])).status_code == 410
    assert client.get(reverse("invitation", args=["x" * 64])).status_code == 410
    with pytest.raises(services.StaleError):
        services.resend_invitation(first, by=people.municipal, at=december)
    with pytest.raises(ValidationError):
        invited(people, december, region, days=15)


def test_the_link_never_opens_an_account_that_exists(
    region: SmallRegion, people: People, december: datetime, client: Client
) -> None:
    invitation = invited(people, december, region, email=people.newcomer.email)
    with pytest.raises(ValidationError):
        invited(people, december, region, email=people.newcomer.email)
    address = reverse("invitation", args=[invitations.token_of(invitation)])
    assert 'type="password"' not in client.get(address).content.decode()
    done = client.post(address, {"password": "Другой-пароль-99", "again": "Другой-пароль-99"})
    assert done["Location"] == reverse("account_login")
    assert "_auth_user_id" not in client.session
    people.newcomer.refresh_from_db()
    assert people.newcomer.check_password(PASSWORD)
    assert Membership.objects.filter(user=people.newcomer, role=Role.SCHOOL).count() == 1


def test_an_ended_role_holds_through_its_last_day(region: SmallRegion, people: People, december: datetime) -> None:
    membership = people.school.memberships.get()
    today = december.date()
    assert services.end_membership(membership, until=today, by=people.municipal, at=december, reason="уволена")
    assert not services.end_membership(membership, until=today, by=people.municipal, at=december)
    user = User.objects.get(pk=people.school.pk)
    assert access.seats(user, today)
    assert not access.seats(user, today + timedelta(days=1))
    entry = Entry.objects.get(action="membership.ended")
    assert (entry.reason, entry.subject) == ("уволена", user.full_name)
    with clock.at(december + timedelta(days=1)):
        assert browser(user).get("/").status_code == 200  # «no role today», not a circle of redirects
        assert browser(user).get(reverse("organisations")).status_code == 404


def test_blocking_ends_the_sessions_for_good(region: SmallRegion, people: People, december: datetime) -> None:
    client = browser(None)
    client.post(reverse("account_login"), {"login": people.school.email, "password": PASSWORD})
    assert client.get(reverse("profile")).status_code == 200
    with pytest.raises(ValidationError):
        services.block_user(people.school, by=people.municipal, at=december, reason=" ")
    assert services.block_user(people.school, by=people.municipal, at=december, reason="потерян телефон")
    assert client.get(reverse("profile")).status_code == 302
    assert services.unblock_user(people.school, by=people.municipal, at=december)
    assert client.get(reverse("profile")).status_code == 302
    assert not services.unblock_user(people.school, by=people.municipal, at=december)


def test_a_person_changes_their_own_data(people: People, december: datetime) -> None:
    client = browser(people.school)
    data = {"full_name": "Шурова  Ёлка Шамильевна", "post": "директор", "phone": "+7", "language": "en"}
    page = client.post(reverse("profile"), data, follow=True)
    assert '<html lang="en">' in page.content.decode()
    people.school.refresh_from_db()
    assert (people.school.full_name, people.school.search) == ("Шурова Ёлка Шамильевна", "шурова елка шамильевна")
    assert Entry.objects.get(action="user.changed").before["post"] == "специалист"
    assert not services.change_user(people.school, by=people.school, at=december, post="директор")
    client.post(reverse("set_language"), {"language": "ru", "next": "https://evil.example/"})
    people.school.refresh_from_db()
    assert people.school.language == "ru"


def test_the_seat_is_chosen_among_ones_own(region: SmallRegion, people: People, december: datetime) -> None:
    services.grant_membership(
        people.school, role=Role.SCHOOL, organisation=region.schools[1], since=date(2023, 1, 1), by=None, at=december
    )
    client = browser(people.school)
    mine = f"school:{region.schools[1].pk}"
    answer = client.post(reverse("seat"), {"seat": mine, "next": "/profile/"})
    assert answer["Location"] == "/profile/"
    assert client.session["seat"] == mine
    for wrong in (f"school:{region.schools[2].pk}", "administrator:1", ""):
        client.post(reverse("seat"), {"seat": wrong})
        assert client.session["seat"] == mine
    assert client.post(reverse("seat"), {"seat": mine, "next": "https://evil.example/"})["Location"] == "/"


def test_people_are_managed_on_their_pages(region: SmallRegion, people: People, december: datetime) -> None:
    client = browser(people.municipal)
    page = client.get(reverse("people")).content.decode()
    assert people.school.full_name in page
    assert people.other_school.full_name not in page
    assert people.ministry.full_name not in page  # contacts of those above are on the cards, not here
    assert client.get(reverse("person", args=[people.other_school.pk])).status_code == 404
    address = reverse("person", args=[people.school.pk])
    assert "Запретить вход" in client.get(address).content.decode()
    client.post(reverse("person_change", args=[people.school.pk]), {"full_name": "Иная Инна Ильинична"})
    client.post(
        reverse("person_grant", args=[people.school.pk]),
        {"organisation": region.schools[1].pk, "role": "school", "since": "2023-12-02", "until": ""},
    )
    assert people.school.memberships.count() == 2
    client.post(reverse("membership_end", args=[people.school.memberships.earliest("pk").pk]), {"reason": "перевод"})
    client.post(reverse("person_block", args=[people.school.pk]), {"reason": "проверка"})
    people.school.refresh_from_db()
    assert (people.school.full_name, people.school.is_active) == ("Иная Инна Ильинична", False)
    client.post(reverse("person_unblock", args=[people.school.pk]))
    people.school.refresh_from_db()
    assert people.school.is_active
    form = {
        "organisation": region.schools[0].pk,
        "role": "school",
        "email": "a@example.org",
        "full_name": "А Б",
        "days": 7,
    }
    client.post(reverse("invite"), form)
    waiting = Invitation.objects.get()
    client.post(reverse("invitation_resend", args=[waiting.pk]))
    client.post(reverse("invitation_withdraw", args=[waiting.pk]))
    waiting.refresh_from_db()
    assert waiting.withdrawn is not None
    stranger = browser(people.other_municipal)
    assert stranger.post(reverse("invitation_resend", args=[waiting.pk])).status_code == 404
    assert stranger.post(reverse("person_block", args=[people.school.pk]), {"reason": "x"}).status_code == 404
    assert browser(people.school).post(reverse("person_block", args=[people.school.pk])).status_code == 403


def test_passwords_are_argon2_in_the_product() -> None:
    from django.conf import settings  # noqa: PLC0415 - one test
    from django.contrib.auth.hashers import make_password  # noqa: PLC0415 - as above

    assert settings.PASSWORD_HASHERS[-1] == "django.contrib.auth.hashers.Argon2PasswordHasher"
    assert identify_hasher(make_password(PASSWORD, hasher="argon2")).algorithm == "argon2"


def test_the_page_of_permissions_is_up_to_date(pytestconfig: pytest.Config) -> None:
    with translation.override("en"):
        assert (pytestconfig.rootpath / "docs/permissions.md").read_text(encoding="utf-8") == permissions.page()

"""How does an empty installation begin? `profminimum region open` and `profminimum user create-admin`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from profminimum.config.cli import start_django

if TYPE_CHECKING:
    from datetime import datetime

    from django.core.exceptions import ValidationError

    from profminimum.orgs.models import Organisation


@click.group()
def region() -> None:
    """Регион: с него начинается установка.

    The region: an installation begins with it.
    """


@region.command("open")
@click.argument("code")
@click.argument("name")
@click.option("--ministry", required=True, help="Полное наименование министерства. · Full name of the ministry.")
@click.option("--ministry-short", default="", help="Краткое наименование. · Its short name.")
@click.option(
    "--opened",
    type=click.DateTime(["%Y-%m-%d", "%d.%m.%Y"]),
    default="1991-12-25",
    show_default=True,
    help="С какого дня они существуют. · From which day they exist.",
)
def open_region(*, code: str, name: str, ministry: str, ministry_short: str, opened: datetime) -> None:
    """Создать регион NAME с кодом CODE и его министерство, если их ещё нет.

    Open the region and its ministry. Everything else is then done on the pages or by `profminimum orgs import`.
    """
    start_django()
    from django.core.exceptions import ValidationError  # noqa: PLC0415 - after the settings
    from django.db import transaction  # noqa: PLC0415 - as above

    from profminimum.orgs import services  # noqa: PLC0415 - as above
    from profminimum.orgs.models import Kind, Organisation  # noqa: PLC0415 - as above
    from profminimum.web import clock  # noqa: PLC0415 - as above

    if Organisation.objects.filter(kind=Kind.REGION, code=code).exists():
        raise click.ClickException(f"Регион с кодом {code} уже есть. · There is such a region already.")
    day, at = opened.date(), clock.now()
    try:
        with transaction.atomic():
            place = services.open_organisation(
                kind=Kind.REGION,
                code=code,
                region=None,
                parent=None,
                opened=day,
                by=None,
                at=at,
                name=name,
                short_name=name,
            )
            services.open_organisation(
                kind=Kind.MINISTRY,
                code="МИН",
                region=place,
                parent=place,
                opened=day,
                by=None,
                at=at,
                name=ministry,
                short_name=ministry_short or ministry[:200],
            )
    except ValidationError as error:
        raise _refusal(error) from error
    click.echo(f"Создано: {name}; {ministry}. Дальше: profminimum user create-admin E-MAIL --name «ФИО»")


@click.group()
def user() -> None:
    """Люди: первый администратор; остальных приглашают на страницах сайта.

    People: the first administrator; all others are invited on the pages.
    """


@user.command("create-admin")
@click.argument("email")
@click.option("--name", required=True, help="Фамилия, имя, отчество. · Full name.")
@click.option("--region", "code", default="", help="Код региона, если их несколько. · Code of the region.")
def create_admin(*, email: str, name: str, code: str) -> None:
    """Пригласить администратора: печатает ссылку, по которой он сам задаст пароль.

    Invite an administrator: prints the link by which they set their own password. Anybody who can run this command
    can read the database anyway, so no other right is asked for.
    """
    start_django()
    from django.conf import settings  # noqa: PLC0415 - after the settings
    from django.core.exceptions import ValidationError  # noqa: PLC0415 - as above
    from django.urls import reverse  # noqa: PLC0415 - as above

    from profminimum.orgs import services  # noqa: PLC0415 - as above
    from profminimum.orgs.models import Role  # noqa: PLC0415 - as above
    from profminimum.orgs.services.invitations import token_of  # noqa: PLC0415 - as above
    from profminimum.web import clock  # noqa: PLC0415 - as above

    try:
        invitation = services.invite(
            email=email,
            full_name=name,
            role=Role.ADMINISTRATOR,
            organisation=_ministry(code),
            by=None,
            at=clock.now(),
        )
    except ValidationError as error:
        raise _refusal(error) from error
    link = settings.ORIGIN + reverse("invitation", args=[token_of(invitation)])
    click.echo(f"Ссылка для {name}, действует до {invitation.expires:%d.%m.%Y %H:%M} UTC:\n{link}")


def _ministry(code: str) -> Organisation:
    from profminimum.orgs.models import Kind, Organisation  # noqa: PLC0415 - after the settings

    found = Organisation.objects.filter(kind=Kind.MINISTRY, closed=None)
    if code:
        found = found.filter(region__code=code)
    ministries = list(found[:2])
    if not ministries:
        raise click.ClickException(
            "Министерства ещё нет. Сначала: profminimum region open --help · Open the region first."
        )
    if len(ministries) > 1:
        raise click.ClickException("Регионов несколько: назовите код, --region. · Name the region's code.")
    return ministries[0]


def _refusal(error: ValidationError) -> click.ClickException:
    return click.ClickException("\n".join(error.messages))

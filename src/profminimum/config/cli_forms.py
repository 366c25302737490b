"""Commands about the forms of monitorings: is a workbook right, and publish those that the pack brings."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from profminimum.config.cli import start_django

if TYPE_CHECKING:
    from profminimum.orgs.models import Organisation


@click.group()
def forms() -> None:
    """Формы мониторингов: проверить книгу, опубликовать формы пакета.

    Forms of monitorings: check a workbook, publish the forms of the pack.
    """


@forms.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--lang",
    type=click.Choice(["ru", "en"]),
    default="ru",
    show_default=True,
    help="Язык сообщений. · Language of messages.",
)
def check(file: Path, *, lang: str) -> None:
    """Проверить книгу формы FILE: замечания по ячейкам.

    Check the workbook of a form: remarks by cell. Exit codes: 0 it can be published, 2 it has errors.
    """
    os.environ.setdefault("PROFMINIMUM_MODE", "demo")  # reading a file needs no safe settings
    start_django()
    from django.core.exceptions import ValidationError  # noqa: PLC0415 - after the settings

    from profminimum.monitoring.schema.burden import burden  # noqa: PLC0415 - as above
    from profminimum.monitoring.services.forms import registers  # noqa: PLC0415 - as above
    from profminimum.monitoring.xlsform.reading import read  # noqa: PLC0415 - as above

    try:
        found = read(file.read_bytes(), file.name, registers())
    except ValidationError as error:  # the pack itself is wrong
        raise click.ClickException("\n".join(error.messages)) from error
    for fault in found.faults:
        word = {"error": ("ошибка", "error"), "notice": ("замечание", "notice")}[fault.severity][lang == "en"]
        click.echo(f"{fault.place or file.name}: {word}: {fault.message.get(lang, fault.message['ru'])}")
    if found.definition is None:
        raise SystemExit(2)
    ask = burden(found.definition)
    title = found.definition.title.get(lang, found.title)
    said = {
        "ru": f"полей для заполнения {ask.fields}, около {ask.minutes} мин. Можно публиковать.",
        "en": f"fields to type {ask.fields}, about {ask.minutes} min. It can be published.",
    }
    click.echo(f"«{title}» ({found.name}): {said[lang]}")


@forms.command()
@click.option("--by", "email", required=True, help="Почта того, кто готовит формы. · E-mail of a maker of forms.")
@click.option("--region", "code", help="Код региона, если их несколько. · Code of the region when there are several.")
def install(*, email: str, code: str | None) -> None:
    """Опубликовать формы пакета, которых у региона ещё нет или которые в пакете изменились.

    Publish the forms of the pack that the region does not have or that the pack has changed.
    """
    start_django()
    from django.conf import settings  # noqa: PLC0415 - after the settings
    from django.core.exceptions import PermissionDenied, ValidationError  # noqa: PLC0415 - as above

    from profminimum.monitoring.services import forms as services  # noqa: PLC0415 - as above
    from profminimum.orgs.models import User  # noqa: PLC0415 - as above
    from profminimum.web import clock  # noqa: PLC0415 - as above

    person = User.objects.filter(email__iexact=email).first()
    if person is None:
        raise click.ClickException(f"Нет пользователя с почтой {email}. · There is nobody with that e-mail.")
    try:
        made = services.install(settings.PACK, region=_region(code), by=person, at=clock.now())
    except ValidationError as error:
        raise click.ClickException("\n".join(error.messages)) from error
    except PermissionDenied as error:
        raise click.ClickException(str(error)) from error
    for version in made:
        click.echo(f"{version.form.name}: {version.title}, {version.number}")
    if not made:
        click.echo("У региона есть все формы пакета. · The region has all forms of the pack.")


def _region(code: str | None) -> Organisation:
    from profminimum.orgs.models import Kind, Organisation  # noqa: PLC0415 - after the settings

    found = list(Organisation.objects.filter(kind=Kind.REGION, **({"code": code} if code else {}))[:2])
    if not found:
        raise click.ClickException("Такого региона нет. · There is no such region.")
    if len(found) > 1:
        raise click.ClickException("Регионов несколько: назовите код в --region. · Name one by --region.")
    return found[0]

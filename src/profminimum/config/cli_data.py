"""Commands about the data as a whole: tables, the demo, the version."""

from __future__ import annotations

import os
from importlib.metadata import version as installed_version

import click

from profminimum.config.cli import start_django


@click.command()
def migrate() -> None:
    """Создать или обновить таблицы базы данных.

    Create or update the tables of the database.
    """
    start_django()
    from django.conf import settings  # noqa: PLC0415 - after the settings

    from profminimum.config import prepare  # noqa: PLC0415 - as above

    settings.VAR.mkdir(parents=True, exist_ok=True)
    done = prepare.pending()
    prepare.tables()
    click.echo(f"Применено изменений: {len(done)}." if done else "Таблицы уже соответствуют программе.")


@click.command()
@click.option(
    "--now",
    metavar="MOMENT",
    help="Момент, в котором живёт показ: 2023-12-02T09:00. · The moment in which the demo lives.",
)
def demo(*, now: str | None) -> None:
    """Построить показательный регион заново: организации, люди, распоряжение, план, поручения.

    Build the demo region anew; what is in PROFMINIMUM_VAR is removed. Refused while the site is running.
    """
    os.environ.setdefault("PROFMINIMUM_MODE", "demo")
    if now:
        os.environ["PROFMINIMUM_NOW"] = now
    start_django()
    from profminimum.config import demo as builder  # noqa: PLC0415 - after the settings

    builder.build(click.echo)
    click.echo("\n".join(builder.logins()))


@click.command()
def version() -> None:
    """Версия программы.

    The version of the program.
    """
    click.echo(installed_version("profminimum"))

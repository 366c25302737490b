"""Commands about the data as a whole: tables, the demo, the version."""

from __future__ import annotations

from importlib.metadata import version as installed_version

import click

from profminimum.config.cli import start_django


@click.command()
def migrate() -> None:
    """Создать или обновить таблицы базы данных.

    Create or update the tables of the database.
    """
    start_django()
    from django.core.management import call_command  # noqa: PLC0415 - after the settings

    call_command("migrate", verbosity=0, interactive=False)
    click.echo("Таблицы базы данных соответствуют программе.")


@click.command()
def version() -> None:
    """Версия программы.

    The version of the program.
    """
    click.echo(installed_version("profminimum"))

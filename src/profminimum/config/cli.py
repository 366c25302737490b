"""The one command of the product: what a stranger sees when typing `profminimum --help`.

Each part is imported only when it is called, so that `profminimum decree read` needs no Django.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from importlib.util import find_spec

import click

# name → module, object in it, one line of help
COMMANDS = {
    "serve": ("cli_serve", "serve", "Запустить сайт и обработчик событий. · Serve the site and run the worker."),
    "demo": ("cli_data", "demo", "Построить показательный регион заново. · Build the demo region anew."),
    "decree": (
        "cli_decree",
        "decree",
        "Прочитать распоряжение, понять сроки. · Read a decree, understand its dates.",
    ),
    "orgs": ("cli_orgs", "orgs", "Организации региона: загрузка реестра. · Organisations: import of a registry."),
    "forms": ("cli_forms", "forms", "Формы мониторингов: проверить, опубликовать. · Forms: check, publish."),
    "region": ("cli_people", "region", "Создать регион и министерство. · Open the region and its ministry."),
    "user": ("cli_people", "user", "Первый администратор. · The first administrator."),
    "worker": ("cli_worker", "worker", "Обработчик событий журнала. · Carry out what follows from journal entries."),
    "migrate": ("cli_data", "migrate", "Создать или обновить таблицы. · Create or update the tables."),
    "check": ("cli_check", "check", "Проверить установку. · Check the installation."),
    "backup": ("cli_backup", "backup", "Резервная копия базы и файлов. · Back up the database and the files."),
    "restore": ("cli_backup", "restore", "Восстановить из резервной копии. · Restore from a backup."),
    "version": ("cli_data", "version", "Версия программы. · The version of the program."),
}

WITH_DJANGO = {"orgs"}  # modules that import models when they are loaded


class LazyGroup(click.Group):
    """A group that knows the names of its commands and imports a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return [name for name, (module, _, _) in COMMANDS.items() if find_spec(f"profminimum.config.{module}")]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module, name, _ = COMMANDS[cmd_name]
        if cmd_name in WITH_DJANGO:
            if {"-h", "--help"} & set(sys.argv):
                os.environ.setdefault("PROFMINIMUM_MODE", "demo")  # help needs no safe settings
            start_django()
        command: click.Command = getattr(import_module(f"profminimum.config.{module}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, COMMANDS[name][2]) for name in self.list_commands(ctx)]
        with formatter.section("Команды · Commands"):
            formatter.write_dl(rows)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
def cli() -> None:
    """План-график региона: прочитать распоряжение, раздать поручения, собрать, проконтролировать.

    Runs a regional education roadmap: reads the decree, assigns, collects, controls.

    Настройки берутся из переменных окружения PROFMINIMUM_…, данные лежат в PROFMINIMUM_VAR (./var).
    `make run` запускает показательный регион; установка на сервер — docs/operations.md.
    """


def start_django() -> None:
    """Load the settings and the apps; a refused setting becomes one readable message."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "profminimum.config.settings")
    import django  # noqa: PLC0415 - commands without Django start without it
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 - as above

    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise click.ClickException(f"{error}\nДля показа: make run · To try it out: make run") from error


def main() -> None:
    cli()

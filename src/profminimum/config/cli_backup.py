"""`profminimum backup` and `restore`: the database and the files as one folder that can be checked."""

from __future__ import annotations

import hashlib
import json
import shlex
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from profminimum.config import occupancy
from profminimum.config.cli import start_django

DATABASE, FILES, MANIFEST = "database.sqlite3", "files", "manifest.json"


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def backup(folder: Path) -> None:
    """Сделать резервную копию базы и файлов в новой подпапке папки FOLDER; сайт может работать.

    Back up the database and the files into a new folder under FOLDER, also while the site is running.
    """
    start_django()
    from django.conf import settings  # noqa: PLC0415 - after the settings

    source = _sqlite_path(
        f"pg_dump --format=custom --file={shlex.quote(str(folder / 'database.dump'))} {{name}}",
        f"cp -a {shlex.quote(str(settings.FILES))} {shlex.quote(str(folder))}/",
    )
    if not source.exists():
        raise click.ClickException(f"Базы данных нет: {source}")
    target = folder / datetime.now().astimezone().strftime("profminimum-%Y-%m-%d-%H%M%S")
    target.mkdir(parents=True)
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target / DATABASE)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    # the files after the database: what the database names is written before it
    if settings.FILES.exists():
        shutil.copytree(settings.FILES, target / FILES)
    manifest = {
        "version": version("profminimum"),
        "made": datetime.now().astimezone().isoformat(timespec="seconds"),
        "sha256": _digest(target / DATABASE),
    }
    (target / MANIFEST).write_text(json.dumps(manifest, indent=2), encoding="utf-8")
    click.echo(f"Резервная копия: {target}")


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def restore(folder: Path) -> None:
    """Восстановить базу и файлы из резервной копии FOLDER; то, что было, остаётся рядом в отдельной папке.

    Restore the database and the files from the backup FOLDER; what was there is moved aside, not deleted.
    """
    start_django()
    from django.conf import settings  # noqa: PLC0415 - after the settings

    target = _sqlite_path(
        f"pg_restore --clean --if-exists --dbname={{name}} {shlex.quote(str(folder / 'database.dump'))}",
        f"cp -a {shlex.quote(str(folder / FILES))} {shlex.quote(str(settings.VAR))}/",
    )
    _refuse_damaged(folder)
    with occupancy.hold(settings.VAR, alone=True):
        aside = settings.VAR / datetime.now().astimezone().strftime("before-restore-%Y-%m-%d-%H%M%S")
        aside.mkdir(parents=True)
        for old in (target, *(target.with_name(target.name + end) for end in ("-wal", "-shm")), settings.FILES):
            if old.exists():
                shutil.move(old, aside / old.name)
        shutil.copy2(folder / DATABASE, target)
        if (folder / FILES).exists():
            shutil.copytree(folder / FILES, settings.FILES)
    click.echo(f"Восстановлено из {folder}. Прежние данные: {aside}. Выполните: profminimum migrate")


def _sqlite_path(*commands: str) -> Path:
    """The database's file; for PostgreSQL a refusal that names the commands to use instead."""
    from django.conf import settings  # noqa: PLC0415 - after the settings

    database: dict[str, Any] = settings.DATABASES["default"]
    if "sqlite" in database["ENGINE"]:
        return Path(database["NAME"])
    url = f"postgresql://{database['USER']}@{database['HOST']}:{database['PORT'] or 5432}/{database['NAME']}"
    lines = "\n  ".join(command.format(name=shlex.quote(url)) for command in commands)
    raise click.ClickException(
        f"База на PostgreSQL копируется её собственными средствами. · PostgreSQL has its own tools:\n  {lines}"
    )


def _refuse_damaged(folder: Path) -> None:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        digest = _digest(folder / DATABASE)
    except (OSError, ValueError) as error:
        raise click.ClickException(f"{folder} — не резервная копия profminimum: {error}") from error
    if manifest.get("sha256") != digest:
        raise click.ClickException(f"{folder / DATABASE} повреждён: контрольная сумма не та, что в {MANIFEST}.")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

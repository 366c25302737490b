"""`profminimum check`: is the installation sound? One line for each question, exit code 1 when an answer is no."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from profminimum.config.cli import start_django

if TYPE_CHECKING:
    from collections.abc import Iterator

LEAST_FREE = 2 * 1024**3  # bytes
OLDEST_WAITING = 15 * 60  # seconds

Answer = tuple[bool, str]


@click.command()
@click.option("--quiet", is_flag=True, help="Только то, что не в порядке. · Only what is wrong.")
def check(*, quiet: bool) -> None:
    """Проверить установку: настройки, база, таблицы, файлы, часы, место на диске, очередь событий, письма.

    Check the installation. Exit code 0 when all is well, 1 otherwise: fit for monitoring.
    """
    start_django()  # refuses unsafe settings with their list
    from django.conf import settings  # noqa: PLC0415 - after the settings

    answers: list[Answer] = [(True, f"Настройки: режим {settings.MODE}")]
    for question in (_system, _database, _letters, _files, _disk, _clock, _static):
        answers.extend(question())
    for good, text in answers:
        if not (good and quiet):
            click.echo(f"{'✓' if good else '✗'} {text}")
    if not all(good for good, _ in answers):
        raise click.exceptions.Exit(1)


def _system() -> Iterator[Answer]:
    from django.conf import settings  # noqa: PLC0415 - after the settings
    from django.core.checks import WARNING, run_checks  # noqa: PLC0415 - as above

    found = [
        message
        for message in run_checks(include_deployment_checks=settings.MODE == "production")
        if message.level >= WARNING
    ]
    for message in found:
        yield False, f"Настройки: {message.msg} {message.hint or ''}".strip()


def _database() -> Iterator[Answer]:
    from django.conf import settings  # noqa: PLC0415 - after the settings
    from django.db import Error, connection  # noqa: PLC0415 - as above

    from profminimum.config.prepare import pending  # noqa: PLC0415 - as above
    from profminimum.journal.worker import backlog  # noqa: PLC0415 - as above

    name = "PostgreSQL" if connection.vendor == "postgresql" else f"SQLite, {settings.DATABASES['default']['NAME']}"
    try:
        connection.ensure_connection()
        missing = pending()
    except Error as error:
        yield False, f"База данных ({name}) не отвечает: {str(error).strip()}"
        return
    yield True, f"База данных отвечает: {name}"
    if missing:
        yield False, f"Таблицы устарели, не хватает изменений: {len(missing)}. Выполните: profminimum migrate"
        return
    yield True, "Таблицы соответствуют программе"
    queue = backlog()
    yield queue["failed"] == 0, f"События, от которых обработчик отказался: {queue['failed']}"
    late = queue["oldest_seconds"] > OLDEST_WAITING
    yield (
        not late,
        f"Событий в очереди: {queue['waiting']}" + (", обработчик отстаёт: запущен ли он?" if late else ""),
    )


def _letters() -> Iterator[Answer]:
    from django.db import Error  # noqa: PLC0415 - after the settings

    from profminimum.notices.models import Letter  # noqa: PLC0415 - as above

    try:
        unsure = Letter.objects.filter(state=Letter.State.UNSURE).count()
        refused = Letter.objects.filter(state=Letter.State.FAILED).count()
    except Error:  # said of the database already
        return
    where = ": решите на странице «Письма» (/letters/)"
    yield unsure == 0, f"Письма, о которых неизвестно, дошли ли они: {unsure}" + (where if unsure else "")
    yield refused == 0, f"Письма, от которых отказался почтовый сервер: {refused}" + (where if refused else "")


def _files() -> Iterator[Answer]:
    from django.conf import settings  # noqa: PLC0415 - after the settings

    try:
        settings.FILES.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.FILES) as file:
            file.write(b"x")
    except OSError as error:
        yield False, f"Файлы: в {settings.FILES} нельзя писать: {error.strerror}"
    else:
        yield True, f"Файлы: {settings.FILES}"


def _disk() -> Iterator[Answer]:
    from django.conf import settings  # noqa: PLC0415 - after the settings

    folder = settings.VAR if settings.VAR.exists() else settings.BASE_DIR
    free = shutil.disk_usage(folder).free
    yield free >= LEAST_FREE, f"Свободно на диске: {free / 1024**3:.1f} ГБ (нужно не меньше 2)"


def _clock() -> Iterator[Answer]:
    from django.conf import settings  # noqa: PLC0415 - after the settings
    from django.utils import timezone  # noqa: PLC0415 - as above

    shown = timezone.localtime(settings.NOW or timezone.now())
    moved = " — часы показа переведены, PROFMINIMUM_NOW" if settings.NOW else ""
    sane = datetime.now(UTC).year >= 2024
    yield sane, f"Часы: {shown:%d.%m.%Y %H:%M}, {settings.TIME_ZONE}{moved}"


def _static() -> Iterator[Answer]:
    from django.conf import settings  # noqa: PLC0415 - after the settings

    if settings.MODE != "test":
        ready = (settings.STATIC_ROOT / "staticfiles.json").exists()
        yield ready, "Статические файлы " + ("собраны" if ready else "не собраны: их соберёт profminimum serve")

"""`profminimum worker`: the process that carries out what follows from journal entries."""

from __future__ import annotations

import os
from typing import Final

import click

from profminimum.config.cli import start_django

GIVES_WAY: Final = 10  # steps of priority by which people who wait for a page come first


@click.command()
@click.option("--once", is_flag=True, help="Сделать всё, что ждёт, и закончить. · Do all that waits, then end.")
@click.option("--parent", type=int, hidden=True, help="End when this process is gone.")
def worker(*, once: bool, parent: int | None) -> None:
    """Обработчик событий журнала: уведомления, пересчёт, всё, что следует из действий людей.

    Carry out what follows from journal entries. `serve` starts one by itself; more than one may run.
    """
    start_django()
    from django.db import connection  # noqa: PLC0415 - after the settings

    from profminimum.journal.worker import Worker, drain  # noqa: PLC0415 - as above

    if once:
        click.echo(f"Обработано событий: {drain()}")
        return
    if connection.vendor != "sqlite":  # where all wait for one lock, its holder must not be slow
        os.nice(GIVES_WAY)
    Worker(parent).run()

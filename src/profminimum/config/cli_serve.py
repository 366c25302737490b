"""`profminimum serve`: prepares what is not ready and becomes the keeper of the site."""

from __future__ import annotations

import os
import socket
import time

import click

from profminimum.config import keeper, occupancy
from profminimum.config.cli import start_django

THREADS = 3  # of each process on PostgreSQL


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Адрес. · Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Порт. · Port.")
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=min(os.cpu_count() or 1, 4),
    show_default="по числу ядер, до 4",
    help="Процессы сайта. · Processes that answer requests.",
)
@click.option(
    "--worker/--no-worker",
    "with_worker",
    default=True,
    help="Запустить и обработчик событий. · Run the journal's worker too.",
)
def serve(*, host: str, port: int, workers: int, with_worker: bool) -> None:
    """Запустить сайт и обработчик событий; Ctrl-C останавливает всё.

    Serve the site and run the worker; Ctrl-C ends everything. Tables, translations and static files are brought
    up to date first; in demo mode the demo is built when there is none.
    """
    address = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"  # noqa: S104 - asked, not bound
    if os.environ.get("PROFMINIMUM_MODE") == "demo":
        os.environ.setdefault("PROFMINIMUM_ORIGIN", address)
    start_django()
    _refuse_taken(host, port)
    from django.conf import settings  # noqa: PLC0415 - after the settings

    _prepare()
    with occupancy.hold(settings.VAR, alone=False):  # the keeper goes on holding it
        keeper.become(keeper.Orders(host, port, workers, _threads(), with_worker, _said(address)))


def _threads() -> int:
    """Of each process of the site: on PostgreSQL one works while others wait for the disk; on SQLite all wait."""
    from django.db import connection  # noqa: PLC0415 - after the settings

    return 1 if connection.vendor == "sqlite" else THREADS


def _prepare() -> None:
    from django.conf import settings  # noqa: PLC0415 - after the settings
    from django.db import connections  # noqa: PLC0415 - as above

    from profminimum.config import demo, prepare  # noqa: PLC0415 - as above

    started = time.monotonic()
    if settings.MODE == "demo" and not demo.is_built():
        demo.build(click.echo)
    done = prepare.everything()
    connections.close_all()
    if done:
        click.echo(f"Готово к работе ({', '.join(done)}), {time.monotonic() - started:.1f} с")


def _refuse_taken(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"{host}:{port}: {error.strerror}. Выберите другой порт: --port {port + 1} · Choose another port."
            ) from error


def _said(address: str) -> list[str]:
    from django.conf import settings  # noqa: PLC0415 - after the settings

    from profminimum.config import demo  # noqa: PLC0415 - as above

    lines = ["", f"  {address}", ""]
    if settings.MODE == "demo":
        lines += [*demo.logins(), "", "  Остановить: Ctrl-C · Stop: Ctrl-C", ""]
    return lines

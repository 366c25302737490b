"""`profminimum serve`: prepares what is not ready, serves the site, keeps the worker alive, ends all together."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING

import click

from profminimum.config import occupancy
from profminimum.config.cli import start_django

if TYPE_CHECKING:
    from collections.abc import Callable

STOP_WITHIN = 2  # seconds that a request or a delivery under way gets when the site ends


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
    _refuse_taken(host, port)
    address = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"  # noqa: S104 - asked, not bound
    if os.environ.get("PROFMINIMUM_MODE") == "demo":
        os.environ.setdefault("PROFMINIMUM_ORIGIN", address)
    start_django()
    from django.conf import settings  # noqa: PLC0415 - after the settings

    _prepare()
    with occupancy.hold(settings.VAR, alone=False):
        stop_worker = _keep_worker() if with_worker else lambda: None
        threading.Thread(target=_announce, args=(host, port, address), daemon=True).start()
        try:
            _granian(host, port, workers)
        finally:
            stop_worker()
    click.echo("Остановлено. · Stopped.")


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


def _granian(host: str, port: int, workers: int) -> None:
    """Serve until SIGINT or SIGTERM."""
    from granian import Granian  # noqa: PLC0415 - only this command needs the server
    from granian.constants import Interfaces  # noqa: PLC0415 - as above
    from granian.log import LogLevels  # noqa: PLC0415 - as above

    server = Granian(
        "profminimum.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=1,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_WITHIN,
        log_level=LogLevels.warning,
    )
    try:
        server.serve()
    except SystemExit as end:  # a request that was cut off at the end is no failure of the site
        if not server.interrupt_signal:
            raise
        if end.code not in {0, 1, None}:
            raise


def _keep_worker() -> Callable[[], None]:
    """Start the worker's process and start it again when it dies; gives the function that ends it."""
    ending = threading.Event()
    command = [sys.executable, "-m", "profminimum", "worker", "--parent", str(os.getpid())]
    running = [subprocess.Popen(command, start_new_session=True)]  # noqa: S603 - our own command

    def watch() -> None:
        while not ending.wait(1):
            if running[0].poll() is not None:
                click.echo("Обработчик событий перезапущен. · The worker was restarted.", err=True)
                running[0] = subprocess.Popen(command, start_new_session=True)  # noqa: S603 - as above

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()

    def stop() -> None:
        ending.set()
        watcher.join(2)
        running[0].terminate()
        try:
            running[0].wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            running[0].kill()

    return stop


def _refuse_taken(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"{host}:{port}: {error.strerror}. Выберите другой порт: --port {port + 1} · Choose another port."
            ) from error


def _announce(host: str, port: int, address: str) -> None:
    """Say the address when the site really answers; the first page is then already warm."""
    from django.conf import settings  # noqa: PLC0415 - after the settings

    from profminimum.config import demo  # noqa: PLC0415 - as above

    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with closing(http.client.HTTPConnection(host, port, timeout=5)) as connection:
                connection.request("GET", "/accounts/login/")
                connection.getresponse().read()
            break
        except OSError:
            time.sleep(0.1)
    lines = ["", f"  {address}", ""]
    if settings.MODE == "demo":
        lines = ["", f"  {address}", "", *demo.logins(), "", "  Остановить: Ctrl-C · Stop: Ctrl-C", ""]
    click.echo("\n".join(lines))

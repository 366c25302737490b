"""`profminimum serve`: prepares what is not ready, serves the site, keeps the worker alive, ends all together."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing

import click

from profminimum.config import occupancy
from profminimum.config.cli import start_django

THREADS = 3  # of each process on PostgreSQL
STOP_WITHIN = 2.5  # seconds that requests and a delivery under way get when the site ends


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
    with occupancy.hold(settings.VAR, alone=False):
        ended = Site(host, port, workers, with_worker=with_worker).run(address)
    if not ended:
        raise click.ClickException("Сайт остановился сам; причина выше. · The site has stopped by itself.")
    click.echo("Остановлено. · Stopped.")


class Site:
    """The two processes of a site: the server, and the worker, which is started again when it dies.

    Each runs in a session of its own: Ctrl-C in a terminal reaches this process alone, which then ends both.
    """

    def __init__(self, host: str, port: int, workers: int, *, with_worker: bool) -> None:
        self._place = (host, port)
        self._stop = threading.Event()
        self._server = self._start("profminimum.config.server", host, str(port), str(workers), str(_threads()))
        self._with_worker = with_worker
        self._worker = self._start_worker() if with_worker else None

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        environment = {"MALLOC_ARENA_MAX": "2"} | os.environ  # a pool of memory for each thread would lie idle
        command = [sys.executable, "-m", *arguments]
        return subprocess.Popen(command, env=environment, start_new_session=True)  # noqa: S603 - our own

    def _start_worker(self) -> subprocess.Popen[bytes]:
        return self._start("profminimum", "worker", "--parent", str(os.getpid()))

    def run(self, address: str) -> bool:
        """Until SIGINT or SIGTERM; False when the server has ended by itself."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._stop.set())
        announced = False
        try:
            while not self._stop.wait(0.5 if announced else 0.05):
                if self._server.poll() is not None:
                    return False
                if self._worker is not None and self._worker.poll() is not None:
                    click.echo("Обработчик событий перезапущен. · The worker was restarted.", err=True)
                    self._worker = self._start_worker()
                if not announced and _answers(*self._place):
                    announced = True
                    _announce(address)
        finally:
            self._end()
        return True

    def _end(self) -> None:
        running = [process for process in (self._server, self._worker) if process is not None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + STOP_WITHIN
        for process in running:
            try:
                process.wait(max(deadline - time.monotonic(), 0.01))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


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


def _answers(host: str, port: int) -> bool:
    """True when the sign-in page has been given: the first page is then already warm."""
    try:
        with closing(http.client.HTTPConnection(host, port, timeout=5)) as connection:
            connection.request("GET", "/accounts/login/")
            connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    return True


def _announce(address: str) -> None:
    from django.conf import settings  # noqa: PLC0415 - after the settings

    from profminimum.config import demo  # noqa: PLC0415 - as above

    lines = ["", f"  {address}", ""]
    if settings.MODE == "demo":
        lines += [*demo.logins(), "", "  Остановить: Ctrl-C · Stop: Ctrl-C", ""]
    click.echo("\n".join(lines))

"""Who keeps a site alive? The process that starts the server and the worker, starts a dead worker again, ends both.

`profminimum serve` becomes this process when all is prepared. It knows nothing of Django: a third copy of the product
would lie idle in memory for as long as the site runs.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import TextIO

STOP_WITHIN = 2.5  # seconds that requests and a delivery under way get when the site ends


@dataclass(frozen=True, slots=True)
class Orders:
    """What is to be kept alive, and what is said of it."""

    host: str
    port: int
    workers: int  # processes that answer requests
    threads: int  # of each
    with_worker: bool  # the journal's
    said: list[str]  # when the site answers


def become(orders: Orders) -> None:
    """Turn the present process into the keeper; does not return. What was opened as inheritable stays open."""
    sys.stdout.flush()
    sys.stderr.flush()
    command = [sys.executable, "-m", "profminimum.config.keeper", json.dumps(asdict(orders), ensure_ascii=False)]
    os.execv(sys.executable, command)  # noqa: S606 - our own program


class Site:
    """The two processes of a site: the server, and the worker, which is started again when it dies.

    Each runs in a session of its own: Ctrl-C in a terminal reaches this process alone, which then ends both.
    """

    def __init__(self, orders: Orders) -> None:
        self._orders = orders
        self._stop = threading.Event()
        numbers = [str(number) for number in (orders.port, orders.workers, orders.threads)]
        self._server = self._start("profminimum.config.server", orders.host, *numbers)
        self._worker = self._start_worker() if orders.with_worker else None

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        environment = {"MALLOC_ARENA_MAX": "2"} | os.environ  # a pool of memory for each thread would lie idle
        command = [sys.executable, "-m", *arguments]
        return subprocess.Popen(command, env=environment, start_new_session=True)  # noqa: S603 - our own

    def _start_worker(self) -> subprocess.Popen[bytes]:
        return self._start("profminimum", "worker", "--parent", str(os.getpid()))

    def run(self) -> bool:
        """Until SIGINT or SIGTERM; False when the server has ended by itself."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._stop.set())
        announced = False
        try:
            while not self._stop.wait(0.5 if announced else 0.05):
                if self._server.poll() is not None:
                    return False
                if self._worker is not None and self._worker.poll() is not None:
                    _say("Обработчик событий перезапущен. · The worker was restarted.", sys.stderr)
                    self._worker = self._start_worker()
                if not announced and _answers(self._orders):
                    announced = True
                    _say("\n".join(self._orders.said))
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


def _say(words: str, where: TextIO | None = None) -> None:
    where = where or sys.stdout
    where.write(f"{words}\n")
    where.flush()


def _answers(orders: Orders) -> bool:
    """True when the sign-in page has been given: the first page is then already warm."""
    host = "127.0.0.1" if orders.host == "0.0.0.0" else orders.host  # noqa: S104 - asked, not bound
    try:
        with closing(http.client.HTTPConnection(host, orders.port, timeout=5)) as connection:
            connection.request("GET", "/accounts/login/")
            connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    return True


def main() -> int:
    site = Site(Orders(**json.loads(sys.argv[1])))
    if site.run():
        _say("Остановлено. · Stopped.")
        return 0
    _say("Error: Сайт остановился сам; причина выше. · The site has stopped by itself.", sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())

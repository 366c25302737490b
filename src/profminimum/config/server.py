"""The process that answers requests: granian with the WSGI application. `profminimum serve` starts it and ends it."""

from __future__ import annotations

import ctypes
import gc
import signal
import sys
from importlib import import_module

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

STOP_WITHIN = 2  # seconds that a request under way gets when the site ends
_PARENT_DEATH = 1  # PR_SET_PDEATHSIG of Linux


def main(host: str, port: int, workers: int, threads: int) -> None:
    """Serve until SIGTERM; also when the process that started this one is gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PARENT_DEATH, signal.SIGTERM)
    _load()
    server = Granian(
        "profminimum.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_WITHIN,
        log_level=LogLevels.warning,
    )
    server.serve()


def _load() -> None:
    """Load the product before the processes fork: what they do not change, they share."""
    import_module("profminimum.config.wsgi")
    from django.conf import settings  # noqa: PLC0415 - after the settings
    from django.db import connections  # noqa: PLC0415 - as above
    from django.urls import get_resolver  # noqa: PLC0415 - as above
    from django.utils.translation import trans_real  # noqa: PLC0415 - as above

    get_resolver()._populate()  # noqa: SLF001 - reads all addresses and so all pages
    for language, _name in settings.LANGUAGES:
        trans_real.translation(language)  # reads the catalogues
    connections.close_all()  # a connection must not be shared
    gc.collect()
    gc.freeze()  # the collector would touch, and so copy, what is shared


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:5]))

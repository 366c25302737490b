"""How do tests run the product as real processes? In an environment and a database of their own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Fresh:
    """A migrated database of its own and the environment in which a real process uses it."""

    environment: dict[str, str]

    def run(self, *arguments: str, timeout: float = 60, **more: str) -> subprocess.CompletedProcess[str]:
        """Run `profminimum ARGUMENTS` to its end."""
        return subprocess.run(
            [sys.executable, "-m", "profminimum", *arguments],
            env=self.environment | more,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout,
        )

    def start(self, *arguments: str, group: bool = False, **more: str) -> subprocess.Popen[str]:
        """Start `profminimum ARGUMENTS` and leave it running; with `group` as the first of a process group."""
        return subprocess.Popen(
            [sys.executable, "-m", "profminimum", *arguments],
            env=self.environment | more,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=group,
        )

    def start_python(self, code: str) -> subprocess.Popen[str]:
        """Start lines of Python after django.setup() and leave them running."""
        return subprocess.Popen(
            [sys.executable, "-c", f"import django; django.setup()\n{code}"],
            env=self.environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )

    def python(self, code: str, timeout: float = 60) -> str:
        """Run lines of Python after django.setup() and give what they print."""
        done = subprocess.run(
            [sys.executable, "-c", f"import django; django.setup()\n{code}"],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


def clean_environment(var: Path) -> dict[str, str]:
    """The environment of a process that must not see this run's own settings."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PROFMINIMUM_", "DATABASE_URL", "DJANGO_"))}
    return kept | {
        "PROFMINIMUM_MODE": "test",
        "PROFMINIMUM_VAR": str(var),
        "DJANGO_SETTINGS_MODULE": "profminimum.config.settings",
        "PYTHONPATH": str(ROOT / "tests"),
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def started(
    fresh: Fresh, *arguments: str, timeout: float = 120, group: bool = False
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A site that answers, with what it has printed up to its address; killed at the end if it is still there."""
    process = fresh.start(*arguments, group=group)
    assert process.stdout is not None
    watchdog = threading.Timer(timeout, process.kill)
    watchdog.start()
    printed: list[str] = []
    try:
        for line in process.stdout:
            printed.append(line)
            if line.strip().startswith("http://"):
                break
        else:
            raise AssertionError("the site did not start:\n" + "".join(printed))
        watchdog.cancel()
        yield process, "".join(printed)
    finally:
        watchdog.cancel()
        if process.poll() is None:
            process.terminate()
            process.wait(10)
        process.stdout.close()

"""How do benchmarks run the product? Each step a process of its own, over a folder and a database of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from figures import Figure, taken

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
SEED = ROOT / "tests" / "data" / "seed"
NOW = "2023-12-02T09:00"


@dataclass(frozen=True, slots=True)
class Place:
    """A folder for data and the environment in which the product uses it; `database` says which kind it is."""

    var: Path
    environment: dict[str, str]
    database: str

    def step(self, script: str, *arguments: str) -> list[Figure]:
        """Run a script of this folder to its end; its figures. RuntimeError with what it said when it fails."""
        done = subprocess.run(  # noqa: S603 - our own scripts
            [sys.executable, str(HERE / script), *arguments],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{script} {' '.join(arguments)}:\n{done.stdout[-2000:]}\n{done.stderr[-6000:]}")
        return taken(done.stdout)

    def command(self, *arguments: str) -> None:
        """Run `profminimum ARGUMENTS` to its end."""
        subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "profminimum", *arguments],
            env=self.environment,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            check=True,
        )


@contextmanager
def place(cluster: str = "") -> Iterator[Place]:
    """An empty place: SQLite in a folder of its own, or a new database of the cluster at that address."""
    var = Path(tempfile.mkdtemp(prefix="pm-bench-"))
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PROFMINIMUM_", "DATABASE_URL", "DJANGO_"))}
    environment = kept | {
        "PROFMINIMUM_MODE": "demo",
        "PROFMINIMUM_NOW": NOW,
        "PROFMINIMUM_VAR": str(var),
        "DJANGO_SETTINGS_MODULE": "profminimum.config.settings",
        "PYTHONPATH": os.pathsep.join([str(HERE), str(ROOT / "tests")]),
    }
    try:
        if not cluster:
            yield Place(var, environment, "SQLite")
            return
        import psycopg  # noqa: PLC0415 - only where PostgreSQL is

        name = f"bench_{uuid.uuid4().hex[:12]}"
        with psycopg.connect(cluster, autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {name}")
            address = urlunsplit(urlsplit(cluster)._replace(path=f"/{name}"))
            try:
                yield Place(var, environment | {"DATABASE_URL": address}, "PostgreSQL")
            finally:
                admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        shutil.rmtree(var, ignore_errors=True)

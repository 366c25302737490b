"""Where does a PostgreSQL for the tests come from? A cluster of the system's package, made for one run."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "timezone": "UTC",
    "autovacuum": "off",
}


DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "autovacuum": "on"}


class NoPostgresError(Exception):
    """There is no PostgreSQL to start; the message says what to install."""


def programs() -> Path:
    """The folder with initdb and pg_ctl of the newest installed version."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")]
    if found:
        return max(found, key=lambda path: int(path.parent.name) if path.parent.name.isdecimal() else 0)
    on_path = shutil.which("pg_ctl")
    if on_path:
        return Path(on_path).resolve().parent
    raise NoPostgresError("PostgreSQL is not installed: sudo apt-get install -y postgresql")


def _owner() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root; then it runs as the user of the package."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError as error:
        raise NoPostgresError("root needs the user «postgres»: apt-get install -y postgresql") from error


def _run(command: list[str], owner: pwd.struct_passwd | None, folder: Path) -> None:
    done = subprocess.run(
        command,
        cwd=folder,
        user=owner.pw_uid if owner else None,
        group=owner.pw_gid if owner else None,
        extra_groups=[] if owner else None,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=60,
    )
    if done.returncode:
        raise NoPostgresError(f"{Path(command[0]).name} failed: {done.stdout.strip()[-1500:]}")


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[str]:
    """Start a cluster that listens on a socket only; give the address of its database; stop and remove it.

    Sorts as production should: ICU, Russian. Nothing is written to disk in earnest unless it is `durable`.
    """
    settings = {**FAST, **DURABLE} if durable else FAST
    bin_, owner = programs(), _owner()
    folder = Path(tempfile.mkdtemp(prefix="pm-pg-"))
    data = folder / "data"
    try:
        if owner:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        locale = ["--locale-provider=icu", "--icu-locale=ru", "--locale=C.UTF-8"]
        _run(
            [f"{bin_}/initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", *locale],
            owner,
            folder,
        )
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        start = [f"{bin_}/pg_ctl", "-D", str(data), "-l", str(folder / "log"), "-w", "-t", "30"]
        _run([*start, "-o", f"-k {folder} {options}", "start"], owner, folder)
        try:
            yield f"postgresql://postgres@/postgres?host={quote(str(folder))}"
        finally:
            _run([f"{bin_}/pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop"], owner, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)

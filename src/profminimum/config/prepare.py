"""What must be ready before the site answers: tables, translations, static files. Done again only when changed."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def everything() -> list[str]:
    """Prepare what is not ready; the names of the steps that had something to do."""
    settings.VAR.mkdir(parents=True, exist_ok=True)
    settings.FILES.mkdir(parents=True, exist_ok=True)
    return [name for name, step in (("tables", tables), ("translations", translations), ("static", static)) if step()]


def tables() -> bool:
    """Apply the migrations that are missing."""
    if not pending():
        return False
    call_command("migrate", verbosity=0, interactive=False)
    return True


def pending() -> list[str]:
    """Migrations that the database does not have yet."""
    executor = MigrationExecutor(connection)
    return [f"{m.app_label}.{m.name}" for m, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def translations() -> bool:
    """Compile the catalogues: the package that knows how is web.catalogues."""
    if not find_spec("profminimum.web.catalogues"):
        return False
    catalogues = sorted(settings.PACKAGE.glob("*/locale/*/LC_MESSAGES/*.po"))
    compiled = all(path.with_suffix(".mo").exists() for path in catalogues)
    return _unless_known(
        "translations", catalogues, import_string("profminimum.web.catalogues.compile_all"), done=compiled
    )


def static() -> bool:
    """Collect and compress the static files with their hashes in their names."""
    found = [Path(storage.path(name)) for finder in get_finders() for name, storage in finder.list([])]
    done = (settings.STATIC_ROOT / "staticfiles.json").exists()
    return _unless_known(
        "static",
        found,
        lambda: call_command("collectstatic", verbosity=0, interactive=False, clear=True),
        done=done,
    )


def _unless_known(name: str, files: Iterable[Path], work: Callable[[], object], *, done: bool) -> bool:
    """Do `work` unless it was done for these very files (their paths, sizes and times)."""
    memory = settings.VAR / "prepared.json"
    try:
        known = json.loads(memory.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        known = {}
    digest = hashlib.sha256(version("profminimum").encode())
    for file in sorted(files):
        stat = file.stat()
        digest.update(f"{file}|{stat.st_size}|{stat.st_mtime_ns}\n".encode())
    if done and known.get(name) == digest.hexdigest():
        return False
    work()
    memory.write_text(json.dumps(known | {name: digest.hexdigest()}), encoding="utf-8")
    return True

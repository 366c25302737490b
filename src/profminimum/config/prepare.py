"""What must be ready before the site answers: tables, translations, static files. Done again only when changed."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from profminimum.web.catalogues import compile_all


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
    """Compile the catalogues that are newer than their compiled form."""
    return bool(compile_all())


def static() -> bool:
    """Collect and compress the static files under hashed names, unless it was done for these very files."""
    memory = settings.VAR / "prepared.json"
    digest = hashlib.sha256(version("profminimum").encode())
    for file in sorted(Path(storage.path(name)) for finder in get_finders() for name, storage in finder.list([])):
        stat = file.stat()
        digest.update(f"{file}|{stat.st_size}|{stat.st_mtime_ns}\n".encode())
    try:
        known = json.loads(memory.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        known = {}
    if known.get("static") == digest.hexdigest() and (settings.STATIC_ROOT / "staticfiles.json").exists():
        return False
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    memory.write_text(json.dumps({"static": digest.hexdigest()}), encoding="utf-8")
    return True

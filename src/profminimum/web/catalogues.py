"""Are the translations compiled? Makes each `django.mo` from its `django.po` with Babel: no gettext needed.

`python -m profminimum.web.catalogues` compiles what is older than its source.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).resolve().parents[1]


def compile_all(root: Path = PACKAGE, *, force: bool = False) -> list[Path]:
    """The catalogues that had to be written; each is put in place whole. Raises ValueError naming a broken source."""
    written = []
    for source in sorted(root.glob("*/locale/*/LC_MESSAGES/django.po")):
        target = source.with_suffix(".mo")
        if not force and target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        _compile(source, target)
        written.append(target)
    return written


def _compile(source: Path, target: Path) -> None:
    try:
        with source.open("rb") as stream:
            catalogue = read_po(stream, locale=source.parts[-3], abort_invalid=True)
    except Exception as error:
        raise ValueError(f"{source}: {error}") from error
    handle, name = tempfile.mkstemp(dir=target.parent, suffix=".mo.new")
    with os.fdopen(handle, "wb") as stream:
        write_mo(stream, catalogue)
    Path(name).chmod(0o644)
    Path(name).replace(target)


if __name__ == "__main__":
    for path in compile_all():
        sys.stdout.write(f"{path.relative_to(PACKAGE)}\n")

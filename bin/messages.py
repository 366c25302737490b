"""Collects the strings of the apps into their Russian catalogues: `bin/messages.py [--root FOLDER] APP…`, or all."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import django
from django.core.management import CommandError, call_command
from django.core.management.commands.makemessages import Command

HEADER = """msgid ""
msgstr ""
"Language: ru\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=4; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : \
n%10==0 || (n%10>=5 && n%10<=9) || (n%100>=11 && n%100<=14)? 2 : 3);\\n"
"""
SOURCE = Path(__file__).resolve().parents[1] / "src" / "profminimum"


class Exact(Command):
    """Guesses no translation from a similar phrase: a wrong word is worse than a missing one, which a test finds."""

    msgmerge_options = [*Command.msgmerge_options, "--no-fuzzy-matching"]


def collect(app: Path) -> None:
    """Bring the app's catalogue up to date: new strings empty, unused ones gone, no places, no wrapping."""
    (app / "locale").mkdir(exist_ok=True)
    before = Path.cwd()
    os.chdir(app)
    try:
        call_command(Exact(), locale=["ru"], no_obsolete=True, no_wrap=True, no_location=True, verbosity=0)
    finally:
        os.chdir(before)
    catalogue = app / "locale" / "ru" / "LC_MESSAGES" / "django.po"
    if catalogue.exists():  # gettext's own header names days and people: it says nothing and changes every file
        _, _, body = catalogue.read_text(encoding="utf-8").partition("\n\n")
        catalogue.write_text(f"{HEADER}\n{body}", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=SOURCE)
    parser.add_argument("apps", nargs="*")
    options = parser.parse_args()
    os.environ.setdefault("PROFMINIMUM_MODE", "test")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "profminimum.config.settings")
    django.setup()
    apps = options.apps or sorted(p.name for p in options.root.iterdir() if (p / "__init__.py").exists())
    for app in apps:
        try:
            collect(options.root / app)
        except CommandError as error:
            print(f"{app}: {error}", file=sys.stderr)  # noqa: T201 - a command-line script
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

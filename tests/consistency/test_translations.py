from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from babel.messages.pofile import read_po

from processes import clean_environment

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "profminimum"
CATALOGUE = Path("locale/ru/LC_MESSAGES/django.po")
RUSSIAN_FORMS = 4


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the source whose catalogues have just been brought up to date."""
    if not shutil.which("xgettext"):
        if os.environ.get("CI") == "true":
            pytest.fail("gettext is missing: sudo apt-get install -y gettext")
        pytest.skip("gettext is missing: sudo apt-get install -y gettext")
    copy = tmp_path_factory.mktemp("messages") / "profminimum"
    shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns("*.mo", "__pycache__", "static"))
    done = subprocess.run(
        [sys.executable, str(ROOT / "bin" / "messages.py"), "--root", str(copy)],
        env=clean_environment(copy),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return copy


def catalogues(root: Path) -> dict[str, Catalog]:
    found = {}
    for path in sorted(root.glob(f"*/{CATALOGUE}")):
        with path.open("rb") as file:
            found[path.relative_to(root).parts[0]] = read_po(file, locale="ru")
    return found


def messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def forms(value: str | tuple[str, ...] | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def test_everything_is_translated_and_nothing_is_doubtful(collected: Path) -> None:
    missing = []
    for app, catalogue in catalogues(collected).items():
        for message in messages(catalogue):
            said = forms(message.string)
            whole = all(said) and (not message.pluralizable or len(said) == RUSSIAN_FORMS)
            if not whole or message.fuzzy:
                missing.append(f"{app}: {forms(message.id)[0]}")
    assert missing == [], "run `make messages` and translate"


def test_no_text_hides_in_a_formatted_string() -> None:
    """Those who collect the texts do not look into f-strings: such a text would be shown in English."""
    hidden = re.compile(r"""f["'].*\{(_|gettext|ngettext|pgettext)\(""")
    found = [
        f"{path.relative_to(SOURCE)}:{number}"
        for path in sorted(SOURCE.rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if hidden.search(line)
    ]
    assert found == []


def test_the_catalogues_in_the_repository_are_up_to_date(collected: Path) -> None:
    kept = {app: {str(m.id) for m in messages(c)} for app, c in catalogues(SOURCE).items()}
    fresh = {app: {str(m.id) for m in messages(c)} for app, c in catalogues(collected).items()}
    fresh = {app: ids for app, ids in fresh.items() if ids}
    assert {app: fresh[app] ^ kept.get(app, set()) for app in fresh if fresh[app] != kept.get(app)} == {}


def test_what_stands_in_for_values_is_the_same_in_both_languages() -> None:
    wrong = []
    for app, catalogue in catalogues(SOURCE).items():
        for message in messages(catalogue):
            asked = set(re.findall(r"%\(\w+\)[sd]|\{\w*\}", " ".join(forms(message.id))))
            for said in filter(None, forms(message.string)):
                given = set(re.findall(r"%\(\w+\)[sd]|\{\w*\}", said))
                if given - asked or (asked - given and not message.pluralizable):
                    wrong.append(f"{app}: {forms(message.id)[0]}")
    assert wrong == []


def test_the_source_language_is_english() -> None:
    wrong = [
        f"{app}: {text}"
        for app, catalogue in catalogues(SOURCE).items()
        for message in messages(catalogue)
        for text in forms(message.id)
        if re.search("[А-Яа-яЁё]", re.sub("«[^»]*»", "", text))  # the decree's own words may be quoted
    ]
    assert wrong == []


def test_one_phrase_has_one_translation() -> None:
    """Django merges the catalogues: with two translations of one phrase, chance decides which one is shown."""
    seen: dict[tuple[str, str], dict[str, str]] = {}
    for app, catalogue in catalogues(SOURCE).items():
        for message in messages(catalogue):
            key = (message.context or "", str(message.id))
            seen.setdefault(key, {})[app] = str(message.string)
    assert {key: said for key, said in seen.items() if len(set(said.values())) > 1} == {}

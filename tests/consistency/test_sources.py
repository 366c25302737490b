from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "profminimum"
MODULES = sorted(p for p in SOURCE.rglob("*.py") if "migrations" not in p.parts)
FILE, FUNCTION, SETTINGS = 500, 60, 220  # lines
HOMELESS = {"utils", "util", "common", "core", "helpers", "helper", "misc", "tools"}
PLACES = re.compile(r"(?<![\w./])/(work|root|tmp/\w+_jobs)/|(?<!emit-)[i]ndex-url")  # spelt so as not to find itself
NEVER = ("таск", "дашборд", "сабмит", "ошибка валидации", "валидаци", "юзер")


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tracked(*patterns: str) -> list[Path]:
    """What git knows and what it would take; a copy without git has its files taken as they lie."""
    done = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],  # noqa: S607 - git from PATH
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        return [p for pattern in patterns for p in ROOT.rglob(pattern) if ".venv" not in p.parts]
    return [ROOT / line for line in done.stdout.splitlines() if (ROOT / line).is_file()]


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_a_module_says_which_question_it_answers(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if path.name == "apps.py" or (path.name == "__init__.py" and not tree.body):
        return
    said = ast.get_docstring(tree)
    assert said, f"{relative(path)} has no opening docstring"
    assert len(said.split()) >= 4, f"{relative(path)}: the docstring says nothing"


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_nothing_outgrows_its_reader(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= (SETTINGS if path.name == "settings.py" else FILE), relative(path)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= FUNCTION, f"{relative(path)}: {node.name} has {length} lines"


def test_every_module_has_a_home() -> None:
    found = [relative(p) for p in SOURCE.rglob("*") if p.stem in HOMELESS and (p.suffix == ".py" or p.is_dir())]
    assert found == []


def test_no_places_of_one_machine() -> None:
    found = [
        f"{relative(path)}:{number}"
        for path in tracked("*.py", "*.md", "*.toml", "*.txt", "*.sh", "*.html", "*.js", "*.css", "Makefile", "bin/*")
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if PLACES.search(line)
    ]
    assert found == []


def test_people_are_spoken_to_in_their_own_words() -> None:
    found = [
        f"{relative(path)}: {word}"
        for path in tracked("*.po", "src/*.html", "packs/*")
        for word in NEVER
        if path.suffix in {".po", ".html", ".toml"} and word in path.read_text(encoding="utf-8").casefold()
    ]
    assert found == []


def test_a_silenced_check_gives_its_reason() -> None:
    silence = re.compile(r"#\s*(noqa|type: ignore)(?P<code>[:\[][^#]*)?(?P<reason>.*)$")
    found = []
    for path in [*MODULES, *sorted((ROOT / "tests").rglob("*.py"))]:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            mark = silence.search(line)
            if not mark:
                continue
            code = mark["code"] or ""
            if not (code and (" - " in code + mark["reason"] or "#" in mark["reason"])):
                found.append(f"{relative(path)}:{number}")
    assert found == []

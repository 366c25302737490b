from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click
from django.apps import apps
from django.conf import settings
from django.db.models import ForeignKey
from django.utils.module_loading import import_string

from profminimum.config.cli import cli
from profminimum.journal import actions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "profminimum"
OPERATIONS = ROOT / "docs" / "operations.md"
# models that are read only through what they hang on, or by the one person who has made them
THROUGH_OTHERS = {
    "orgs.organisationstate",
    "orgs.succession",
    "orgs.registryupload",
    "plan.planversion",
    "plan.measure",
    "plan.wording",
    "plan.executor",
    "plan.assignment",
    "plan.exemption",
    "plan.report",
    "plan.attachment",
    "plan.extension",
}


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in SOURCE.rglob("*.py"):
        if "migrations" not in path.parts:
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def texts() -> set[str]:
    """All string constants of the source, the tables of actions aside."""
    return {
        node.value
        for path, tree in trees()
        if path.name != "actions.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def recorded() -> set[str]:
    """The actions that the source gives to the journal by name."""
    found = set()
    for _path, tree in trees():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first = node.args[0]
            if name in {"record", "record_many"} and isinstance(first, ast.Constant):
                found.add(first.value)
    return found


def test_every_action_has_its_label() -> None:
    assert recorded() - set(actions.labels()) == set()


def test_every_label_is_used() -> None:
    assert set(actions.labels()) - texts() == set()


def test_consequences_hang_on_actions_that_exist_and_have_names_of_their_own() -> None:
    table = import_string(settings.JOURNAL_REACTIONS)
    assert set(table) - set(actions.labels()) == set()
    for action, functions in table.items():
        names = [function.__name__ for function in functions]
        assert len(names) == len(set(names)), action


def read_settings() -> set[str]:
    """The PROFMINIMUM_ settings that the source reads."""
    reader = re.compile(r"""\b(?:text|choice|flag|number|words|moment|table|zone)\(\s*["']([A-Z_]+)["']""")
    found = set()
    for path in SOURCE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        found |= {f"PROFMINIMUM_{name}" for name in reader.findall(text)}
        found |= set(re.findall(r"PROFMINIMUM_[A-Z][A-Z_]*[A-Z]", text))
    return found


def test_settings_in_the_source_and_in_the_handbook_are_the_same() -> None:
    written = set(re.findall(r"PROFMINIMUM_[A-Z][A-Z_]*[A-Z]", OPERATIONS.read_text(encoding="utf-8")))
    written = {name.removesuffix("_FILE") for name in written}
    read = {name.removesuffix("_FILE") for name in read_settings()}
    assert read - written == set(), "not in docs/operations.md"
    assert written - read == set(), "docs/operations.md names what nobody reads"


def commands(group: click.Group, above: str) -> Iterator[str]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        assert command.help, f"{above} {name} has no help"
        yield f"{above} {name}"
        if isinstance(command, click.Group):
            yield from commands(command, f"{above} {name}")


def test_every_command_is_in_the_handbook() -> None:
    text = OPERATIONS.read_text(encoding="utf-8")
    missing = [c for c in commands(cli, "profminimum") if not re.search(rf"{re.escape(c)}\b", text)]
    assert missing == []


def has_place(model: type[Model]) -> bool:
    own = any(isinstance(f, ForeignKey) and f.name == "organisation" for f in model._meta.get_fields())
    return own or hasattr(model, "access_place")


def test_every_model_with_a_place_can_be_asked_what_a_person_sees() -> None:
    missing = [
        model._meta.label_lower
        for model in apps.get_models()
        if model.__module__.startswith("profminimum.")
        and has_place(model)
        and model._meta.label_lower not in THROUGH_OTHERS
        and not hasattr(model._default_manager, "visible_to")
    ]
    assert missing == []


def test_the_list_of_what_is_read_through_others_names_only_models_that_need_it() -> None:
    known = {m._meta.label_lower: m for m in apps.get_models()}
    wrong = [label for label in THROUGH_OTHERS if label not in known or hasattr(known[label].objects, "visible_to")]  # type: ignore[attr-defined]  # every model of ours has it
    assert wrong == []

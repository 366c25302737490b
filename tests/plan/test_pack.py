"""The pack is read as it is written, and each mistake in it is named by file and key."""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path

import pytest

from profminimum.orgs.models import Kind
from profminimum.plan.pack import FILES, KINDS, PackError, is_school_year, read, said, school_year

OURS = Path(__file__).resolve().parents[2] / "packs" / "profminimum_2023"
LEVEL = '[[level]]\nname = "base"\ntitle = { ru = "базовый" }\nhours = 40\n'
HEAD = 'name = "x"\ntitle = { ru = "x" }\n'
REGISTER = '[[register]]\nname = "one"\ntitle = { ru = "Один" }\n[register.fields]\nnote = { ru = "запись" }\n'


def pack_with(tmp_path: Path, **files: str) -> Path:
    """A copy of our pack with some files written anew."""
    folder = tmp_path / "pack"
    shutil.copytree(OURS, folder, ignore=shutil.ignore_patterns("forms"))
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def test_our_pack_says_what_the_decree_and_the_guidance_say() -> None:
    pack = read(OURS)
    assert [(level.name, level.hours) for level in pack.levels.values()] == [
        ("base", 40),
        ("main", 60),
        ("advanced", 80),
    ]
    assert list(pack.registers) == ["responsible", "group", "level"]
    assert pack.registers["responsible"].of == ("authority", "school")
    assert pack.registers["level"].by_year
    assert pack.registers["group"].many
    assert list(pack.registers["group"].fields["role"].choices) == ["chair", "deputy", "secretary", "member"]
    assert all({"ru", "en"} <= set(level.title) for level in pack.levels.values())


def test_it_names_kinds_of_organisations_as_the_tree_does() -> None:
    assert set(KINDS) == set(Kind.values) - {"region"}


@pytest.mark.parametrize(
    ("level", "year", "allowed"),
    [
        ("base", "2023/2024", True),
        ("base", "2024/2025", True),
        ("base", "2025/2026", False),
        ("main", "2025/2026", True),
        ("advanced", "2031/2032", True),
    ],
)
def test_levels_depend_on_the_school_year(level: str, year: str, allowed: bool) -> None:  # noqa: FBT001 - a table of cases
    assert read(OURS).levels[level].allowed(year) is allowed


def test_a_level_may_begin_later(tmp_path: Path) -> None:
    level = read(pack_with(tmp_path, levels=LEVEL + 'since = "2024/2025"\nuntil = "2025/2026"\n')).levels["base"]
    assert [level.allowed(f"{year}/{year + 1}") for year in range(2023, 2027)] == [False, True, True, False]


def test_reminders_stand_by_their_days_and_may_be_none(tmp_path: Path) -> None:
    two = '[[reminder]]\nname = "late"\nfrom = 5\n[[reminder]]\nname = "soon"\nfrom = -3\nto = -1\n'
    found = read(pack_with(tmp_path, pack=HEAD + two)).reminders
    assert found is not None
    assert [(one.name, one.first, one.last) for one in found] == [("soon", -3, -1), ("late", 5, 5)]
    assert read(pack_with(tmp_path / "none", pack=HEAD + "reminder = []\n")).reminders == ()
    assert read(pack_with(tmp_path / "default", pack=HEAD)).reminders is None


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2023, 7, 31), "2022/2023"),
        (date(2023, 8, 1), "2023/2024"),
        (date(2023, 8, 25), "2023/2024"),
        (date(2023, 12, 31), "2023/2024"),
        (date(2024, 6, 30), "2023/2024"),
    ],
)
def test_august_belongs_to_the_coming_school_year(day: date, year: str) -> None:
    assert school_year(day) == year
    assert is_school_year(year)


@pytest.mark.parametrize("text", ["", "2023", "2023/24", "2023/2025", "2024/2023", "2023-2024", " 2023/2024"])
def test_what_is_no_school_year(text: str) -> None:
    assert not is_school_year(text)


def test_words_fall_back_to_russian() -> None:
    assert said({"ru": "базовый", "en": "base"}, "en-gb") == "base"
    assert said({"ru": "базовый"}, "en") == "базовый"
    assert said({"ru": "базовый", "en": ""}, "en") == "базовый"
    assert said({"ru": "базовый", "en": "base"}, None) == "базовый"


@pytest.mark.parametrize(
    ("files", "named"),
    [
        ({"pack": 'name = "x"'}, "pack.toml, title"),
        ({"pack": 'title = { ru = "x" }'}, "pack.toml, name"),
        ({"pack": 'name = "x"\ntitle = "x"'}, "pack.toml, title"),
        ({"pack": "name = "}, "pack.toml: "),
        ({"pack": HEAD + "remind = 1\n"}, "pack.toml, remind"),
        ({"pack": HEAD + 'reminder = "x"\n'}, "pack.toml, [[reminder]]"),
        ({"pack": HEAD + '[[reminder]]\nname = "a"\n'}, "reminder 1 (a), from"),
        ({"pack": HEAD + '[[reminder]]\nname = "a"\nfrom = "7"\n'}, "reminder 1 (a), from"),
        ({"pack": HEAD + '[[reminder]]\nname = "a"\nfrom = 3\nto = 2\n'}, "reminder 1 (a), to"),
        ({"pack": HEAD + '[[reminder]]\nname = "a"\nfrom = -3\nto = 2\n'}, "reminder 1 (a), to"),
        ({"pack": HEAD + '[[reminder]]\nname = "a"\nfrom = 0\nto = 2\n'}, "reminder 1 (a), to"),
        ({"pack": HEAD + '[[reminder]]\nname = "a"\nfrom = 400\n'}, "reminder 1 (a), from"),
        ({"pack": HEAD + '[[reminder]]\nname = "a"\nfrom = 1\nupward = "unit"\n'}, "reminder 1 (a), upward"),
        ({"pack": HEAD + '[[reminder]]\nname = "much_too_long"\nfrom = 1\n'}, "reminder 1 (much_too_long), name"),
        (
            {"pack": HEAD + '[[reminder]]\nname = "a"\nfrom = 1\nto = 3\n[[reminder]]\nname = "b"\nfrom = 3\n'},
            "reminder (b), from",
        ),
        ({"levels": ""}, "levels.toml, [[level]]"),
        ({"levels": 'level = "x"'}, "levels.toml, [[level]]"),
        ({"levels": LEVEL + LEVEL}, "levels.toml, level 2 (base), name"),
        ({"levels": LEVEL.replace("40", '"40"')}, "levels.toml, level 1 (base), hours"),
        ({"levels": LEVEL.replace("40", "0")}, "levels.toml, level 1 (base), hours"),
        ({"levels": LEVEL.replace("40", "true")}, "levels.toml, level 1 (base), hours"),
        ({"levels": LEVEL.replace('"base"', '"Базовый"')}, "level 1 (Базовый), name"),
        ({"levels": LEVEL.replace('name = "base"\n', "")}, "level 1, name"),
        ({"levels": LEVEL + 'until = "2024"\n'}, "level 1 (base), until"),
        ({"levels": LEVEL + 'since = "2025/2026"\nuntil = "2024/2025"\n'}, "level 1 (base), until"),
        ({"levels": LEVEL + "hour = 40\n"}, "level 1 (base), hour:"),
        ({"registers": ""}, "registers.toml, [[register]]"),
        ({"registers": '[[register]]\nname = "one"\ntitle = { ru = "Один" }\n'}, "register 1 (one), fields"),
        ({"registers": REGISTER.replace('ru = "запись"', 'en = "note"')}, "register 1 (one), fields.note, title"),
        ({"registers": REGISTER.replace('"запись"', '"запись", type = "date"')}, "fields.note, type"),
        ({"registers": REGISTER.replace('"запись"', '"запись", type = "choice"')}, "fields.note, choices"),
        ({"registers": REGISTER.replace('"запись"', '"запись", type = "level"')}, "register 1 (one), by_year"),
        ({"registers": REGISTER.replace("note =", "Note =")}, "fields.Note"),
        ({"registers": REGISTER.replace("[register.fields]", 'of = ["shcool"]\n[register.fields]')}, "(one), of"),
        ({"registers": REGISTER.replace("[register.fields]", 'many = "yes"\n[register.fields]')}, "(one), many"),
        ({"registers": REGISTER + "[register.rights]\nsee = 1\n"}, "register 1 (one), rights"),
    ],
)
def test_a_mistake_is_named_by_file_and_key(tmp_path: Path, files: dict[str, str], named: str) -> None:
    with pytest.raises(PackError) as raised:
        read(pack_with(tmp_path, **files))
    assert named in str(raised.value)
    assert " · " in str(raised.value) or named == "pack.toml: "


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    folder = pack_with(tmp_path)
    (folder / name).unlink()
    with pytest.raises(PackError, match=name):
        read(folder)


def test_a_file_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    folder = pack_with(tmp_path)
    (folder / "levels.toml").write_bytes(LEVEL.encode("cp1251"))
    with pytest.raises(PackError, match=r"levels\.toml"):
        read(folder)


def test_it_is_read_again_when_a_file_has_changed(tmp_path: Path) -> None:
    folder = pack_with(tmp_path)
    assert read(folder) is read(folder)
    path = folder / "levels.toml"
    path.write_text(LEVEL, encoding="utf-8")
    os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns + 1_000_000))
    assert list(read(folder).levels) == ["base"]

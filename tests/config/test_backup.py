from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from processes import Fresh, clean_environment


@pytest.fixture
def place(tmp_path: Path) -> Fresh:
    """An installation on SQLite with one row and one file; backups do not depend on the database of the run."""
    fresh = Fresh(clean_environment(tmp_path / "var"))
    assert fresh.run("migrate").returncode == 0
    write(fresh, "before")
    return fresh


def var(fresh: Fresh) -> Path:
    return Path(fresh.environment["PROFMINIMUM_VAR"])


def write(fresh: Fresh, word: str) -> None:
    with closing(sqlite3.connect(var(fresh) / "profminimum.sqlite3")) as database:
        database.execute("CREATE TABLE IF NOT EXISTS note (word TEXT)")
        database.execute("DELETE FROM note")
        database.execute("INSERT INTO note VALUES (?)", [word])
        database.commit()
    (var(fresh) / "files").mkdir(exist_ok=True)
    (var(fresh) / "files" / "order.pdf").write_text(word, encoding="utf-8")


def read(fresh: Fresh) -> tuple[str, str]:
    with closing(sqlite3.connect(var(fresh) / "profminimum.sqlite3")) as database:
        word = database.execute("SELECT word FROM note").fetchone()[0]
    return word, (var(fresh) / "files" / "order.pdf").read_text(encoding="utf-8")


def backup(fresh: Fresh, folder: Path) -> Path:
    done = fresh.run("backup", str(folder))
    assert done.returncode == 0, done.stderr
    return next(folder.iterdir())


def test_what_was_backed_up_comes_back_and_what_was_there_is_kept(place: Fresh, tmp_path: Path) -> None:
    copy = backup(place, tmp_path / "copies")
    write(place, "after")
    done = place.run("restore", str(copy))
    assert done.returncode == 0, done.stderr
    assert read(place) == ("before", "before")
    aside = next(var(place).glob("before-restore-*"))
    assert (aside / "files" / "order.pdf").read_text(encoding="utf-8") == "after"


def test_a_backup_holds_what_a_writer_has_just_committed(place: Fresh, tmp_path: Path) -> None:
    """The write-ahead log has not been merged yet: a plain copy of the file would miss it."""
    with closing(sqlite3.connect(var(place) / "profminimum.sqlite3")) as writer:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("UPDATE note SET word = 'late'")
        writer.commit()
        copy = backup(place, tmp_path / "copies")
    with closing(sqlite3.connect(copy / "database.sqlite3")) as database:
        assert database.execute("SELECT word FROM note").fetchone() == ("late",)


@pytest.mark.parametrize(
    ("harm", "message"),
    [
        (lambda copy: (copy / "manifest.json").unlink(), "не резервная копия"),
        (lambda copy: (copy / "manifest.json").write_text("[", encoding="utf-8"), "не резервная копия"),
        (lambda copy: (copy / "database.sqlite3").write_bytes(b"x"), "повреждён"),
    ],
)
def test_a_damaged_backup_changes_nothing(place: Fresh, tmp_path: Path, harm: object, message: str) -> None:
    copy = backup(place, tmp_path / "copies")
    assert callable(harm)
    harm(copy)
    write(place, "after")
    done = place.run("restore", str(copy))
    assert done.returncode == 1
    assert message in done.stderr
    assert read(place) == ("after", "after")


def test_postgresql_is_left_to_its_own_tools_by_name(tmp_path: Path) -> None:
    fresh = Fresh(clean_environment(tmp_path) | {"DATABASE_URL": "postgresql://anna:secret@db:5433/plan"})
    done = fresh.run("backup", str(tmp_path / "copies"))
    assert done.returncode == 1
    assert "pg_dump --format=custom" in done.stderr
    assert "postgresql://anna@db:5433/plan" in done.stderr
    assert "secret" not in done.stderr
    assert not (tmp_path / "copies").exists()

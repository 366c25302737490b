"""Is somebody using the data folder? A site holds it shared; the demo's builder and `restore` want it alone."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def hold(folder: Path, *, alone: bool) -> Iterator[None]:
    """Hold the folder for the time of the block; a refusal says what to stop.

    A program that takes the place of this one in the block (exec) goes on holding it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "in-use").open("a") as file:
        try:
            fcntl.flock(file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except OSError as error:
            what = "Сайт работает" if alone else "База сейчас строится или восстанавливается"
            raise click.ClickException(
                f"{what}: папка {folder} занята. Остановите работающую программу и повторите. · The folder is in use."
            ) from error
        os.set_inheritable(file.fileno(), True)
        yield

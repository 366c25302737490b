"""What is a file called that somebody sent? A name that can stand on a page, in a header and in a folder."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from django.utils.translation import gettext as _

NAME: Final = 120  # characters of a file's name that are kept
_UNFIT: Final = re.compile(r'[\\/:*?"<>|]')


def tame(name: str) -> str:
    """A name that can stand on a page and in a folder: without path, control and direction characters, not too long.

    «C:/Мои документы/приказ.pdf» → «приказ.pdf»; the ending survives a long name.
    """
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(" " if unicodedata.category(char) in {"Zs", "Zl", "Zp"} else char for char in last)
    kept = "".join(char for char in kept if not unicodedata.category(char).startswith("C"))
    kept = " ".join(_UNFIT.sub("_", kept).split()).strip(". ")
    stem, dot, ending = kept.rpartition(".")
    if not dot:
        return kept[:NAME] or _("file")
    named = stem[: NAME - len(ending) - 1].rstrip(". ") if stem else _("file")
    return f"{named}.{ending[:10]}"

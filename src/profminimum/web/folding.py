"""How is text searched for? Folded, and kept so beside the real one: SQLite folds no Cyrillic itself."""

from __future__ import annotations


def folded(text: str) -> str:
    """Casefold, ё→е, runs of blanks folded into one."""
    return " ".join(text.casefold().replace("ё", "е").split())

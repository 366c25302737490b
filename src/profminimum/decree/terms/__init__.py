"""What does the wording of a deadline mean? A closed grammar of Russian plans and decrees; conventions: docs/terms.md."""

from .resolve import read_term, term_json

__all__ = ["read_term", "term_json"]

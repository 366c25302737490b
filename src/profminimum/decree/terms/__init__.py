"""What does the wording of a deadline in a Russian plan or decree mean?

A closed grammar (tokens, phrases, days, one meaning); its conventions are in docs/terms.md.
"""

from .resolve import read_term, term_json

__all__ = ["read_term", "term_json"]

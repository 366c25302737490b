"""How does the grammar walk over the tokens? Each step takes a token or leaves the place where it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .lexer import END, Token

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")


class Cursor:
    """A place in a row of tokens."""

    __slots__ = ("at", "tokens")

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self.tokens = tokens
        self.at = 0

    @property
    def done(self) -> bool:
        return self.at >= len(self.tokens)

    def peek(self, ahead: int = 0) -> Token:
        """The token so far ahead, or the end token."""
        place = self.at + ahead
        return self.tokens[place] if 0 <= place < len(self.tokens) else END

    def take(self) -> Token:
        """The token here; go on."""
        token = self.peek()
        self.at += 1
        return token

    def tag(self, *tags: str) -> Token | None:
        """The token here when it has one of the tags."""
        token = self.peek()
        if token.tag in tags:
            self.at += 1
            return token
        return None

    def word(self, *lemmas: str) -> bool:
        """Take a vocabulary word with one of the lemmas."""
        token = self.peek()
        if token.tag == "word" and token.lemma in lemmas:
            self.at += 1
            return True
        return False

    def words(self, *lemmas: str) -> bool:
        """Take all the words in this order, or nothing."""
        for ahead, lemma in enumerate(lemmas):
            token = self.peek(ahead)
            if token.tag != "word" or token.lemma != lemma:
                return False
        self.at += len(lemmas)
        return True

    def any_of(self, *phrases: str) -> bool:
        """Take the first of the phrases that stands here, each as lemmas with a space between."""
        return any(self.words(*phrase.split()) for phrase in phrases)

    def unit(self, *lemmas: str) -> Token | None:
        """Take a unit of time; any one when none is named."""
        token = self.peek()
        if token.tag == "unit" and (not lemmas or token.lemma in lemmas):
            self.at += 1
            return token
        return None

    def sign(self, *texts: str) -> bool:
        """Take one of the signs."""
        token = self.peek()
        if token.tag == "sign" and token.text in texts:
            self.at += 1
            return True
        return False

    def stem(self, *stems: str) -> Token | None:
        """Take a word that begins with one of the stems."""
        token = self.peek()
        if token.text.startswith(stems) and token.tag not in {"digits", "sign", "end"}:
            self.at += 1
            return token
        return None

    def attempt(self, rule: Callable[[Cursor], T | None]) -> T | None:
        """What the rule gives; the place is kept when it gives nothing."""
        at = self.at
        found = rule(self)
        if found is None:
            self.at = at
        return found

    def first(self, rules: tuple[Callable[[Cursor], T | None], ...]) -> T | None:
        """What the first rule that fits gives."""
        for rule in rules:
            found = self.attempt(rule)
            if found is not None:
                return found
        return None

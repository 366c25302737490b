"""Which tokens is the wording of a deadline made of, once the noise of typing and scanning is taken away?"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from .words import UNKNOWN, known, misspelt, sense


@dataclass(frozen=True, slots=True)
class Token:
    """`tag`: digits, roman, sign, end or a tag of `words`; `width` counts digits; `spaced` after white space."""

    text: str
    tag: str
    lemma: str
    value: int = 0
    width: int = 0
    spaced: bool = False


END = Token("", "end", "")

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣－"), "-")
_DROPPED = dict.fromkeys(map(ord, "«»\"“”„‟‘’'`´\u00ad\u200b\u200c\u200d\u2060\ufeff\u0301*<>[]{}"), None)
_SIGNS = {
    **_DASHES,
    **_DROPPED,
    ord("№"): "#",
    ord("ё"): "е",
    ord("_"): " ",
    ord("\\"): "/",
    ord("і"): "i",
    ord("ѕ"): "s",
}
_LATIN = str.maketrans("aceopxykmthbi", "асеорхукмтнви")
_ROMAN_LETTERS = str.maketrans({"х": "x", "п": "ii", "ш": "iii", "у": "v", "l": "i", "і": "i", "1": "i"})
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}
_SUFFIXES = frozenset(
    [
        "й",
        "я",
        "е",
        "ой",
        "ый",
        "ий",
        "ая",
        "ое",
        "ее",
        "го",
        "ого",
        "его",
        "му",
        "ому",
        "ему",
        "ти",
        "х",
        "ми",
        "м",
        "ю",
        "ую",
        "ей",
        "ых",
        "ю",
    ]
)
_CLOCK = re.compile(
    r"""\b(?:[01]?\d|2[0-3])[:.-][0-5]\d(?=\s*(?:ч\b|час|мск))(?:\s*(?:часов|часа|час|ч)\b\.?)?  # 18.00 ч.
    |\b\d{1,2}:\d\d\b""",
    re.VERBOSE,
)
_OLD_ZERO = re.compile(r"(?<![^\W\d])[оo](?=\d)|(?<=\d)[оo](?![^\W\d])|(?<=\d)[оo](?=\d)")
_OLD_THREE = re.compile(r"(?<![^\W\d])з(?=\d)")
_HALF = re.compile(r"\bп\s?/\s?г(?:одие|одия|од)?\b")
_TOKEN = re.compile(r"\d+|[^\W\d_]+|[^\w\s]")
_RULES = re.compile(r"-{2,}|\.{3,}")
_SPACE = re.compile(r"\s+")
_DOTS = re.compile(r"\.(?:\s*\.)+")


def clean(text: str) -> str:
    """Lower case, one kind of dash and space, no quotes, accents or soft hyphens; scanned О and З as digits."""
    out = text.translate({ord("№"): "#"})
    out = unicodedata.normalize("NFKC", out).lower().translate(_SIGNS)
    out = _RULES.sub(" - ", _SPACE.sub(" ", out)).strip()
    out = _OLD_THREE.sub("3", _OLD_ZERO.sub("0", out))
    out = _HALF.sub("полугодие", _DOTS.sub(".", out))
    return _CLOCK.sub(" ", out)


def _roman(word: str) -> int:
    return _ROMAN.get(word.translate(_ROMAN_LETTERS), 0)


def _split(word: str) -> tuple[str, ...]:
    """A glued word as its parts: «IVкв», «всентябре», «втечение»; else the word itself."""
    for cut in range(1, min(5, len(word))):
        head, tail = word[:cut], word[cut:].translate(_LATIN)
        if not known(tail):
            continue
        if len(tail) > 1 and _roman(head) and sense(tail).lemma in {"quarter", "half-year", "decade", "week", "term"}:
            return head, tail
        if head in {"в", "до", "с", "к"} and (
            sense(tail).tag in {"month", "every"} or tail in {"течение", "течении"}
        ):
            return head, tail
    return (word,)


def _word(text: str, *, spaced: bool) -> list[Token]:
    roman = _roman(text)
    cyrillic = text.translate(_LATIN) if not text.isascii() or not roman else text
    found = sense(cyrillic)
    if found.tag != UNKNOWN:
        return [Token(cyrillic, found.tag, found.lemma, found.value, 0, spaced)]
    if roman:
        return [Token(text, "roman", cyrillic, roman, 0, spaced)]
    parts = _split(text)
    if len(parts) > 1:
        first, *rest = (token for part in parts for token in _word(part, spaced=False))
        return [replace(first, spaced=spaced), *rest]
    near = misspelt(cyrillic)
    if near is not None:
        return [Token(cyrillic, near.tag, near.lemma, near.value, 0, spaced)]
    return [Token(cyrillic, UNKNOWN, cyrillic, 0, 0, spaced)]


def _raw(text: str) -> list[Token]:
    tokens: list[Token] = []
    end = 0
    for match in _TOKEN.finditer(text):
        piece, spaced = match.group(), match.start() > end
        end = match.end()
        if piece.isdecimal():
            tokens.append(Token(piece, "digits", "digits", int(piece[:9]), len(piece), spaced))
        elif piece.isalpha():
            tokens.extend(_word(piece, spaced=spaced))
        elif piece != "." or not tokens or tokens[-1].tag in {"digits", "sign"}:  # no dot after a word
            tokens.append(Token(piece, "sign", piece, 0, 0, spaced))
    return tokens


def _joined(left: Token, right: Token) -> Token | None:
    """Two halves of a word broken at the end of a line, as one token."""
    if UNKNOWN not in (left.tag, right.tag) or not right.text.isalpha() or not left.text.isalpha():
        return None
    whole = left.text + right.text
    found = sense(whole)
    if found.tag == UNKNOWN or len(whole) < 5:
        return None
    return Token(whole, found.tag, found.lemma, found.value, 0, left.spaced)


def _mend(tokens: list[Token]) -> list[Token]:
    """Broken words joined, endings of numbers («1-го», «3-х») taken into the number."""
    out: list[Token] = []
    for token in tokens:
        hyphen = len(out) > 1 and out[-1].text == "-"
        left = out[-2] if hyphen else out[-1] if out else END
        if (
            token.text in _SUFFIXES
            and not token.spaced
            and (left.tag == "digits" or (hyphen and left.tag == "roman"))
        ):
            if hyphen:
                out.pop()
            out[-1] = replace(out[-1], lemma="ordinal")
            continue
        joined = _joined(left, token) if left.text and token.tag != "sign" else None
        if joined is not None:
            del out[-2 if hyphen else -1 :]
            out.append(joined)
            continue
        out.append(token)
    return out


def tokens(text: str) -> tuple[Token, ...]:
    """The tokens of a wording. Any text gives tokens; an empty one gives none."""
    return tuple(_mend(_raw(clean(text))))

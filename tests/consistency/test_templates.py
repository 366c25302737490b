from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "profminimum"
TEMPLATES = sorted(p for p in SOURCE.glob("*/templates/**/*") if p.is_file())
DJANGO_ASKS = {"400.html", "403.html", "404.html", "500.html", "403_csrf.html"}  # by name, when something is wrong
LIBRARIES = ("account/", "allauth/", "mfa/", "socialaccount/", "usersessions/", "django/")  # overridden pages
# what is the same in every language: the product's name, formats, units
SAME = {"profminimum", "openapi", "xlsx", "csv", "docx", "pdf", "en", "ru", "id", "n", "svg", "url", "html"}
SAID = re.compile(r"""\b(?:title|aria-label|placeholder|alt|label|sub|hint)="([^"]*)\"""")


def name(path: Path) -> str:
    return path.relative_to(next(p for p in path.parents if p.name == "templates")).as_posix()


def pages() -> list[Path]:
    return [path for path in TEMPLATES if path.suffix == ".html"]


def test_no_template_is_unused() -> None:
    everything = {p: p.read_text(encoding="utf-8") for p in [*SOURCE.rglob("*.py"), *TEMPLATES]}
    unused = []
    for path in TEMPLATES:
        called = name(path)
        if called in DJANGO_ASKS or called.startswith(LIBRARIES):
            continue
        words = [called]
        if called.startswith("cotton/"):
            plain = called.removeprefix("cotton/").removesuffix(".html").replace("/", ".")
            words = [f"<c-{plain}", f"<c-{plain.replace('_', '-')}", f"cotton {plain}"]
        if not any(word in text for other, text in everything.items() if other != path for word in words):
            unused.append(called)
    assert unused == []


@pytest.mark.parametrize("path", pages(), ids=name)
def test_a_template_compiles(path: Path) -> None:
    get_template(name(path))


@pytest.mark.parametrize("path", pages(), ids=name)
def test_nothing_is_said_in_one_language_only(path: Path) -> None:
    assert untranslated(path.read_text(encoding="utf-8")) == []


def untranslated(text: str) -> list[str]:
    """Words of a page that no translation tag surrounds, and that are no name or unit."""
    kept, inside = [], False
    for token in Lexer(text).tokenize():
        words = token.contents.split() if token.token_type is TokenType.BLOCK else [""]
        if words[0] in {"blocktranslate", "blocktrans", "comment", "verbatim"} or words[-1] == "main_class":
            inside = True
        elif words[0] in {"endblocktranslate", "endblocktrans", "endcomment", "endverbatim", "endblock"}:
            inside = False
        elif token.token_type is TokenType.TEXT and not inside:
            kept.append(token.contents)
        elif token.token_type is not TokenType.COMMENT:
            kept.append("\0")
    plain = "".join(kept)
    plain = re.sub(r"<(script|style|svg)\b.*?</\1>", "", plain, flags=re.DOTALL)
    plain = re.sub(r"<!--.*?-->", "", plain, flags=re.DOTALL)
    tags = re.findall(r"<[^>]*>", plain, flags=re.DOTALL)
    said = [value for tag in tags if " lang=" not in tag for value in SAID.findall(tag)]
    foreign = re.sub(r"<(\w+)[^>]* lang=[^>]*>.*?</\1>", "", plain, flags=re.DOTALL)
    said.append(re.sub(r"&\w+;", "", re.sub(r"<[^>]*>", " ", foreign, flags=re.DOTALL)))
    return [word for part in said for word in re.findall(r"[^\W\d_]{2,}", part) if word.casefold() not in SAME]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('<p>{% translate "Plan" %}</p>', []),
        ("<p>План</p>", ["План"]),
        ('<a title="Plan of work">{{ x }}</a>', ["Plan", "of", "work"]),
        ("{% blocktranslate %}Plan{% endblocktranslate %} 5&nbsp;%", []),
        ('<button lang="en" aria-label="In English">English</button>', []),
    ],
)
def test_the_check_itself_finds_what_it_should(text: str, found: list[str]) -> None:
    assert untranslated(text) == found

"""All templates obey the content security policy, and every string of the interface has its Russian."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from profminimum.web import catalogues, states

PACKAGE = catalogues.PACKAGE
TEMPLATES = sorted(PACKAGE.glob("*/templates/**/*.html"))
ALLOWED_HX = {
    "hx-get",
    "hx-post",
    "hx-target",
    "hx-swap",
    "hx-swap-oob",
    "hx-trigger",
    "hx-push-url",
    "hx-boost",
    "hx-headers",
    "hx-include",
    "hx-indicator",
    "hx-select",
    "hx-sync",
    "hx-confirm",
    "hx-encoding",
    "hx-preserve",
    "hx-params",
    "hx-disabled-elt",
    "hx-vals",
    "hx-replace-url",
}


class Inline(HTMLParser):
    """What a strict policy forbids: style and on… attributes, inline scripts and styles, javascript: links."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name: value or "" for name, value in attrs}
        self.found += [f"<{tag} {name}>" for name in names if name == "style" or name.startswith(("on", "hx-on"))]
        self.found += [f"<{tag} {name}>" for name in names if name.startswith("hx-") and name not in ALLOWED_HX]
        coded = [name for name, value in names.items() if value.strip().lower().startswith(("javascript:", "js:"))]
        self.found += [f"<{tag} {name}=javascript:>" for name in coded]
        if tag == "style" or (tag == "script" and "src" not in names and names.get("type") != "application/json"):
            self.found.append(f"<{tag}>")
        for name in ("src", "href", "action"):
            if name in names and re.match(r"(https?:)?//", names[name]) and tag in ("script", "link", "img", "use"):
                self.found.append(f"<{tag} {name}={names[name]}>")


def inline(source: str) -> list[str]:
    """Template tags are taken out first, so that a quote inside of them does not end an attribute."""
    plain = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", "", source, flags=re.DOTALL)
    reader = Inline()
    reader.feed(plain)
    return reader.found


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_template_has_nothing_inline(path: Path) -> None:
    assert inline(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        '<p style="color:red">',
        "<p onclick=x>",
        '<div {% if a %}class="b"{% endif %} hx-on:click="x">',
        "<script>alert(1)</script>",
        "<style>p{}</style>",
        '<a href="javascript:x">',
        '<script src="https://cdn.example.org/x.js"></script>',
        '<p hx-vals="js:{a: 1}">',
    ],
)
def test_the_scan_sees(source: str) -> None:
    assert inline(source)


CATALOGUES = sorted(PACKAGE.glob("*/locale/ru/LC_MESSAGES/django.po"))


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-5])
def test_a_catalogue_is_complete(path: Path) -> None:
    with path.open("rb") as stream:
        catalogue = read_po(stream, locale="ru")
    lacking = []
    for message in catalogue:
        said = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id and (not all(said) or message.fuzzy):
            lacking.append(message.id)
    assert lacking == []
    assert catalogue.num_plurals == 4


def test_catalogues_compile_without_gettext(tmp_path: Path) -> None:
    folder = tmp_path / "app" / "locale" / "ru" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "django.po"
    source.write_text(CATALOGUES[0].read_text(encoding="utf-8"), encoding="utf-8")
    assert catalogues.compile_all(tmp_path) == [folder / "django.mo"]
    assert catalogues.compile_all(tmp_path) == []
    source.write_text('msgid "a\n', encoding="utf-8")
    (folder / "django.mo").unlink()
    with pytest.raises(ValueError, match=r"django\.po"):
        catalogues.compile_all(tmp_path)
    assert list(folder.iterdir()) == [source]


def components() -> dict[str, set[str] | None]:
    """What each component takes; None when it passes unknown attributes on to its element."""
    known: dict[str, set[str] | None] = {}
    for path in (PACKAGE / "web/templates/cotton").glob("*.html"):
        text = path.read_text(encoding="utf-8")
        declared = re.match(r".*?<c-vars ([^/]*)/>", text, re.DOTALL)
        names = set(re.findall(r'([\w-]+)(?==")', declared[1])) if declared else set()
        known[path.stem.replace("_", "-")] = None if "{{ attrs }}" in text else names
    return known


def misused(source: str) -> list[str]:
    """Components that do not exist, and attributes that a component would lose."""
    known, wrong = components(), []
    plain = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", "", source, flags=re.DOTALL)
    for name, given in re.findall(r"<c-([\w.-]+)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>", plain):
        component = name.replace("_", "-")
        if component in ("vars", "slot"):
            continue
        if component not in known:
            wrong.append(f"c-{component}")
        elif (takes := known[component]) is not None:
            asked = set(re.findall(r"[\w-]+", re.sub(r"\"[^\"]*\"|'[^']*'", "", given)))
            wrong += [f"c-{component} {word}" for word in sorted(asked - takes)]
    return wrong


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_component_is_given_what_it_takes(path: Path) -> None:
    assert misused(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        ('<c-alert kind="error" title="a > b">', []),
        ('<c-card data-x="1" flush>', []),
        ("<c-fact :label='x' size=\"y\" />", ["c-fact size"]),
        ("<c-page_head sub={{ x }} /><c-no-such />", ["c-no-such"]),
        ("<c-empty\n  icon='x'\n  big\n>", ["c-empty big"]),
    ],
)
def test_the_check_of_components_sees(source: str, wrong: list[str]) -> None:
    assert misused(source) == wrong


def test_icons_exist() -> None:
    sprite = (PACKAGE / "web/static/web/img/icons.svg").read_text(encoding="utf-8")
    known = set(re.findall(r'symbol id="(\w+)"', sprite))
    used = {look.icon for look in states.LOOKS.values()}
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        used |= set(re.findall(r'<c-icon name="(\w+)"', text)) | set(re.findall(r'\bicon="(\w+)"', text))
    assert used - known == set()


def test_every_component_is_documented() -> None:
    made = {path.stem.replace("_", "-") for path in (PACKAGE / "web/templates/cotton").glob("*.html")}
    text = (Path(__file__).parents[2] / "docs/components.md").read_text(encoding="utf-8")
    assert made - set(re.findall(r"`c-([a-z-]+)`", text)) == set()


def test_styles_name_colours_only_once() -> None:
    for path in sorted((PACKAGE / "web/static/web/css").glob("*.css")):
        if path.stem not in ("tokens", "print"):
            assert re.findall(r"#[0-9a-f]{3,8}\b|rgba?\(", path.read_text(encoding="utf-8")) == [], path.name

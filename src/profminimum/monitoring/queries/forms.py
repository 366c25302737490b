"""Which forms does a region have, what does one ask, and what of it is collected elsewhere already?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, Q
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from profminimum.journal.models import Entry
from profminimum.monitoring import pack
from profminimum.monitoring.models import Campaign, Form, FormVersion
from profminimum.monitoring.schema.loading import load
from profminimum.monitoring.schema.model import Kind, Severity, Summary
from profminimum.plan.pack import PackError
from profminimum.registers.queries import kinds
from profminimum.web import wording
from profminimum.web.folding import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from profminimum.monitoring.schema.model import Definition, Item, Words
    from profminimum.orgs.models import User

State: Final = FormVersion.State
HEAVY: Final = ("definition", "faults")  # not read where versions are only listed
UNASKED: Final = {Kind.GROUP, Kind.NOTE, Kind.CALCULATED}


@dataclass(slots=True)
class Shelved:
    """A form with its versions, the newest first: the one in force, the draft, and those before."""

    form: Form
    versions: list[FormVersion]
    campaigns: int

    @property
    def current(self) -> FormVersion | None:
        return next((one for one in self.versions if one.state == State.PUBLISHED), None)

    @property
    def draft(self) -> FormVersion | None:
        return next((one for one in self.versions if one.state == State.DRAFT), None)

    @property
    def earlier(self) -> list[FormVersion]:
        return [one for one in self.versions if one not in (self.current, self.draft)]


def shelf(user: User) -> list[Shelved]:
    """The forms of the person's regions by title, as far as the person may see them: in three questions."""
    versions: dict[int, list[FormVersion]] = {}
    for version in FormVersion.objects.visible_to(user).defer(*HEAVY).order_by("-number"):
        versions.setdefault(version.form_id, []).append(version)
    counted = dict(
        Campaign.objects.visible_to(user)
        .order_by()
        .values_list("form")
        .annotate(count=Count("pk"))
        .values_list("form", "count")
    )
    forms = Form.objects.visible_to(user).filter(pk__in=versions)
    return [Shelved(form, versions[form.pk], counted.get(form.pk, 0)) for form in forms]


def missing(shelved: Iterable[Shelved], folder: Path) -> int:
    """How many forms of the pack the region does not have: told by the names of their files, none is read."""
    have = {one.form.name for one in shelved if one.current}
    try:
        return sum(path.stem not in have for path in pack.forms(folder))
    except (OSError, PackError):
        return 0


@dataclass(frozen=True, slots=True)
class Twin:
    """A question that another form of the region asks already, and by what that was told."""

    label: str
    why: str
    form: str  # title of the other form
    version: int  # of the other form
    other: str  # its question


def twins(version: FormVersion) -> list[Twin]:
    """The questions of this version that published forms of the region ask too, in their order. One query."""
    if version.definition is None:
        return []
    asked = list(_asked(load(version.definition)))
    others = (
        FormVersion.objects.filter(form__region=version.form.region_id, state=State.PUBLISHED)
        .exclude(form=version.form_id)
        .order_by("form__title", "form", "-number")
        .select_related("form")
    )
    twins_: list[Twin] = []
    seen: set[int] = set()
    for other in others:
        if other.form_id in seen or other.definition is None:
            continue
        seen.add(other.form_id)
        known = _keyed(_asked(load(other.definition)))
        for item in asked:
            for their in (known[key] for key in _keys(item) if key in known):
                if why := _same(item, their):
                    twins_.append(Twin(said(item.label), why, other.form.title, other.pk, said(their.label)))
                    break
    order = {said(item.label): number for number, item in reversed(list(enumerate(asked)))}
    return sorted(twins_, key=lambda twin: order[twin.label])


def _asked(definition: Definition) -> Iterator[Item]:
    """The questions that somebody types: tables and repeats as a whole."""
    waiting = list(reversed(definition.items))
    while waiting:
        item = waiting.pop()
        if item.kind == Kind.GROUP:
            waiting.extend(reversed(item.items))
        elif item.kind not in UNASKED and not item.read_only:
            yield item


def _keys(item: Item) -> Iterator[tuple[str, ...]]:
    """By what an item may be recognised, the surest first."""
    if item.register:
        yield ("register", item.register)
    if item.source is not None and item.source.kind != "last":
        yield ("source", item.source.kind, item.source.field)
    yield ("label", item.kind, _label(item))
    yield ("name", item.kind, item.name)


def _keyed(items: Iterable[Item]) -> dict[tuple[str, ...], Item]:
    found: dict[tuple[str, ...], Item] = {}
    for item in items:
        for key in _keys(item):
            found.setdefault(key, item)
    return found


def _same(one: Item, other: Item) -> str:
    """Why the two ask the same, or nothing. What goes to different registers is different."""
    if one.register and other.register:
        return _("goes to the same register") if one.register == other.register else ""
    if one.source is not None and one.source.kind != "last" and one.source == other.source:
        return _("is taken from the same source")
    if one.kind != other.kind:
        return ""
    if _label(one) == _label(other):
        return _("is worded the same")
    return _("has the same name") if one.name == other.name else ""


def _label(item: Item) -> str:
    return folded(item.label["ru"]).rstrip(" .:,;")


def said(words: Mapping[str, str]) -> str:
    """The words in the reader's language, in Russian when there are none."""
    return words.get(get_language() or "ru") or words.get("ru", "")


@dataclass(slots=True)
class Shown:
    """An item as the preview lists it; `marks` are short words about it."""

    name: str
    kind: str
    label: str
    hint: str
    group: bool
    marks: list[str] = field(default_factory=list)
    checks: list[tuple[str, str]] = field(default_factory=list)  # (error | warning, message)
    choices: list[str] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)
    items: list[Shown] = field(default_factory=list)


def kind_names() -> dict[Kind, str]:
    return {
        Kind.INTEGER: pgettext("kind of question", "whole number"),
        Kind.DECIMAL: pgettext("kind of question", "number"),
        Kind.AMOUNT: pgettext("kind of question", "amount"),
        Kind.TEXT: pgettext("kind of question", "line of text"),
        Kind.LONG: pgettext("kind of question", "long text"),
        Kind.DATE: pgettext("kind of question", "date"),
        Kind.ONE: pgettext("kind of question", "one of"),
        Kind.MANY: pgettext("kind of question", "several of"),
        Kind.YESNO: pgettext("kind of question", "yes or no"),
        Kind.FILE: pgettext("kind of question", "file"),
        Kind.PERSON: pgettext("kind of question", "person"),
        Kind.NOTE: pgettext("kind of question", "note"),
        Kind.CALCULATED: pgettext("kind of question", "calculated"),
        Kind.GROUP: pgettext("kind of question", "section"),
        Kind.REPEAT: pgettext("kind of question", "list of entries"),
        Kind.TABLE: pgettext("kind of question", "table"),
    }


def preview(definition: Definition) -> list[Shown]:
    """The form as a list of sections and questions with what is asked of each answer."""
    names, registers = kind_names(), {name: kind.title for name, kind in kinds().items()}
    sections: list[Shown] = []
    for item in definition.items:
        if item.kind == Kind.GROUP:
            sections.append(_shown(item, names, registers))
        else:
            if not sections or sections[-1].name:
                sections.append(Shown("", "", said(definition.title), "", group=True))
            sections[-1].items.append(_shown(item, names, registers))
    return sections


def _shown(item: Item, names: Mapping[Kind, str], registers: Mapping[str, Words]) -> Shown:
    return Shown(
        name=item.name,
        kind=names[item.kind],
        label=said(item.label),
        hint=said(item.hint),
        group=item.kind == Kind.GROUP,
        marks=list(_marks(item, registers)),
        checks=[(check.severity.value, said(check.message)) for check in item.checks],
        choices=[said(choice.label) for choice in item.choices],
        rows=[said(row.label) for row in item.rows],
        items=[_shown(child, names, registers) for child in item.items],
    )


def _marks(item: Item, registers: Mapping[str, Words]) -> Iterator[str]:
    if item.required is True:
        yield _("obligatory")
    elif item.required:
        yield _("obligatory on a condition")
    if item.relevant is not None:
        yield _("shown on a condition")
    if item.unit:
        yield _("unit: %(unit)s") % {"unit": said(item.unit)}
    yield from _limits(item)
    if item.source is not None:
        yield _source(item.source.kind, item.source.field, registers)
    if item.register:
        title = said(registers.get(item.register.partition(".")[0], {}))
        yield _("goes to the register «%(title)s»") % {"title": title}
    if item.summary != Summary.NONE:
        yield _SUMMARIES()[item.summary]


def _limits(item: Item) -> Iterator[str]:
    if item.kind == Kind.REPEAT:
        yield _("from %(least)s to %(most)s entries") % {
            "least": wording.thin(item.at_least),
            "most": wording.thin(item.at_most),
        }
    if item.least is not None and item.most is not None:
        yield _("from %(least)s to %(most)s") % {"least": wording.thin(item.least), "most": wording.thin(item.most)}
    elif item.least is not None:
        yield _("at least %(least)s") % {"least": wording.thin(item.least)}
    elif item.most is not None:
        yield _("at most %(most)s") % {"most": wording.thin(item.most)}
    if item.longest:
        yield _("up to %(longest)s characters") % {"longest": wording.thin(item.longest)}


def _source(kind: str, name: str, registers: Mapping[str, Words]) -> str:
    if kind == "registry":
        return _("comes from the registry of organisations")
    if kind == "last":
        return _("comes from the last wave")
    title = said(registers.get(name.partition(".")[0], {}))
    return _("comes from the register «%(title)s»") % {"title": title}


def _SUMMARIES() -> dict[Summary, str]:  # noqa: N802 - a table, in the reader's language
    return {
        Summary.SUM: _("summary: sum"),
        Summary.MEAN: _("summary: mean"),
        Summary.MEDIAN: _("summary: median"),
        Summary.SHARE: _("summary: share"),
    }


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault as the page tells it."""

    place: str
    error: bool
    message: str


def faults(version: FormVersion) -> Sequence[Fault]:
    """What is wrong with the workbook, errors first."""
    found = [
        Fault(
            f"{one['sheet']}!{one['cell']}" if one.get("cell") else one["sheet"],
            one["severity"] == Severity.ERROR,
            said(one),
        )
        for one in version.faults
    ]
    return sorted(found, key=lambda fault: not fault.error)


def whole_checks(definition: Definition) -> list[tuple[str, str]]:
    """(error | warning, message) of the checks of the whole answer."""
    return [(check.severity.value, said(check.message)) for check in definition.checks]


def visible(user: User) -> Any:
    """The versions that the person may open, with form and people."""
    return FormVersion.objects.visible_to(user).select_related("form", "source", "uploaded_by", "published_by")


def in_use(version: FormVersion) -> int:
    """How many waves ask with this version."""
    return version.waves.exclude(Q(state="cancelled")).count()


def withdrawal(version: FormVersion) -> Entry | None:
    """Who has withdrawn the version when and why."""
    found = Entry.objects.filter(
        object_type="monitoring.formversion", object_id=version.pk, action="form.withdrawn"
    ).select_related("by")
    return found.order_by("-pk").first() if version.state == State.WITHDRAWN else None

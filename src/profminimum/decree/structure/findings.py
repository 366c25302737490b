"""Which places of a decree need a person's eye, why, and what is proposed?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from profminimum.decree.model import Act, Finding, Measure, Period, Place, PlanText, Severity
from profminimum.decree.structure import numbering, terming
from profminimum.decree.structure.names import BUILT_IN, Alias
from profminimum.decree.structure.period import school_years
from profminimum.decree.structure.wording import letters

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


_SHORT: Final = re.compile(r"[А-ЯЁA-Z](?=[А-Яа-яёЁA-Z\d-]*[А-ЯЁA-Z\d])[А-ЯЁA-Zа-яё\d-]+")  # «ИРО», «МОиН»


@dataclass(frozen=True, slots=True)
class Notes:
    """What reading noticed on its way and the plan itself does not keep.

    `assumed` is the period by which terms were read: the plan's own, or a guess when it names none.
    """

    numbering: tuple[tuple[str, str], ...] = ()
    aliases: tuple[tuple[str, Alias], ...] = ()
    stamps: tuple[tuple[str, Place], ...] = ()
    assumed: Period | None = None
    texts: tuple[str, ...] = ()
    approval_number: str = ""
    headless: bool = False


def check(act: Act, plan: PlanText, notes: Notes) -> tuple[Finding, ...]:
    """List the doubts: first those about the act and the plan as a whole, then measure by measure in their order."""
    measures = [measure for section in plan.sections for measure in section.measures]
    order = {measure.number: position for position, measure in reversed(list(enumerate(measures, start=1)))}
    whole = [*_act(act, notes), *_plan(act, plan, notes), *numbering.check(plan, notes.numbering)]
    single = [*_unknown(plan, measures), *_duplicates(measures)]
    for above, measure in zip([None, *measures], measures, strict=False):
        single.extend(_empty(measure, above))
        single.extend(terming.check(measure, act.date, plan.period))
        single.extend(_aliases(measure, notes))
        single.extend(_owners(measure))
    found = {(one.code, one.measure, one.message): one for one in (*whole, *single)}
    return tuple(sorted(found.values(), key=lambda finding: order.get(finding.measure, 0)))


def _act(act: Act, notes: Notes) -> Iterator[Finding]:
    if not act.kind and not act.number and not act.title:
        yield Finding(
            "no-act", "warning", "",
            "В файле нет самого распорядительного акта, только план. Укажите вид, дату и номер акта при "
            "утверждении плана.",
            "The file holds a plan without its act. Give the kind, date and number of the act when you adopt the "
            "plan.",
        )  # fmt: skip
    else:
        if not act.number:
            yield Finding(
                "no-number", "warning", "",
                "Не найден номер акта. Впишите его по подлиннику.",
                "The number of the act was not found. Enter it from the original.",
            )  # fmt: skip
        if act.date is None:
            yield Finding(
                "no-date", "warning", "",
                "Не найдена дата акта, поэтому сроки, наступившие до подписания, не проверены. Впишите дату по "
                "подлиннику.",
                "The date of the act was not found, so terms due before the signature are unchecked. Enter the date.",
            )  # fmt: skip
    yield from _stray(act, notes)


def _stray(act: Act, notes: Notes) -> Iterator[Finding]:
    if not act.number:
        return
    places: dict[str, list[Place]] = {}
    for number, place in notes.stamps:
        if letters(number) != letters(act.number):
            places.setdefault(number, []).append(place)
    for number, found in places.items():
        where, where_en = place_words(found[0])
        times = f", всего мест: {len(found)}" if len(found) > 1 else ""
        times_en = f", {len(found)} places in all" if len(found) > 1 else ""
        yield Finding(
            "stray-number", "warning", "",
            f"В тексте стоит номер {number} ({where}{times}), а номер акта — {act.number}. "
            "Проверьте, что файл относится к этому акту; номер в план не вошёл.",
            f"The text holds the number {number} ({where_en}{times_en}), while the act's is {act.number}. "
            "Check that the file belongs to this act; the number was left out of the plan.",
        )  # fmt: skip
    if notes.approval_number and letters(notes.approval_number) != letters(act.number):
        yield Finding(
            "stray-number", "warning", "",
            f"В отметке об утверждении плана указан номер {notes.approval_number}, а номер акта — {act.number}. "
            f"Сверьте с подлинником.",
            f"The mark of approval names number {notes.approval_number}, while the act's is {act.number}. "
            f"Compare with the original.",
        )  # fmt: skip


def _plan(act: Act, plan: PlanText, notes: Notes) -> Iterator[Finding]:
    if plan.period is None:
        guess = (
            {"start": notes.assumed.start.isoformat(), "end": notes.assumed.end.isoformat()}
            if notes.assumed
            else None
        )
        yield Finding(
            "no-period", "warning", "",
            "В названии плана не указан учебный год или период. Задайте его: от него зависят сроки без года.",
            "The plan's title names no school year or period. Set it: terms without a year depend on it.",
            guess,
        )  # fmt: skip
    if notes.headless:
        yield Finding(
            "no-header", "warning", "",
            "У таблицы плана нет заголовков столбцов, их назначение угадано по содержанию. Сверьте столбцы с "
            "подлинником.",
            "The plan's table has no header; its columns were guessed from their content. Compare them with the "
            "original.",
        )  # fmt: skip
    named = set(school_years(act.title))
    if plan.school_year and named and plan.school_year not in named:
        yield Finding(
            "school-year-mismatch", "warning", "",
            f"В заголовке акта назван {', '.join(sorted(named))} учебный год, в названии плана — "
            f"{plan.school_year}. Уточните период.",
            f"The act's heading names the school year {', '.join(sorted(named))}, the plan's title "
            f"{plan.school_year}. Settle the period.",
        )  # fmt: skip
    words = " ".join([*notes.texts, *(alias.meant for _, alias in notes.aliases)])
    for one in plan.glossary:
        if (
            sum(char.isupper() for char in one.abbr) > 1
            and len(re.findall(rf"(?<!\w){re.escape(one.abbr)}(?!\w)", words)) == 1
        ):
            yield Finding(
                "glossary-unused", "info", "",
                f"Сокращение «{one.abbr}» введено, но в тексте больше не встречается.",
                f"The abbreviation “{one.abbr}” is defined and never used.",
            )  # fmt: skip


def _empty(measure: Measure, above: Measure | None) -> Iterator[Finding]:
    """Report empty cells; the cell of the row above is proposed, since a cell merged over rows looks the same."""
    inherited = _inherited(measure, above)
    what: tuple[tuple[str, Severity, bool, str, str, str, str], ...] = (
        ("no-executor", "error", bool(measure.executors), "не указан ответственный исполнитель",
         "Назначьте исполнителя.", "has no executor", "Name one."),
        ("no-result", "warning", bool(measure.results), "не указан ожидаемый результат",
         "Определите, каким документом подтверждается исполнение.",
         "has no expected result", "Decide which document proves it."),
        ("no-term", "error", bool(measure.term.text), "не указан срок", "Назначьте срок.", "has no term", "Set one."),
    )  # fmt: skip
    for code, severity, there, words, advice, words_en, advice_en in what:
        if not there:
            yield Finding(
                code, severity, measure.number,
                f"В пункте {measure.number} («{short(measure.title)}») {words}. {advice}",
                f"Measure {measure.number} (“{short(measure.title)}”) {words_en}. {advice_en}",
                inherited.get(code),
            )  # fmt: skip


def _inherited(measure: Measure, above: Measure | None) -> dict[str, dict[str, str]]:
    if above is None or above.source.table != measure.source.table:
        return {}
    found: dict[str, dict[str, str]] = {}
    if above.term.text:
        found["no-term"] = {"term": above.term.text}
    if above.executors:
        found["no-executor"] = {"executors": ", ".join(executor.name for executor in above.executors)}
    return found


def _aliases(measure: Measure, notes: Notes) -> Iterator[Finding]:
    for number, alias in notes.aliases:
        if number == measure.number:
            yield Finding(
                "alias-mismatch", "warning", number,
                f"В пункте {number} написано «{alias.written}», а в тексте определено «{alias.meant}». "
                f"Подтвердите, что это одна организация.",
                f"Measure {number} writes “{alias.written}”, while the text defines “{alias.meant}”. Confirm "
                f"that they are one body.",
                {"written": alias.written, "name": alias.meant},
            )  # fmt: skip


def _owners(measure: Measure) -> Iterator[Finding]:
    names = {executor.name for executor in measure.executors}
    if not names:
        return
    for owner in dict.fromkeys(result.owner for result in measure.results):
        if owner and owner not in names:
            yield Finding(
                "result-owner-not-executor", "warning", measure.number,
                f"В пункте {measure.number} результат ждут от «{owner}», но среди исполнителей "
                f"({', '.join(sorted(names))}) её нет. "
                "Добавьте исполнителя или исправьте результат.",
                f"In measure {measure.number} a result is expected of “{owner}”, who is not among the executors "
                f"({', '.join(sorted(names))}). Add the executor or mend the result.",
                {"executor": owner},
            )  # fmt: skip


def _unknown(plan: PlanText, measures: Sequence[Measure]) -> Iterator[Finding]:
    """Name abbreviations that the text does not explain, each once, at the first measure that uses it."""
    known = {one.abbr for one in plan.glossary} | set(BUILT_IN)
    users: dict[str, list[str]] = {}
    for measure in measures:
        for executor in measure.executors:
            if executor.name not in known and all(_SHORT.fullmatch(word) for word in executor.name.split()):
                users.setdefault(executor.name, []).append(measure.number)
    for name, numbers in users.items():
        listed = ", ".join(dict.fromkeys(numbers))
        yield Finding(
            "unknown-executor", "warning", numbers[0],
            f"Исполнитель «{name}» в тексте не расшифрован (пункты: {listed}). Укажите, какая это организация.",
            f"The executor “{name}” is not explained in the text (measures: {listed}). Say which body it is.",
        )  # fmt: skip


def _duplicates(measures: Sequence[Measure]) -> Iterator[Finding]:
    first: dict[str, Measure] = {}
    for measure in measures:
        key = letters(" ".join([measure.title, *measure.items]))
        if not key:
            continue
        before = first.setdefault(key, measure)
        if before is measure:
            continue
        same = letters(before.term.text) == letters(measure.term.text)
        yield Finding(
            "duplicate-measure", "warning" if same else "info", measure.number,
            f"Пункт {measure.number} повторяет пункт {before.number}: «{short(measure.title)}»"
            + (". Оставьте один из них." if same else ", но с другим сроком. Проверьте, что это разные мероприятия."),
            f"Measure {measure.number} repeats measure {before.number}: “{short(measure.title)}”"
            + (". Keep one of them." if same else ", with another term. Check that they are different."),
        )  # fmt: skip


def short(title: str, limit: int = 60) -> str:
    return title if len(title) <= limit else title[:limit].rsplit(" ", 1)[0] + "…"


def place_words(place: Place) -> tuple[str, str]:
    """Say where something stands, in Russian and in English."""
    parts = (
        ("лист", "sheet", place.sheet), ("страница", "page", place.page), ("строка", "line", place.line),
        ("таблица", "table", place.table), ("строка таблицы", "row", place.row),
    )  # fmt: skip
    given = [(word, word_en, value) for word, word_en, value in parts if value is not None]
    if not given:
        return "на полях страниц", "in the margins of pages"
    return ", ".join(f"{word} {value}" for word, _, value in given), ", ".join(
        f"{word} {value}" for _, word, value in given
    )

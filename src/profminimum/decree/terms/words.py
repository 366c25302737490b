"""Which part does a Russian word play in the wording of a deadline?

A closed vocabulary: every form that the grammar knows, with its tag, its lemma and its number.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple


class Sense(NamedTuple):
    """`tag` is the class for the grammar, `lemma` the word, `value` its number where it has one."""

    tag: str
    lemma: str
    value: int = 0


UNKNOWN = "?"
_WORDS: dict[str, Sense] = {}


def _add(tag: str, lemma: str, forms: str, value: int = 0) -> None:
    for form in forms.split():
        _WORDS.setdefault(form, Sense(tag, lemma, value))


_MONTHS = (
    "январ",
    "феврал",
    "март",
    "апрел",
    "май",
    "июн",
    "июл",
    "август",
    "сентябр",
    "октябр",
    "ноябр",
    "декабр",
)


def _months() -> None:
    soft = ("ь", "я", "ю", "е", "ем", "и", "ей", "ям", "ях")
    hard = ("", "а", "у", "е", "ом", "ы", "ов")
    short = ("янв", "фев февр", "мар", "апр", "", "", "", "авг", "сен сент", "окт", "ноя нояб", "дек декаб")
    for number, stem in enumerate(_MONTHS, 1):
        if stem == "май":
            forms = "май мая маю мае маем"
        else:
            forms = " ".join(stem + end for end in (hard if stem in {"март", "август"} else soft))
        extra = stem if stem in {"июн", "июл"} else ""
        _add("month", stem, f"{forms} {short[number - 1]} {extra}", number)


_CARDINALS = {
    1: "один одна одно одного одной одному одну одним одном",
    2: "два две двух двум двумя",
    3: "три трех трем тремя",
    4: "четыре четырех четырем",
    5: "пять пяти",
    6: "шесть шести",
    7: "семь семи",
    8: "восемь восьми",
    9: "девять девяти",
    10: "десять десяти",
    11: "одиннадцать одиннадцати",
    12: "двенадцать двенадцати",
    13: "тринадцать тринадцати",
    14: "четырнадцать четырнадцати",
    15: "пятнадцать пятнадцати",
    16: "шестнадцать шестнадцати",
    17: "семнадцать семнадцати",
    18: "восемнадцать восемнадцати",
    19: "девятнадцать девятнадцати",
    20: "двадцать двадцати",
    30: "тридцать тридцати",
    40: "сорок сорока",
    45: "сорокапяти",
    50: "пятьдесят пятидесяти",
    60: "шестьдесят шестидесяти",
    90: "девяносто девяноста",
    100: "сто ста",
}

_ORDINALS = {
    1: "перв",
    2: "втор",
    4: "четверт",
    5: "пят",
    6: "шест",
    7: "седьм",
    8: "восьм",
    9: "девят",
    10: "десят",
    11: "одиннадцат",
    12: "двенадцат",
    13: "тринадцат",
    14: "четырнадцат",
    15: "пятнадцат",
    16: "шестнадцат",
    17: "семнадцат",
    18: "восемнадцат",
    19: "девятнадцат",
    20: "двадцат",
    30: "тридцат",
}

_ADJECTIVE = (
    "ый", "ой", "ий", "ая", "яя", "ое", "ее", "ого", "его", "ому", "ему", "ую",
    "юю", "ым", "им", "ом", "ем", "ей", "ые", "ие", "ых", "их", "ыми", "ими",
)  # fmt: skip


def _numbers() -> None:
    for value, forms in _CARDINALS.items():
        _add("number", "number", forms, value)
    for value, stem in _ORDINALS.items():
        _add("ordinal", "ordinal", " ".join(stem + end for end in _ADJECTIVE), value)
    _add("ordinal", "ordinal", "третий третья третье третьего третьей третьему третью третьим третьем третьи", 3)
    last = " ".join("последн" + end for end in _ADJECTIVE)
    _add("ordinal", "последний", last, -1)
    _add("ordinal", "последний", " ".join("заключительн" + end for end in _ADJECTIVE), -1)
    for value, form in ((1, "однажды единожды"), (2, "дважды"), (3, "трижды"), (4, "четырежды")):
        _add("times", "раз", form, value)


_DURATIONS = {
    "дневн": ("day", 1),
    "суточн": ("day", 1),
    "недельн": ("week", 1),
    "месячн": ("month", 1),
    "часов": ("hour", 1),
    "годичн": ("year", 1),
    "летн": ("year", 1),
}
_PREFIXES = {
    "одно": 1,
    "двух": 2,
    "трех": 3,
    "четырех": 4,
    "пяти": 5,
    "шести": 6,
    "семи": 7,
    "восьми": 8,
    "девяти": 9,
    "десяти": 10,
    "двенадцати": 12,
    "четырнадцати": 14,
    "пятнадцати": 15,
    "двадцати": 20,
    "тридцати": 30,
    "шестидесяти": 60,
}


def _durations() -> None:
    for stem, (unit, value) in _DURATIONS.items():
        for end in _ADJECTIVE:
            if stem != "летн":  # «летний» alone is the summer
                _add("term", unit, stem + end, value)
            for prefix, count in _PREFIXES.items():
                _add("term", unit, prefix + stem + end, count)
    _add("term", "half-year", " ".join("полугодов" + end for end in _ADJECTIVE), 1)
    _add("term", "decade", " ".join("декадн" + end for end in _ADJECTIVE), 1)


_UNITS = {
    "minute": "минута минуты минут минуту мин",
    "hour": "час часа часов часы часам",
    "day": "день дня дней дни дню дням днях днем дн сутки суток",
    "week": "неделя недели недель неделю неделе неделям неделях неделей нед",
    "decade": "декада декады декаду декаде декад декадой декадам декадах",
    "month": "месяц месяца месяцев месяцы месяцу месяце месяцам месяцем мес",
    "quarter": "квартал квартала кварталы кварталов квартале кварталах кварталу кварталам кварталом кв кварт",
    "half-year": (
        "полугодие полугодия полугодии полугодий полугодиях полугодию полугодиям полугодием полгода полугода полуг"
    ),
    "year": "год года году годы годов годом годам годах лет г гг годе годд",
    "term": "четверть четверти четвертей четвертью четвертям четвертях",
    "trimester": "триместр триместра триместре триместры триместров триместрам",
    "semester": "семестр семестра семестре семестры семестров семестрам",
}
_WEEKDAYS = (
    "понедельник понедельника понедельнику понедельники понедельникам понедельником пн",
    "вторник вторника вторнику вторники вторникам вторником вт",
    "среда среды среду среде средам средой ср",
    "четверг четверга четвергу четверги четвергам четвергом чт",
    "пятница пятницы пятницу пятнице пятницам пятницей пт",
    "суббота субботы субботу субботе субботам субботой сб",
    "воскресенье воскресенья воскресенью воскресеньям вс",
)
_SEASONS = {
    3: "весна весны весну весной весне",
    6: "лето лета летом лету лете",
    9: "осень осени осенью",
    12: "зима зимы зиму зимой зиме",
}
_LITTLE = {
    "до": "до",
    "к": "к ко",
    "на": "на",
    "по": "по",
    "с": "с со",
    "от": "от",
    "в": "в во",
    "за": "за",
    "и": "и",
    "или": "или либо",
    "не": "не",
    "при": "при",
    "после": "после",
    "перед": "перед накануне",
    "через": "через спустя",
    "чем": "чем",
    "позднее": "позднее позже позднеее",
    "раньше": "ранее раньше",
    "реже": "реже",
    "менее": "менее меньше",
    "чаще": "чаще",
    "более": "более больше",
    "минимум": "минимум",
    "раз": "раз раза разов разу р",
    "срок": "срок срока сроку сроки сроков сроком сроками",
    "период": "период периода периоду периоде периоды",
    "течение": "течение течении теч течени теченее",
    "протяжение": "протяжении протяжение",
    "весь": "весь всего всей все всем",
    "число": "число числа чисел числу числам",
    "далее": "далее затем впоследствии потом последующие последующем последующий дальнейшем",
    "начиная": "начиная",
    "начало": "начало начала началу начале началом",
    "конец": "конец конца концу конце концом кон",
    "окончание": "окончание окончания окончанию окончании завершение завершения завершению завершении",
    "середина": "середина середины середине середину",
    "половина": "половина половины половине половину пол",
    "включительно": "включительно вкл включ включая",
    "сего": "сего этого",
    "т": "т",
    "момент": "момента момент моменту",
    "дата": "дата даты дату дате",
    "состояние": "состоянию",
    "мера": "мере",
    "случай": "случае случаях",
    "основа": "основе",
    "режим": "режиме",
    "порядок": "порядке",
    "согласно": "согласно соответственно согл",
    "соответствие": "соответствии соотв",
    "итог": "итогам итогу итогами",
}
_STEMS = {
    "рабочий": "рабоч раб",
    "календарный": "календарн",
    "учебный": "учебн",
    "текущий": "текущ нынешн",
    "следующий": "следующ будущ",
    "прошлый": "прошл минувш предыдущ",
    "отчетный": "отчетн",
    "каждый": "кажд",
    "новый": "нов",
    "летний": "летн",
    "осенний": "осенн",
    "зимний": "зимн",
    "весенний": "весенн",
}
_EVERY = {
    "ежегод": "year",
    "ежекв": "quarter",
    "поквартальн": "quarter",
    "ежемес": "month",
    "помесячн": "month",
    "еженед": "week",
    "понедельно": "week",
    "ежедекадн": "decade",
    "подекадно": "decade",
    "ежедн": "day",
    "повседневн": "day",
    "ежесуточн": "day",
    "ежечасн": "hour",
    "ежеполугод": "half-year",
    "полугодично": "half-year",
}


def _build() -> None:
    _months()
    _numbers()
    _durations()
    for lemma, forms in _UNITS.items():
        _add("unit", lemma, forms)
    for number, forms in enumerate(_WEEKDAYS):
        _add("weekday", "weekday", forms, number)
    for number, forms in _SEASONS.items():
        _add("season", "season", forms, number)
    for lemma, forms in _LITTLE.items():
        _add("word", lemma, forms)
    for lemma, stems in _STEMS.items():
        for stem in stems.split():
            _add("word", lemma, " ".join(stem + end for end in _ADJECTIVE))
    _add("word", "учебный", "уч учеб")
    _add("word", "рабочий", "раб")
    _add("word", "каждый", "каждые каждая")


_build()


@lru_cache(maxsize=8192)
def sense(word: str) -> Sense:
    """The part of a lower-case word; an unknown word has the tag `UNKNOWN` and is its own lemma."""
    found = _WORDS.get(word)
    if found is not None:
        return found
    if word.startswith(("еже", "по")):
        for stem, unit in _EVERY.items():
            if word.startswith(stem):
                return Sense("every", unit)
    return Sense(UNKNOWN, word)


_MISSPELT_FROM = 6  # letters; in shorter words a slip of the pen gives another word


def _without_a_letter(word: str) -> set[str]:
    return {word[:place] + word[place + 1 :] for place in range(len(word))} | {word}


def _near_forms() -> dict[str, Sense]:
    """Long forms with one letter left out, each once: to find words with one wrong, missing or doubled letter."""
    forms = {
        form: found
        for form, found in _WORDS.items()
        if found.tag in {"month", "weekday"} or found.lemma in {"quarter", "half-year"}
    }
    every = {"year": "ежегодно", "month": "ежемесячно", "quarter": "ежеквартально", "week": "еженедельно"}
    forms |= {form: Sense("every", unit) for unit, form in every.items()}
    long = {form: found for form, found in forms.items() if len(form) >= _MISSPELT_FROM}
    return {part: found for form, found in long.items() for part in _without_a_letter(form)}


_NEAR = _near_forms()


@lru_cache(maxsize=8192)
def misspelt(word: str) -> Sense | None:
    """The month, weekday or frequency that an unknown word is one slip away from: «сентябь», «ежигодно»."""
    if len(word) < _MISSPELT_FROM:
        return None
    return next((_NEAR[part] for part in sorted(_without_a_letter(word)) if part in _NEAR), None)


def known(word: str) -> bool:
    """Whether the vocabulary holds the word."""
    return sense(word).tag != UNKNOWN

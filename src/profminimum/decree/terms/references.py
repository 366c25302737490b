"""What stands instead of a day: an event, a lapse of time, a schedule, «постоянно»?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import numbers
from .meaning import Lapse, Link, Reference
from .words import UNKNOWN

if TYPE_CHECKING:
    from .cursor import Cursor
    from .lexer import Token

EVENT = Reference("event")
SCHEDULE = Reference("schedule")
CONTINUOUS = Reference("continuous")

_SIGNING = ("подписан", "утвержден", "издан", "принят")
_ACTS = ("распоряж", "приказ", "постановл", "план", "дорожн")
_AT_ONCE = (
    "немедлен",
    "незамедлит",
    "срочн",
    "оперативн",
    "безотлагат",
    "сразу",
    "тотчас",
    "своевремен",
    "кратчайш",
    "коротк",
)
_BY_EVENT = (
    "итог", "результат", "окончан", "заверш", "факт", "запрос", "требован", "необходим", "обращен", "заяв",
    "поступл", "готовн", "приглаш", "вызов", "истечен", "получен", "выполн", "прибыт", "потребн", "возможн",
    "инициатив", "надобн", "наступл", "поручен", "мере", "прошеств", "случа", "достиж", "выявлен", "приезд",
    "исполнен", "проведен", "предлож",
)  # fmt: skip
_PLANS = (
    "план", "график", "расписан", "приложен", "программ", "календар", "циклограмм", "положен", "приказ", "распоряж",
    "регламент", "порядк", "договор", "указани", "законодат", "дорожн", "соглас", "усмотрен", "срок", "локальн",
    "нормативн", "отдельн", "индивидуальн", "особ", "дополнительн", "медиаплан", "контракт", "схем", "решен",
)  # fmt: skip
_SET = (
    "установл", "указан", "утвержд", "определ", "согласован", "предусмотр", "планов", "соответствующ", "назначен",
    "заявлен", "намечен", "устанавлив", "регламентир", "обозначен",
)  # fmt: skip
_OPEN = (
    "уточня", "уточнит", "определя", "устанавлива", "сообщ", "объяв", "дополнит", "согласов", "подлеж", "назначает",
    "корректир", "формир", "довод",
)  # fmt: skip
_ALWAYS = (
    "постоян",
    "непрерывн",
    "систематич",
    "регулярн",
    "круглогодич",
    "бессрочн",
    "круглосуточн",
    "периодич",
    "неограничен",
)
_ON_EVENT = (
    "ход", "процесс", "рамк", "преддвер", "период", "врем", "момент",
    "совещан", "педсовет", "собран", "заседан", "урок", "семинар", "линейк", "классн", "родительск", "педагогическ",
)  # fmt: skip
_FIGURES = frozenset({"roman", "digits", "ordinal"})
_NO_HOLIDAY = frozenset({"по", "до", "после", "перед", "с", "при", "итог", "окончание", "каждый", "за", "к", "конец"})
_TAIL_HEADS = frozenset({"до", "с", "после", "от", "за", "при", "следующий", "через", "на", "по", "дата", "момент"})


def skip_tail(c: Cursor) -> None:
    """Pass over the words that belong to an event or a schedule, up to a stop or a new term."""
    while not c.done:
        token = c.peek()
        if token.text == "-" and c.peek(-1).tag == c.peek(1).tag == "digits":  # «четверть 2023-2024 уч. года»
            c.take()
            continue
        if (
            token.tag in {"every", "times"}
            or token.text in {",", ";", "(", ")", "-"}
            or token.lemma in {"далее", "или"}
        ):
            return
        nearby = c.peek(1).lemma
        if (token.lemma, nearby) in {("в", "течение"), ("не", "реже"), ("не", "менее"), ("не", "позднее")}:
            return
        if token.lemma in {"до", "с", "по"} and c.peek(1).tag in {"digits", "month"}:
            return
        if token.tag == "number" and nearby == "раз":
            return
        if token.tag == "digits" and nearby == "раз":
            return
        c.take()


def _signing(c: Cursor) -> bool | None:
    """Whether what is signed or approved is the decree itself; nothing when no signing is named."""
    if not c.stem(*_SIGNING):
        return None
    following = c.peek()
    own = c.stem("настоящ", "данн") is not None or c.word("сего")
    if c.stem(*_ACTS):
        skip_tail(c)
        return True
    skip_tail(c)
    return own or following.tag in {"end", "sign"} or following.lemma in {"до", "по", "в", "и", "не"}


def _since(c: Cursor) -> bool:
    """«со дня», «с момента», «с даты», «после»."""
    c.stem("считая", "начиная")
    if not c.word("с", "от"):
        return c.word("после")
    if not c.unit("day"):
        c.word("дата", "момент")
    return True


def _anchor(c: Cursor, lapse: tuple[int, str, bool]) -> Lapse:
    at = c.at
    following = c.peek()
    if following.text == "," and c.peek(1).lemma == "следующий":  # «…, следующих за днем подписания»
        c.at += 2
        own = c.word("за") and (c.unit("day") or c.word("дата", "момент")) and _signing(c)
        skip_tail(c)
        return Lapse(*lapse, anchor="decree" if own else "other")
    if _since(c):
        if _signing(c):
            return Lapse(*lapse, anchor="decree")
    else:
        c.at = at
    if following.tag == "?" or following.lemma in _TAIL_HEADS:
        stop = c.at
        skip_tail(c)
        if following.lemma != "по" or c.at > stop:
            return Lapse(*lapse, anchor="other")
    return Lapse(*lapse)


def _amount(c: Cursor) -> tuple[int, str, bool] | None:
    """«10 дней», «5 рабочих дней», «двух недель», «недели», «полугода»: number, unit, whether working days."""
    count = numbers.cardinal(c)
    at = c.at
    if count is not None and c.sign("-"):  # «1-2 дня»: the longer
        count = numbers.cardinal(c) or count
    c.at = c.at if c.at > at + 1 else at
    working = c.word("рабочий")
    c.word("календарный", "учебный")
    unit = c.unit("minute", "hour", "day", "week", "month", "year", "decade")
    if unit is None:
        half = c.peek().text
        if count is None and half in {"полугода", "полгода"}:
            c.take()
            return 6, "month", False
        return None
    if count is None and unit.lemma in {"minute", "day", "hour", "year"} and unit.text not in {"суток", "сутки"}:
        return (1, "year", False) if unit.text == "года" and c.peek().lemma in {"с", "после"} else None
    return count or 1, unit.lemma, working


def _term(c: Cursor) -> tuple[int, str, bool] | None:
    """«в 10-дневный срок», «в трёхмесячный срок», «в недельный срок»."""
    count = numbers.cardinal(c)
    c.sign("-")
    working = c.word("рабочий")
    token = c.tag("term")
    if token is None or not c.word("срок", "период"):
        return None
    units = {"half-year": (6, "month"), "decade": (10, "day")}
    size, unit = units.get(token.lemma, (token.value, token.lemma))
    return (count or 1) * size, unit, working


def lapse(c: Cursor) -> Lapse | None:
    """A term counted in days, weeks, months: from the signing, from an unnamed day or from something else."""
    if c.any_of("в срок", "срок"):
        c.sign("-", ":", ",")
        if c.word("не") and not c.stem("превыша"):
            c.at -= 1
    within = c.words("в", "течение") or c.words("на", "протяжение")
    late = not within and c.words("не", "позднее")
    if late:
        c.sign(",")
        c.word("чем")
    led = c.word("до", "через", "в") or within or late
    bare = not led and c.peek().tag == "unit"  # «месяца» alone is no term
    found = None if bare else c.attempt(_term) or c.attempt(_amount) or (c.attempt(_long) if within else None)
    if found is None or (found[1] == "hour" and not led):  # «34 часа» is a length of lessons
        return None
    return _anchor(c, found)


def _long(c: Cursor) -> tuple[int, str, bool] | None:
    """«квартала», «полугодия» after «в течение»."""
    unit = c.unit("quarter", "half-year")
    return None if unit is None else (3 if unit.lemma == "quarter" else 6, "month", False)


def before(c: Cursor) -> Reference | None:
    """«за 10 дней до …», «не позднее чем за месяц до …», «за 24 часа»."""
    if c.words("не", "раньше"):
        c.word("чем")
        c.word("через", "за")
        if c.attempt(_amount) is None:
            return None
        skip_tail(c)
        return EVENT
    if c.words("не", "позднее") or c.words("не", "менее"):
        c.sign(",")
        c.word("чем")
    if not c.word("за"):
        return None
    if c.attempt(_amount) is None and not c.unit("day", "hour", "year"):
        return None
    if c.word("до") or c.stem("перед") or c.done or c.peek().tag == "sign":
        skip_tail(c)
        return EVENT
    return EVENT


def since_decree(c: Cursor) -> Reference | None:
    """«с момента утверждения», «со дня подписания», «в день подписания»."""
    if c.word("с"):
        if not c.unit("day") and not c.word("дата", "момент"):
            return None
        signed = _signing(c)
        if signed is None:
            skip_tail(c)
        return Reference("decree") if signed else EVENT
    if c.word("в") and c.unit("day"):
        signed = _signing(c)
        skip_tail(c)
        return Reference("decree-day") if signed else EVENT
    return None


def _prepositional(c: Cursor) -> bool:
    """«после …», «перед …», «при …», «в случае …», «по мере …», «до начала …», «в ходе …»."""
    if c.word("после", "перед", "при"):
        return not c.done
    if c.word("по"):
        return c.stem(*_BY_EVENT) is not None
    following = c.peek(1)
    if c.word("до"):
        if c.peek(1).text.startswith("каникул"):
            return True
        return c.word("начало", "окончание", "конец", "момент", "дата") or (
            following.tag == UNKNOWN and len(following.text) > 3
        )
    if c.word("к"):
        return c.word("начало", "новый") or following.text.endswith(("нию", "тию")) or following.text == "дню"
    return c.word("в", "на") and _in_event(c)


def _in_event(c: Cursor) -> bool:
    """«в случае …», «в день …», «в ходе …», «в период подготовки»."""
    c.word("следующий", "каждый")
    if c.stem("тот", "эт"):
        c.stem("же")
    return c.word("случай") or c.unit("day") is not None or (c.stem(*_ON_EVENT) is not None and not c.done)


def _next_day(c: Cursor) -> Reference | None:
    """«на следующий рабочий день», «не позднее дня, следующего за днём …»."""
    if not c.any_of("не позднее", "на", "в"):
        return None
    following = c.word("следующий")
    c.word("рабочий")
    day = c.unit("day")
    if day is None or day.text not in {"день", "дня"} or (not following and c.peek().text != "," and c.done):
        return None
    c.sign(",")
    skip_tail(c)
    return EVENT


def event(c: Cursor) -> Reference | None:
    """After, before or on something; on need, on request; at once."""
    following = c.attempt(_next_day)
    if following:
        return following
    if c.stem("за") and c.stem("ране"):
        return EVENT
    at = c.at
    if c.words("в", "течение") or c.any_of("в конец", "конец", "в начало", "начало"):
        c.word("рабочий", "каждый", "учебный")
        numbers.ordinal(c)
        return EVENT if c.unit("day", "term") else None
    c.word("в")
    c.stem("возможно", "максимальн")
    if c.stem(*_AT_ONCE):
        c.word("срок")
        return EVENT
    c.at = at
    if _prepositional(c) or _feast(c):
        skip_tail(c)
        return EVENT
    return None


def _feast(c: Cursor) -> bool:
    """«новогодние праздники», «День знаний»: which day it is no plan says."""
    return c.stem("праздн", "новогодн") is not None or (c.peek().text == "день" and c.peek(1).tag == UNKNOWN)


def _holidays(c: Cursor) -> bool:
    """«каникулы», «в каникулярное время», «в период летних каникул»."""
    for ahead in range(9):
        token = c.peek(ahead)
        if token.text.startswith("каникул") or (
            token.tag == "unit" and token.lemma in {"term", "trimester", "semester"}
        ):
            c.at += ahead + 1
            return True
        if token.tag == "sign" and ahead and token.text in {",", "-"} and _of_a_row(c.peek(ahead - 1)):
            continue
        if token.tag not in {"word", "?", "unit", *_FIGURES} or token.lemma in _NO_HOLIDAY:
            return False
        if token.tag == "?" and not token.text.startswith(("школьн", "врем")):
            return False
    return False


def _of_a_row(token: Token) -> bool:
    """«I, II четверть», «осенние, зимние каникулы»."""
    return token.tag in _FIGURES or token.lemma in {"осенний", "зимний", "весенний", "летний"}


def _set_elsewhere(c: Cursor) -> bool:
    """«в установленные сроки», «в сроки, установленные …», «сроки уточняются», «будет сообщено»."""
    c.word("в")
    if c.word("срок", "дата", "период"):
        c.sign(",")
        c.stem("будет", "будут")
        return c.stem(*_SET, *_OPEN) is not None
    c.stem("будет", "будут")
    if c.stem(*_OPEN):
        return True
    if not c.stem(*_SET):
        return False
    if c.peek().tag == UNKNOWN and c.peek(1).lemma == "срок":  # «установленные графиком сроки»
        c.take()
    return c.word("срок", "порядок", "период") or c.stem("время") is not None


def _by_stages(c: Cursor) -> bool:
    """«поэтапно», «в 3 этапа»."""
    return c.stem("поэтапн") is not None or (
        c.word("в") and numbers.cardinal(c) is not None and c.stem("этап") is not None
    )


def _by_plan(c: Cursor) -> bool:
    """«по отдельному плану», «согласно графику», «в соответствии с …»."""
    if c.word("согласно") or c.words("в", "соответствие"):
        return not c.done
    if c.stem("план", "график", "расписан"):
        c.sign("-")
        c.stem("график")
        return c.done or c.peek().tag == "sign"
    if not c.word("по"):
        return False
    for ahead in range(4):
        token = c.peek(ahead)
        if token.text.startswith(_PLANS):
            c.at += ahead + 1
            return True
        if token.tag not in {"?", "word", "sign"} or token.text in {",", ";", "(", ")"}:
            return False
    return False


def schedule(c: Cursor) -> Reference | None:
    """By a schedule, another plan or an act; to be set, agreed or told."""
    for rule in (_set_elsewhere, _by_stages, _by_plan):
        at = c.at
        if rule(c):
            skip_tail(c)
            return SCHEDULE
        c.at = at
    return None


def holidays(c: Cursor) -> Reference | None:
    """The holidays and terms of a school, whose days its own calendar sets."""
    if not _holidays(c):
        return None
    skip_tail(c)
    return SCHEDULE


def continuous(c: Cursor) -> Reference | None:
    """«постоянно», «на постоянной основе», «в постоянном режиме», «круглый год»."""
    c.word("на", "в")
    if c.stem(*_ALWAYS) or (
        c.stem("системн", "текущ", "рабоч", "штатн") and c.peek().lemma in {"основа", "режим", "порядок"}
    ):
        c.word("основа", "режим", "порядок")
        return CONTINUOUS
    return CONTINUOUS if c.stem("кругл") and c.unit("year") else None


def link(c: Cursor) -> Link | None:
    """«далее», «затем»; «ориентировочно», «примерно»."""
    if c.stem("ориентир", "орентир", "предположит", "примерн", "приблизит", "предварит", "около"):
        return Link("about")
    c.word("и", "в")
    return Link("then") if c.word("далее") else None

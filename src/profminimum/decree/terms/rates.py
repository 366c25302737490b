"""How often: «ежемесячно», «2 раза в год», «не реже раза в квартал», «каждый четверг», «до 5 числа месяца»?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from . import numbers
from .dates import part_unit, slice_of_month
from .meaning import Rate

if TYPE_CHECKING:
    from .cursor import Cursor

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WORKDAYS = "BYDAY=MO,TU,WE,TH,FR"
_DECADES = "BYMONTHDAY=10,20,-1"
_MONTHS = {"month": 1, "quarter": 3, "term": 3, "trimester": 4, "half-year": 6, "semester": 6, "year": 12}
_IN_WEEK = {2: "MO,TH", 3: "MO,WE,FR", 4: "MO,TU,TH,FR", 5: "MO,TU,WE,TH,FR", 6: "MO,TU,WE,TH,FR,SA"}


def rule(count: int, periods: int, unit: str) -> Rate | None:
    """So many times in so many units; nothing when it cannot be said as a rule."""
    if count < 1 or periods < 1:
        return None
    if unit in _MONTHS:
        return _by_months(count, periods * _MONTHS[unit])
    if unit == "week":
        if count == 1:
            return Rate("WEEKLY", periods)
        days = _IN_WEEK.get(count) if periods == 1 else None
        return Rate("WEEKLY", 1, f"BYDAY={days}") if days else Rate("DAILY", max(1, 7 * periods // count))
    if unit == "decade":
        return Rate("MONTHLY", 1, _DECADES) if periods == count == 1 else Rate("DAILY", max(1, 10 * periods // count))
    return Rate({"day": "DAILY", "hour": "HOURLY", "minute": "MINUTELY"}[unit], max(1, periods // count))


def _by_months(count: int, months: int) -> Rate:
    step = months // count
    if step and step % 12 == 0:
        return Rate("YEARLY", step // 12)
    if step:
        return Rate("MONTHLY", step)
    if (count, months) == (3, 1):
        return Rate("MONTHLY", 1, _DECADES)
    return Rate("WEEKLY", max(1, months * 4 // count))


def _bound(c: Cursor) -> tuple[bool, bool]:
    """«не реже» (a minimum) or «не чаще» (a maximum); both false when there is none."""
    at = c.at
    minimum = maximum = False
    if c.word("не"):
        minimum = c.word("реже", "менее")
        maximum = not minimum and c.word("чаще", "более")
        if not minimum and not maximum:
            c.at = at
            return False, False
        c.sign(",")
        c.word("чем")
    elif c.word("минимум") or (c.stem("как") and c.word("минимум")):
        minimum = True
    else:
        c.at = at
    return minimum, maximum


def _per(c: Cursor) -> bool:
    """«в», «за», «на», «/», «в течение» before the unit."""
    if c.any_of("в течение", "на протяжение"):
        return True
    return c.word("в", "за", "на") or c.sign("/")


def _period(c: Cursor) -> tuple[int, str] | None:
    """«год», «2 месяца», «три года», «учебный год», «каждое полугодие»."""
    c.word("каждый", "весь", "текущий")
    count = numbers.cardinal(c) or 1
    if count > 1 and c.sign("-"):  # «в 3-5 лет»: the shorter
        numbers.cardinal(c)
    c.word("учебный", "календарный", "рабочий", "отчетный")
    unit = c.unit()
    return (count, unit.lemma) if unit else None


def _count(c: Cursor) -> int | None:
    """How many times: «2», «1-2» (the lesser), «два», «дважды»; one when only «раз» stands there."""
    times = c.tag("times")
    if times is not None:
        return times.value
    count = numbers.cardinal(c)
    if count is not None and c.sign("-") and numbers.cardinal(c) is None:
        return None
    if c.word("раз"):
        return 1 if count is None else count
    if count is not None and c.peek().tag == "?" and c.peek(1).lemma in {"в", "за"} and c.peek(2).tag == "unit":
        c.take()  # «2 занятия в неделю»
        return count
    return None


def _times(c: Cursor) -> Rate | None:
    """«1 раз в квартал», «дважды в год», «раз в 2 недели», «2 р/год»."""
    count = _count(c)
    if count is None or not _per(c):
        return None
    period = _period(c)
    return rule(count, *period) if period else None


def _bare_times(c: Cursor) -> Rate | None:
    """«в течение учебного года, 2 раза»."""
    _per(c)
    c.word("весь")
    c.word("учебный")
    if not c.unit("year"):
        return None
    c.sign(",", "-", "(")
    count = _count(c)
    c.sign(")")
    return rule(count, 1, "year") if count and not c.word("в") else None


def _every_word(c: Cursor) -> Rate | None:
    token = c.tag("every")
    if token is None:
        return None
    c.stem("режим")
    return rule(1, 1, token.lemma)


def _every(c: Cursor) -> Rate | None:
    """«каждый месяц», «каждые две недели», «каждый второй четверг», «каждые полгода»."""
    if not c.word("каждый"):
        return None
    named = c.attempt(_nth_weekday)
    if named:
        return named
    if c.peek().tag == "month" or c.peek(1).tag == "month":  # «каждое 1 сентября»
        return Rate("YEARLY")
    count = numbers.cardinal(c) or 1
    if c.words("рабочий") and c.unit("day"):
        return Rate("WEEKLY", 1, _WORKDAYS)
    c.word("учебный", "календарный", "отчетный")
    unit = c.unit()
    return rule(1, count, unit.lemma) if unit else None


def _every_other_day(c: Cursor) -> Rate | None:
    """«через день»."""
    if not c.word("через"):
        return None
    day = c.unit("day")
    return Rate("DAILY", 2) if day and day.text == "день" and c.peek().lemma != "после" else None


def _on_days(c: Cursor) -> Rate | None:
    """«в рабочие дни», «в будни», «в выходные дни»."""
    c.word("в")
    rest = c.stem("выходн") is not None
    working = not rest and c.word("рабочий")
    days = c.unit("day") if rest or working else c.stem("будни")
    if days is None or days.text not in {"дни", "будни"}:
        return None
    return Rate("WEEKLY", 1, "BYDAY=SA,SU" if rest else _WORKDAYS)


def _by_units(c: Cursor) -> Rate | None:
    """«по полугодиям», «по понедельникам», «по рабочим дням»."""
    if not c.word("по"):
        return _on_days(c)
    if c.word("рабочий") or c.stem("будн"):
        c.unit("day")
        return Rate("WEEKLY", 1, _WORKDAYS)
    if c.stem("выходн"):
        c.unit("day")
        return Rate("WEEKLY", 1, "BYDAY=SA,SU")
    token = c.peek()
    if token.tag == "unit" and token.text.endswith(("ам", "ям")) and token.lemma != "day":
        return rule(1, 1, c.take().lemma)
    return _weekdays(c)


def _weekdays(c: Cursor) -> Rate | None:
    """«понедельник», «по вторникам и четвергам», «понедельник – пятница»."""
    days: list[int] = []
    token = c.tag("weekday")
    while token is not None:
        days.append(token.value)
        at = c.at
        through = c.sign("-")
        if not through and not c.sign(","):
            c.word("и")
        c.word("по", "в")
        token = c.tag("weekday")
        if token is None:
            c.at = at
        elif through:
            days.extend(range(days[-1] + 1, token.value))
    if not days:
        return None
    names = ",".join(_DAYS[day] for day in sorted(set(days)))
    return Rate("WEEKLY", 1, f"BYDAY={names}")


def _weekday(c: Cursor) -> Rate | None:
    """A weekday alone: «понедельник», «в пятницу», «каждый четверг»."""
    c.any_of("до", "в", "к", "не позднее")
    every = c.word("каждый")
    found = _weekdays(c)
    if found and c.word("каждый"):
        c.unit("week", "month")
        return found
    return replace(found, bare=not every) if found else None


def _nth_weekday(c: Cursor) -> Rate | None:
    """«последняя пятница месяца», «вторая и четвертая среда каждого месяца», «последний рабочий день»."""
    c.any_of("до", "в", "к", "не позднее")
    c.word("каждый")
    groups = numbers.groups(c)
    if groups is None:
        return None
    wanted = [number for pair in groups for number in range(pair[0], pair[1] + 1)]
    weekday = c.tag("weekday")
    if weekday is None:
        by = _nth_day(c, ",".join(map(str, wanted)))
        if by and not _of_period(c, by):
            return None
    elif all(-1 <= number <= 5 for number in wanted):
        by = "BYDAY=" + ",".join(f"{number}{_DAYS[weekday.value]}" for number in wanted)
    else:
        by = None
    return _placed(c, by) if by else None


def _of_period(c: Cursor, by: str) -> bool:
    """Whether the day is that of a period: not «1 рабочего дня после …», «в первый день», «день четверти»."""
    following = c.peek()
    if following.lemma in {"после", "с", "до"} or (following.text == "," and c.peek(1).lemma == "следующий"):
        return False
    if by.startswith(_WORKDAYS):
        return True
    if by == "BYMONTHDAY=-1" and following.tag in {"end", "sign"}:
        return True
    return following.lemma in {"каждый", "следующий", "отчетный", "текущий", "month", "quarter", "half-year", "year"}


def _nth_day(c: Cursor, wanted: str) -> str | None:
    """«… рабочий день», «… день»: which days of the period by their number."""
    working = c.word("рабочий")
    day = c.unit("day")
    if day is None or day.text not in {"день", "дня", "дню"} or not _ordinal_day(c, working=working):
        return None
    return f"{_WORKDAYS};BYSETPOS={wanted}" if working else f"BYMONTHDAY={wanted}"


def _ordinal_day(c: Cursor, *, working: bool) -> bool:
    """Whether it is the third day and not three days: «3 рабочего дня», «3-й день», not «3 рабочих дня»."""
    before = c.tokens[c.at - 2]
    if working:
        return not before.text.endswith(("их", "ых"))
    return before.tag == "ordinal" or before.lemma == "ordinal"


def _placed(c: Cursor, by: str) -> Rate | None:
    """The rest of «… каждого месяца», «… квартала», «… недели»: which period the day belongs to."""
    c.word("каждый", "следующий", "отчетный", "текущий")
    unit = c.unit("month", "quarter", "week", "half-year", "year")
    if unit is None:
        return None if c.tag("month") else Rate("", 1, by)
    if unit.lemma == "week":
        position = by.rsplit("=", 1)[-1]
        return Rate("WEEKLY", 1, "BYDAY=FR" if position == "-1" and by.startswith(_WORKDAYS) else "")
    interval = max(_MONTHS[unit.lemma], _reported(c) if unit.lemma == "month" else 1)
    return Rate("MONTHLY", interval, by) if interval < 12 else Rate("YEARLY", 1, by)


def _reported(c: Cursor) -> int:
    """Months in the period of «месяца, следующего за отчетным кварталом»; 1 when nothing is said."""
    c.sign(",")
    unit = c.unit("quarter", "half-year")
    if unit is not None:
        return _MONTHS[unit.lemma]
    if not c.word("следующий"):
        return 1
    c.word("за", "после")
    c.word("отчетный", "каждый", "текущий")
    unit = c.unit("month", "quarter", "half-year", "year")
    if unit is None:
        c.word("период")
    return 1 if unit is None else _MONTHS[unit.lemma]


def _month_day(c: Cursor) -> Rate | None:
    """«до 5 числа каждого месяца», «с 1 по 10 число», «25 числа», «10 и 25 числа»."""
    c.any_of("в срок", "срок")
    led = c.any_of("до", "к", "с", "по", "не позднее чем", "не позднее")
    c.word("каждый")
    if c.peek().text in {"первых", "первые", "последних", "последние"}:
        return None
    groups = numbers.groups(c)
    if groups is None or c.peek(1).tag == "month":
        return None
    bare = led and c.tokens[c.at - 1].text.isdecimal() and c.tokens[c.at - 1].lemma == "ordinal"
    if not c.word("число") and not (bare and c.peek().tag in {"end", "sign"}):  # «до 20-го»
        return None
    days = [pair[1] for pair in groups]
    if not all(1 <= day <= 31 or day == -1 for day in days):
        return None
    named = ",".join("-1" if day == 31 else str(day) for day in days)
    at = c.at
    ordinal = numbers.ordinal(c)
    if ordinal is None or c.peek().lemma != "month":
        c.at = at
    return _placed(c, f"BYMONTHDAY={named}")


def _part_of_month(c: Cursor) -> Rate | None:
    """«первая декада месяца», «в первую неделю каждого месяца»: due on the last day of that part."""
    c.any_of("до", "в", "к", "не позднее")
    groups = numbers.groups(c)
    unit = part_unit(c) if groups else None
    if groups is None or unit is None:
        return None
    c.word("каждый")
    parts = [slice_of_month(unit, last) for _, last in groups]
    days = ",".join(str(part[1] or -1) for part in parts if part)
    return Rate("MONTHLY", 1, f"BYMONTHDAY={days}", approximate=unit == "week") if days and c.unit("month") else None


def _after_period(c: Cursor) -> Rate | None:
    """«в течение 5 рабочих дней после окончания квартала», «в течение 10 дней после отчетного месяца»."""
    c.any_of("в течение", "не позднее чем", "не позднее")
    c.word("через")
    count = numbers.cardinal(c)
    if count is None or count > 28:
        return None
    working = c.word("рабочий")
    c.word("календарный")
    if not c.unit("day") or not (c.word("после") or (c.word("с", "со") and c.word("дата", "момент"))):
        return None
    c.word("окончание", "конец", "итог")
    c.word("отчетный", "каждый")
    unit = c.unit("month", "quarter")
    if unit is None:
        return None
    by = f"{_WORKDAYS};BYSETPOS={count}" if working else f"BYMONTHDAY={count}"
    return Rate("MONTHLY", _MONTHS[unit.lemma], by)


def _edge_of_each(c: Cursor) -> Rate | None:
    """«в конце каждого месяца», «в начале каждого квартала»."""
    c.word("в", "к", "до")
    last = c.peek().lemma == "конец"
    if not c.word("начало", "конец", "окончание") or not c.word("каждый"):
        return None
    c.word("учебный", "календарный")
    unit = c.unit("month", "quarter", "half-year", "year", "week")  # the end of a school term is an event
    found = rule(1, 1, unit.lemma) if unit else None
    if found is None or found.freq != "MONTHLY":
        return found
    return replace(found, by="BYMONTHDAY=-1" if last else "BYMONTHDAY=10", approximate=True)


def _yearly_tail(c: Cursor) -> Rate | None:
    """«года, следующего за отчетным», «года, предшествующего планируемому» after a day make it yearly."""
    if not c.unit("year"):
        return None
    c.sign(",")
    if c.stem("предшеств"):
        c.stem("планир", "отчетн", "очередн")
        c.unit("year")
        return Rate("YEARLY")
    if not c.words("следующий", "за", "отчетный"):
        return None
    c.unit("year")
    c.word("период")
    return Rate("YEARLY")


_PLACES = (_edge_of_each, _part_of_month, _after_period, _month_day, _nth_weekday)
_RATES = (_bare_times, _every_word, _times, _every, _every_other_day, _by_units, _weekday, _yearly_tail)


def rates(c: Cursor) -> Rate | None:
    """A frequency, with its «не реже» or «не чаще»; or the day of a period."""
    placed = c.first(_PLACES)
    if placed is not None:
        return placed
    minimum, maximum = _bound(c)
    c.word("в")
    found = c.first(_RATES)
    return None if found is None else replace(found, minimum=minimum, maximum=maximum)

"""From when to when: which preposition stands before a date, and where does a range end?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from . import dates
from .meaning import Interval, Scale, Stretch
from .years import marks

if TYPE_CHECKING:
    from .cursor import Cursor
    from .meaning import Mode

Found = tuple[Interval, ...] | None


def _piece(c: Cursor) -> Found:
    return c.first((dates.edge, dates.stretches))


def _endpoint(stretch: Stretch) -> Stretch:
    """The last day of a stretch."""
    if stretch.own:
        return replace(stretch, own="last-day", scale=Scale.DAY)
    return replace(stretch, first=stretch.last, scale=Scale.DAY)


def _end_of(c: Cursor) -> tuple[Stretch, Mode] | None:
    """«… конца месяца», «… конца 2023 года», «… окончания учебного года»."""
    if not c.word("конец", "окончание"):
        return None
    found = dates.stretches(c)
    if found:
        return _endpoint(found[-1].last or found[-1].first), ""
    named = c.word("текущий", "сего", "календарный")
    unit = c.unit("week", "month", "quarter", "half-year", "year")
    if unit is None:
        return None
    if unit.lemma == "year":
        return Stretch((12, 31), (12, 31), Scale.DAY), ""
    return Stretch(scale=Scale.DAY, current=unit.lemma, approximate=not named), ""


def _start_of(c: Cursor) -> tuple[Stretch, Mode] | None:
    """«… начала 2024 года», «… начала учебного года»: the day before, if «до»."""
    if not c.word("начало"):
        return None
    found = dates.stretches(c)
    if found:
        return found[0].first, "until"
    c.word("календарный")
    return (Stretch((1, 1), (1, 0), Scale.MONTH), "until") if marks(c) else None


def _middle_of(c: Cursor) -> tuple[Stretch, Mode] | None:
    if not c.word("середина"):
        return None
    month = c.tag("month")
    if month is None:
        return None
    c.at -= 1
    found = dates.stretches(c)
    if not found:
        return None
    day = (month.value, 15)
    return replace(found[0].first, first=day, last=day, scale=Scale.DAY, approximate=True), ""


def _new_year(c: Cursor) -> tuple[Stretch, Mode] | None:
    """«… Нового года»."""
    return (Stretch((1, 1), (1, 0), Scale.MONTH), "until") if c.word("новый") and c.unit("year") else None


def _limits(c: Cursor, mode: Mode) -> Found:
    """What follows «до», «к», «по», «не позднее»."""
    c.sign("-", ":")
    special = c.first((_end_of, _start_of, _middle_of, _new_year))
    if special is not None:
        stretch, said = special
        return (Interval(stretch, mode=said or "by"),)
    found = dates.stretches(c)
    if not found:
        return None
    out: list[Interval] = []
    for interval in found:
        stretch = interval.first if interval.last is None else interval.last
        by = mode == "by" or interval.last is not None
        out.append(Interval(stretch, mode="by" if by else mode))
    return tuple(out)


def _until(c: Cursor) -> Found:
    c.any_of("в срок", "срок")
    c.sign("-", ":")
    if not c.word("до"):
        return None
    return _limits(c, "until")


def _toward(c: Cursor) -> Found:
    """«к 1 марта» is the day itself, «к сентябрю» is before it begins."""
    if not c.word("к"):
        return None
    found = _limits(c, "until")
    if found is None:
        return None
    return tuple(replace(one, mode="by") if one.first.scale is Scale.DAY else one for one in found)


def _by(c: Cursor) -> Found:
    c.any_of("в срок", "срок")
    c.sign("-", ":")
    if c.words("не", "позднее"):
        c.sign(",")
        c.word("чем")
        c.word("до", "к", "на")
    elif not c.word("по") or c.peek().lemma == "окончание":  # «по окончании» is an event
        return None
    return _limits(c, "by")


def _after(c: Cursor) -> Found:
    mode: Mode = "after"
    if c.words("не", "раньше"):
        c.word("чем")
        c.word("с")
        mode = "from"
    elif not c.word("после"):
        return None
    found = dates.stretches(c)
    return (Interval(found[-1].last or found[-1].first, mode=mode),) if found else None


def _range_end(c: Cursor) -> tuple[Stretch, Mode] | None:
    """«– 15 мая», «по май», «до конца учебного года»."""
    c.sign(",")
    c.word("и")
    if c.word("до"):
        special = c.first((_end_of, _start_of, _middle_of))
        if special is not None:
            return special
        found = dates.stretches(c)
        return (found[0].last or found[0].first, "until") if found else None
    if not c.word("по") and not c.sign("-", "/"):
        return None
    c.word("по")
    special = c.attempt(_end_of)
    if special is not None:
        return special
    found = _piece(c)
    return (found[0].last or found[0].first, "") if found else None


def _from(c: Cursor) -> Found:
    c.any_of("в период", "период")
    c.sign(":", "-")
    c.word("начиная")
    if not c.word("с"):
        return None
    beginning = c.word("начало")
    found = dates.stretches(c) if beginning else _piece(c)
    if not found:
        if not beginning or not marks(c):
            return None
        found = (Interval(Stretch((1, 1), (1, 1), Scale.DAY)),)
    if found[0].last is not None:
        return found
    end = c.attempt(_range_end)
    if end is None:
        return (replace(found[0], mode="from"),)
    return (Interval(found[0].first, end[0], end_mode=end[1]),)


def _own_period(c: Cursor, *, whole: bool) -> Found:
    """«года», «всего периода», «всего срока реализации» after «в течение» or «весь»."""
    c.word("учебный", "календарный")
    if c.unit("year"):
        if c.peek().lemma == "после" or (c.peek().lemma == "с" and c.peek(1).lemma in {"day", "дата", "момент"}):
            return None  # a year counted from some day
        return (Interval(Stretch(own="all", whole=whole)),)
    if c.word("период", "срок"):
        if c.stem("проведен", "подготов", "каникул"):
            return None
        return c.attempt(_from) or (Interval(Stretch(own="all", whole=whole)),)
    return None


def _within(c: Cursor) -> Found:
    """«в течение сентября», «на протяжении учебного года», «весь период»."""
    whole = c.any_of("в течение", "на протяжение", "течение")
    if not whole:
        c.word("в", "на", "за")
    entire = c.word("весь")
    if not whole and not entire:
        return None
    found = _range(c)
    if found:
        return tuple(replace(one, first=replace(one.first, whole=True)) for one in found)
    return _own_period(c, whole=True)


def _range(c: Cursor) -> Found:
    found = _piece(c)
    if not found or len(found) > 1 or found[0].last is not None:
        return found
    first = found[0].first
    at = c.at
    if c.sign(",") or (c.peek().text == "/" and first.scale is not Scale.MONTH):
        c.at = at
        return found
    end = c.attempt(_range_end)
    if end is None or (first.scale is Scale.YEAR and end[0].scale < Scale.YEAR and not end[1]):
        c.at = at
        return found
    last, mode = end
    if last.scale is Scale.YEAR and first.scale < Scale.YEAR and first.year is None and not mode and not last.own:
        return (Interval(replace(first, year=last.year)),)  # «сентябрь – 2023 г.»
    years = _yearly(first, last)
    return years or (Interval(first, last, end_mode=mode),)


def _yearly(first: Stretch, last: Stretch) -> Found:
    """«май 2023-2025 гг.»: the same days of each year."""
    begin, end = first.year, last.year
    if first.scale is Scale.YEAR or last.scale is not Scale.YEAR or not begin or not end:
        return None
    if begin.kind != "calendar" or end.kind != "calendar" or begin.value >= end.value:
        return None
    return tuple(
        Interval(replace(first, year=replace(begin, value=year))) for year in range(begin.value, end.value + 1)
    )


def _bare(c: Cursor) -> Found:
    c.any_of("в период", "на период", "период", "в", "на", "за")
    c.sign(":")
    return _range(c)


def _plan_period(c: Cursor) -> Found:
    """«на период реализации плана», «период реализации дорожной карты»."""
    if not c.word("в", "на", "за") or not c.word("период", "срок"):
        return None
    return (Interval(Stretch(own="all")),) if c.stem("реализац", "действи") else None


_RULES = (_from, _until, _toward, _by, _after, _within, _bare, _plan_period)


def intervals(c: Cursor) -> Found:
    """The dates that a phrase names."""
    found = c.first(_RULES)
    if found and c.word("включительно"):  # «до мая включительно» is the whole of it
        return tuple(
            replace(one, mode="by" if one.mode == "until" else one.mode, end_mode="") if one.end_mode != "by" else one
            for one in found
        )
    return found

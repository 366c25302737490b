"""How dates, counts and shares are said on a page, and what components ask. Built into every template.

The logic is in `wording`, `links`, `bars`, `states` and `forms` of `profminimum.web`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import get_language

from profminimum.web import bars, clock, forms, links, states, wording

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.template.context import Context
    from django.utils.safestring import SafeString

KEPT: Final = 2048  # dates said on a page lately
register = template.Library()

register.filter("days", wording.days)
register.filter("minutes", wording.minutes)
register.filter("count_of", wording.count_of)
register.filter("percent", wording.percent)
register.filter("file_size", wording.file_size)
register.filter("initials", wording.initials)
register.filter("exact_date", wording.exact_date)
register.filter("exact_time", wording.exact_time)
register.filter("full_date", wording.full_date)
register.filter("human_date_text", wording.human_date)
register.filter("deadline_text", wording.deadline)
register.filter("is_late", wording.is_late)
register.simple_tag(wording.share, name="share")
register.simple_tag(bars.segments, name="bar_segments")
register.simple_tag(bars.heat, name="heat_cell")
register.simple_tag(states.alert, name="alert_kind")
register.simple_tag(states.look, name="state_look")
register.simple_tag(forms.errors, name="form_errors")
register.simple_tag(forms.kind, name="field_kind")
register.simple_tag(forms.upload_limit, name="upload_limit")
register.simple_tag(links.sort, name="sort_link", takes_context=True)


def _time(day: date, said: str, css: str, exact: str) -> SafeString:
    return format_html(
        '<time class="{}" datetime="{}" title="{}" data-exact="{}"><span class="said">{}</span></time>',
        css,
        day.isoformat(),
        wording.full_date(day),
        exact,
        said,
    )


@register.filter
def thin(value: Any) -> str:
    """`{{ number|thin }}`: grouped; words pass unchanged."""
    return value if isinstance(value, str) else wording.thin(value)


@register.filter
def human_date(day: date | None, today: date | None = None) -> SafeString | str:
    """`{{ day|human_date }}`: «25 августа», the exact date on hover and in print."""
    return _date(wording.as_day(day), today or clock.today(), get_language()) if day else "—"


@lru_cache(maxsize=KEPT)
def _date(day: date, today: date, _language: str | None) -> SafeString:
    """Lists repeat a few dates hundreds of times: each is said once."""
    return _time(day, wording.human_date(day, today), "date", wording.exact_date(day))


@register.filter
def human_time(moment: datetime | None, today: date | None = None) -> SafeString | str:
    """`{{ moment|human_time }}`: «вчера, 14:32», exact on hover and in print."""
    if not moment:
        return "—"
    return _time(wording.as_day(moment), wording.human_time(moment, today), "date", wording.exact_time(moment))


@register.filter
def deadline(due: date | None, today: date | None = None) -> SafeString | str:
    """`{{ due|deadline }}` or `{{ due|deadline:as_of }}`; the class `late` or `soon` tells how near it is."""
    if not due:
        return format_html('<span class="date none">{}</span>', wording.deadline(None, today))
    return _deadline(wording.as_day(due), today or clock.today(), get_language())


@lru_cache(maxsize=KEPT)
def _deadline(due: date, today: date, _language: str | None) -> SafeString:
    left = (due - today).days
    css = "date late" if left < 0 else "date soon" if left <= wording.SOON else "date"
    return _time(due, wording.deadline(due, today), css, wording.exact_deadline(due))


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """`{% query level="base" page=2 %}`: the present query with changes; None or "" drops a parameter."""
    return links.query(context, changes)


@register.simple_tag(takes_context=True)
def page_link(context: Context, number: int, param: str = "page") -> str:
    return links.query(context, {param: number}, keep_page=True)


@register.simple_tag
def url_or_empty(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a page, or nothing when this installation has no such page."""
    try:
        return reverse(name, args=args, kwargs=kwargs)
    except NoReverseMatch:
        return ""

"""Entries of registers for tests: a responsible person, a level, a member of the working group."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from profminimum.registers.services import Act, Entry

if TYPE_CHECKING:
    from profminimum.orgs.models import Organisation

AT = datetime(2023, 9, 20, 12, 0, tzinfo=ZoneInfo("Asia/Sakhalin"))
AUGUST, SEPTEMBER, DECEMBER = date(2023, 8, 25), date(2023, 9, 20), date(2023, 12, 1)
ORDER = Act("Приказ", "12-ОД", AUGUST)
ANNA = {
    "name": "Иванова Анна Петровна",
    "post": "заместитель директора",
    "phone": "+7 4242 12-34-56",
    "email": "ivanova@example.org",
}
BORIS = {"name": "Борисов Борис Борисович", "post": "директор"}


def person(place: Organisation, who: Any = None, *, act: Act = ORDER, origin: str = "") -> Entry:
    return Entry("responsible", place.pk, {"person": who or ANNA}, act=act, origin=origin)


def level(
    place: Organisation, name: str = "main", hours: float = 60, *, period: str = "2023/2024", act: Act = ORDER
) -> Entry:
    return Entry("level", place.pk, {"level": name, "hours": hours}, period=period, act=act)


def member(place: Organisation, name: str, number: int, role: str = "member", *, act: Act = ORDER) -> Entry:
    values = {"person": {"name": name, "post": "специалист"}, "role": role}
    return Entry("group", place.pk, values, number=number, act=act)

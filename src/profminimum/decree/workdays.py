"""Which days are working days in Russia, moved days included, and which data say so?"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property
from importlib.metadata import version

import holidays

_ONE_DAY = timedelta(days=1)


class WorkingCalendar:
    """Working days by the production calendar of a country, read when first asked for.

    Moved days are known for the years for which the government has set them; for later years only the days of rest
    that art. 112 of the Labour Code names, so a date computed for them is worked out again under a newer `version`.
    """

    def __init__(self, country: str = "RU") -> None:
        self.country = country

    @cached_property
    def _days(self) -> holidays.HolidayBase:
        return holidays.country_holidays(self.country)

    @cached_property
    def _known(self) -> dict[date, bool]:
        return {}

    @property
    def version(self) -> str:
        """What is kept beside a computed date: the country and the release of the data."""
        return f"{self.country} {version('holidays')}"

    def is_working(self, day: date) -> bool:
        """Whether people work on the day: a weekday that is no holiday, or a day off that was moved away."""
        found = self._known.get(day)
        if found is None:
            found = self._known[day] = self._days.is_working_day(day)
        return found

    def next_working(self, day: date) -> date:
        """The day itself when it is a working day, else the next one."""
        while not self.is_working(day) and day < date.max:
            day += _ONE_DAY
        return day

    def previous_working(self, day: date) -> date:
        """The day itself when it is a working day, else the one before."""
        while not self.is_working(day) and day > date.min:
            day -= _ONE_DAY
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after the day, which is day 0. A negative count is a ValueError."""
        if count < 0:
            message = f"The number of working days must not be negative, it is {count}."
            raise ValueError(message)
        for _ in range(count):
            day = self.next_working(day + _ONE_DAY)
        return day


RUSSIA = WorkingCalendar()

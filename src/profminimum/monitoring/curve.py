"""When do answers come, and who will be late? How earlier waves went gives the chance of each day; pure.

The model, in words that a page can say: on each day before the date, a certain share of those who had not answered
did so. That share comes from earlier waves (drawn a little towards a default, so that one small wave decides
nothing alone). Who has not answered yet is late with the chance that none of the days left is theirs; the odds are
then moved by how often this organisation was late before. Days are counted from the date of the answers: 0 is the
date itself, -3 three days before it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

FIRST: Final = -60  # days before the date further than which nothing is told apart
PRIOR: Final = 10.0  # organisations that the default weighs on each day
OWN: Final = 2.0  # waves that the common share of the late weighs against an organisation's own past
LIKELY: Final = 0.5  # from this chance on an organisation is named
SURE: Final = 0.995  # no chance is nearer to 0 or 1


@dataclass(frozen=True, slots=True)
class Round:
    """A wave as it went: organisation → the day of its first answer, None when none came."""

    days: Mapping[int, int | None]

    @property
    def asked(self) -> int:
        return len(self.days)

    def by(self, day: int) -> int:
        """How many had answered at the end of that day."""
        return sum(1 for each in self.days.values() if each is not None and each <= day)

    @property
    def late(self) -> int:
        """How many had not answered at the end of the date."""
        return self.asked - self.by(0)


@dataclass(frozen=True, slots=True)
class Model:
    """`rounds` is how many waves it has learned from; 0: the default alone."""

    chances: Mapping[int, float]
    late: float
    rounds: int
    past: Mapping[int, tuple[int, int]]  # organisation → (times late, times asked)

    def stays(self, day: int, until: int = 0) -> float:
        """The chance that who has not answered by the end of `day` has not by the end of `until` either."""
        left = 1.0
        for each in range(max(day, FIRST - 1) + 1, until + 1):
            left *= 1 - self.chances.get(each, _default(each))
        return left

    def chance(self, organisation: int, day: int, stays: float | None = None) -> float:
        """The chance that this organisation, which has not answered by the end of `day`, will be late.

        `stays` spares working `stays(day)` out again.
        """
        if day >= 0:
            return 1.0
        common = _kept(self.stays(day) if stays is None else stays)
        late, asked = self.past.get(organisation, (0, 0))
        if not asked:
            return common
        usual = _kept(self.late)
        own = _kept((late + OWN * usual) / (asked + OWN))
        odds = common / (1 - common) * (own / (1 - own)) / (usual / (1 - usual))
        return _kept(odds / (1 + odds))


def _kept(chance: float) -> float:
    return min(max(chance, 1 - SURE), SURE)


def _default(day: int) -> float:
    """How it goes where nothing is known: slowly at first, one in ten three days before, most on the last day."""
    if day < -7:
        return 0.02
    return {-3: 0.1, -2: 0.14, -1: 0.22, 0: 0.5}.get(day, 0.05)


def learn(rounds: Sequence[Round]) -> Model:
    """From earlier waves, in whatever order; of none the default."""
    sent: Counter[int] = Counter()
    past: dict[int, tuple[int, int]] = {}
    asked = late = 0
    for each in rounds:
        asked += each.asked
        late += each.late
        for organisation, day in each.days.items():
            if day is not None:
                sent[max(day, FIRST)] += 1
            before = past.get(organisation, (0, 0))
            past[organisation] = (before[0] + (day is None or day > 0), before[1] + 1)
    chances, waiting = {}, asked
    for day in range(FIRST, 1):
        chances[day] = (sent[day] + PRIOR * _default(day)) / (waiting + PRIOR)
        waiting -= sent[day]
    usual = 1.0
    for day in range(-14, 1):
        usual *= 1 - _default(day)
    return Model(chances, (late + PRIOR * usual) / (asked + PRIOR), len(rounds), past)


@dataclass(frozen=True, slots=True)
class Forecast:
    """`expected` of those still waited for will be late, `chances` are of each of them."""

    expected: float
    chances: Mapping[int, float]

    @property
    def likely(self) -> list[int]:
        """Those who will be late rather than not, the surest first."""
        named = [key for key, chance in self.chances.items() if chance >= LIKELY]
        return sorted(named, key=lambda key: (-self.chances[key], key))


def forecast(model: Model, waiting: Mapping[int, int]) -> Forecast:
    """Of organisations that have not answered; `waiting` gives the day on which each stands, by its own date."""
    stays = {day: model.stays(day) for day in set(waiting.values())}
    chances = {organisation: model.chance(organisation, day, stays[day]) for organisation, day in waiting.items()}
    return Forecast(sum(chances.values()), chances)


@dataclass(frozen=True, slots=True)
class Proof:
    """What the model would have said of the last wave at the same distance from its date, and what happened."""

    day: int
    promised: float
    late: int


def proof(rounds: Sequence[Round], day: int) -> Proof | None:
    """The last of the rounds against what the earlier ones teach; None without rounds or when the date has passed."""
    if not rounds or day >= 0:
        return None
    last, before = rounds[-1], learn(rounds[:-1])
    waiting = {place: day for place, sent in last.days.items() if sent is None or sent > day}
    return Proof(day, forecast(before, waiting).expected, last.late)


def ahead(model: Model, sent: int, waiting: int, day: int, expected: float) -> list[float]:
    """How many will have answered at the end of each day from `day` + 1 to the date, ending at the forecast."""
    coming = waiting - expected
    whole = 1 - model.stays(day)
    if day >= 0 or whole <= 0:
        return []
    return [sent + coming * (1 - model.stays(day, until)) / whole for until in range(day + 1, 1)]


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of an axis: where it stands and what it says."""

    at: str
    day: date | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class Chart:
    """The curve for a drawing of 1000 × 1000 stretched to its frame; marks are shares of the frame («12.50%»).

    `line` is what has come, `ahead` what is expected up to the date, `before` how the last wave went.
    """

    line: str
    area: str
    ahead: str
    before: str
    due: str
    today: str
    days: tuple[Tick, ...]
    counts: tuple[Tick, ...]


def chart(
    first: date,
    last: date,
    counts: Sequence[int],
    *,
    asked: int,
    due: date,
    today: date,
    coming: Sequence[float] = (),
    earlier: Sequence[float] = (),
) -> Chart:
    """Lay out the answers that had come at the end of each day from `first`; `last` is the right edge.

    `coming` continues `counts` from the day after; `earlier` is the last wave, day by day from `first`.
    """
    span = max((last - first).days, 1)
    top = max(asked, *counts, 1)

    def x(day: int) -> float:
        return 1000 * day / span

    def y(count: float) -> float:
        return 1000 - 1000 * min(count, top) / top

    def path(values: Iterable[float], start: int = 0) -> str:
        return " ".join(f"{x(start + number):.1f},{y(value):.1f}" for number, value in enumerate(values))

    line = path(counts)
    end = len(counts) - 1
    area = f"0,1000 {line} {x(end):.1f},1000" if counts else ""
    step = max(-(-span // 6), 1)
    shown = {*range(0, span + 1, step)} - {(due - first).days + near for near in range(-step + 1, step) if near}
    from_due = sorted({*shown, (due - first).days}) if 0 <= (due - first).days <= span else sorted(shown)
    return Chart(
        line=line,
        area=area,
        ahead=path([counts[-1], *coming], end) if coming and counts else "",
        before=path(earlier),
        due=f"{x((due - first).days) / 10:.2f}%",
        today=f"{x((today - first).days) / 10:.2f}%" if first <= today <= last else "",
        days=tuple(Tick(f"{x(day) / 10:.2f}%", first + (last - first) * day / span) for day in from_due),
        counts=tuple(
            Tick(f"{100 - 100 * count / top:.2f}%", count=count) for count in sorted({0, round(top / 2), top})
        ),
    )

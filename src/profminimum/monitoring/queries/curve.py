"""When have the answers of a wave come, and what do earlier waves say of those who still owe one?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from profminimum.monitoring import curve
from profminimum.monitoring.models import Submission, Wave
from profminimum.monitoring.queries.answered import stages
from profminimum.monitoring.states import State

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from profminimum.monitoring.curve import Chart, Forecast, Model, Proof, Round
    from profminimum.monitoring.queries.answered import Ask
    from profminimum.orgs.models import User

EARLIER: Final = 4  # waves that the model learns from, the newest


@dataclass(frozen=True, slots=True)
class Day:
    """How many answers came on a day, and how many had come by its end."""

    day: date
    came: int
    all: int
    share: float


@dataclass(frozen=True, slots=True)
class Curve:
    """Everything that the drawing, the table beside it and the words under it need.

    `rounds` waves taught the model, of this monitoring when `own`, else of others; 0: the default alone. `late`:
    those whose date has passed without an answer; `expected` those and who will join them.
    """

    days: list[Day]
    chart: Chart
    forecast: Forecast
    model: Model
    own: bool
    proof: Proof | None
    asked: int
    sent: int
    late: int
    left: int
    compared: bool

    @property
    def expected(self) -> int:
        return round(self.forecast.expected)

    @property
    def promised(self) -> int:
        return round(self.proof.promised) if self.proof else 0


def build(user: User, wave: Wave, ask: Ask) -> Curve:
    """The answers in reach of the person, as they stood; the model learns from what the same people see.

    Three queries, whose rows are bounded by the organisations asked: it learns from EARLIER waves, however many there
    were.
    """
    earlier, own = _earlier(wave, ask)
    stood = stages(user, [wave.pk], ask).exclude(state=State.WITHDRAWN.value).order_by()
    mine = {
        organisation: (sent if number and sent and sent <= ask.today else None, due)
        for organisation, number, sent, due in stood.values_list(
            "organisation_id", "number", "submission__sent", "due"
        )
    }
    days: dict[int, dict[int, int | None]] = {each: {} for each in earlier}
    seen = Submission.objects.visible_to(user, "wave.see").exclude(state=State.WITHDRAWN.value)
    if ask.unit is not None:
        seen = seen.filter(unit=ask.unit)
    if earlier:
        rows = seen.filter(wave__in=earlier).values_list("wave_id", "organisation_id", "sent", "due")
        for key, organisation, sent, due in rows:
            days[key][organisation] = (sent - due).days if sent else None
    rounds = [curve.Round(days[key]) for key in earlier if days[key]]
    return _curve(wave, ask, mine, rounds, own=own)


def _earlier(wave: Wave, ask: Ask) -> tuple[list[int], bool]:
    """Waves whose date had passed by then, oldest first: of the same campaign, else of any of the region."""
    asked_before = [Wave.State.OPEN, Wave.State.CLOSED]
    past = Wave.objects.filter(
        campaign__region=wave.campaign.region_id, state__in=asked_before, due__lt=min(ask.today, wave.due)
    ).exclude(pk=wave.pk)
    rows = list(past.order_by("-due", "-pk").values_list("pk", "campaign_id")[: 12 * EARLIER])
    same = [pk for pk, campaign in rows if campaign == wave.campaign_id][:EARLIER]
    return (same or [pk for pk, _campaign in rows][:EARLIER])[::-1], bool(same)


def _curve(
    wave: Wave, ask: Ask, mine: dict[int, tuple[date | None, date]], rounds: list[Round], *, own: bool
) -> Curve:
    today = ask.today
    came = sorted(sent for sent, _due in mine.values() if sent)
    waiting = {key: (today - due).days for key, (sent, due) in mine.items() if sent is None}
    model = curve.learn(rounds)
    expected = curve.forecast(model, waiting if wave.state == Wave.State.OPEN else {})
    first = min([wave.opens, *came[:1]])
    end = max(first, min(today, max([wave.due, *came])) if wave.state != Wave.State.OPEN else today)
    last = max(wave.due, end)
    counts = _by_day(came, first, end)
    day = (today - wave.due).days
    coming = curve.ahead(model, len(came), len(waiting), day, expected.expected) if end == today else []
    before = _before(rounds[-1], len(mine), wave, first, last) if rounds and own else []
    return Curve(
        days=_days(counts, first, len(mine)),
        chart=curve.chart(
            first, last, counts, asked=len(mine), due=wave.due, today=today, coming=coming, earlier=before
        ),
        forecast=expected,
        model=model,
        own=own,
        proof=curve.proof(rounds, day),
        asked=len(mine),
        sent=len(came),
        late=sum(1 for day in waiting.values() if day > 0),
        left=-day,
        compared=bool(before),
    )


def _by_day(came: Iterable[date], first: date, end: date) -> list[int]:
    counts = [0] * ((end - first).days + 1)
    for each in came:
        counts[min((each - first).days, len(counts) - 1)] += 1
    for number in range(1, len(counts)):
        counts[number] += counts[number - 1]
    return counts


def _days(counts: list[int], first: date, asked: int) -> list[Day]:
    """The days on which something came, and the first and the last."""
    found = []
    for number, count in enumerate(counts):
        came = count - (counts[number - 1] if number else 0)
        if came or number in (0, len(counts) - 1):
            found.append(Day(first + timedelta(days=number), came, count, count / asked if asked else 0))
    return found


def _before(last: Round, asked: int, wave: Wave, first: date, end: date) -> list[float]:
    """The wave before, laid over this one by the date of the answers, as if as many had been asked."""
    if not last.asked:
        return []
    days = range((first - wave.due).days, (end - wave.due).days + 1)
    return [last.by(day) * asked / last.asked for day in days]

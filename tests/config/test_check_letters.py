"""`profminimum check` counts the letters that wait for a person's decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from profminimum.config import cli_check
from profminimum.notices.models import Letter
from profminimum.notices.services.letters import Draft, write

if TYPE_CHECKING:
    from datetime import datetime

    from factories import SmallRegion


def letters(region: SmallRegion, at: datetime, *states: str) -> None:
    for number, state in enumerate(states):
        draft = Draft(f"digest:{number}", Letter.Kind.DIGEST, "a@example.org", "Сводка", "", region=region.region.pk)
        made = write([draft], at=at)
        Letter.objects.filter(pk__in=made.values()).update(state=state)


@pytest.mark.parametrize(
    ("states", "good", "counts"),
    [
        ((), (True, True), ("0", "0")),
        (("sent", "waiting", "dropped"), (True, True), ("0", "0")),
        (("unsure", "sent"), (False, True), ("1", "0")),
        (("failed", "failed", "unsure"), (False, False), ("1", "2")),
    ],
)
def test_unknown_and_refused_letters_are_counted(
    states: tuple[str, ...],
    good: tuple[bool, bool],
    counts: tuple[str, str],
    region: SmallRegion,
    december: datetime,
) -> None:
    letters(region, december, *states)
    answers = list(cli_check._letters())
    assert tuple(answer for answer, _text in answers) == good
    for (answer, text), count in zip(answers, counts, strict=True):
        assert f": {count}" in text
        assert ("/letters/" in text) is not answer

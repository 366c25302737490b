"""What has happened? The journal a page at a time for those who may see it, and the story of one object."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils import timezone

from profminimum.journal.lines import Line, told
from profminimum.journal.models import Entry
from profminimum.web.folding import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from django.db.models import Model

    from profminimum.journal.models import EntryQuerySet
    from profminimum.journal.scope import Scope

SIZE: Final = 50
CHUNK: Final = 1000


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person looks for; empty means «everything». `thing` is «plan.obligation:12», days are inclusive."""

    words: str = ""
    action: str = ""
    person: str = ""
    organisation: str = ""
    thing: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the journal: the moment and the number of an entry. Written as «2023-12-02T09:00:00+11:00~15»."""

    at: datetime
    pk: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.pk}"


def place(text: str) -> Place | None:
    """Read a place from an address; None when it is none, then the journal is shown from its newest entry."""
    moment, _, number = text.partition("~")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return Place(at, int(number)) if number.isdecimal() and len(number) < 19 and timezone.is_aware(at) else None


@dataclass(frozen=True, slots=True)
class Slice:
    """A page of the journal; `older` and `newer` are the places of its neighbours, None where there is nothing."""

    lines: Sequence[Line]
    older: Place | None
    newer: Place | None


def wished(scope: Scope, wish: Wish) -> EntryQuerySet:
    """The entries within the scope that fit the wish, newest first."""
    found = Entry.objects.filter(scope.condition)
    for word in folded(wish.words).split():
        found = found.filter(search__contains=word)
    if wish.action:
        found = found.filter(action=wish.action)
    if wish.person:
        found = found.filter(by__in=_people(wish.person))
    if wish.organisation:
        found = found.filter(scope.find(wish.organisation))
    if wish.thing:
        kind, _, number = wish.thing.partition(":")
        found = found.filter(object_type=kind, object_id=int(number)) if number.isdecimal() else found.none()
    if wish.since:
        found = found.filter(at__gte=_midnight(wish.since))
    if wish.until:
        found = found.filter(at__lt=_midnight(wish.until + timedelta(days=1)))
    return found.select_related("by").order_by("-at", "-id")


def _people(words: str) -> list[int]:
    """Ids of people whose name or e-mail has all the words; the database folds no Cyrillic, there are few people."""
    wanted = folded(words).split()
    rows = get_user_model().objects.values_list("pk", "full_name", "email")
    return [pk for pk, name, email in rows if all(word in folded(f"{name} {email}") for word in wanted)]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def page(
    scope: Scope, wish: Wish, *, after: Place | None = None, before: Place | None = None, size: int = SIZE
) -> Slice:
    """A page that begins after a place, or ends before it; nothing is counted, so a long journal costs no more."""
    found = wished(scope, wish)
    if before is not None:
        newer = Q(at__gt=before.at) | Q(at=before.at, pk__gt=before.pk)
        rows = list(found.filter(newer).order_by("at", "id")[: size + 1])
        more_newer, more_older = len(rows) > size, True
        rows = rows[:size][::-1]
    else:
        if after is not None:
            found = found.filter(Q(at__lt=after.at) | Q(at=after.at, pk__lt=after.pk))
        rows = list(found[: size + 1])
        more_newer, more_older = after is not None, len(rows) > size
        rows = rows[:size]
    return Slice(
        lines=lines(scope, rows),
        older=Place(rows[-1].at, rows[-1].pk) if rows and more_older else None,
        newer=Place(rows[0].at, rows[0].pk) if rows and more_newer else None,
    )


def lines(scope: Scope, entries: Sequence[Entry]) -> list[Line]:
    """The entries in words; the names of their organisations in one query."""
    names = scope.names({entry.organisation_id for entry in entries if entry.organisation_id})
    return [
        told(
            entry,
            organisation=names.get(entry.organisation_id or 0, ""),
            url=scope.address(entry.object_type, entry.object_id),
        )
        for entry in entries
    ]


def all_lines(scope: Scope, wish: Wish) -> Iterator[Line]:
    """Every entry that fits, in portions: for an export of any length."""
    portion: list[Entry] = []
    for entry in wished(scope, wish).iterator(chunk_size=CHUNK):
        portion.append(entry)
        if len(portion) == CHUNK:
            yield from lines(scope, portion)
            portion = []
    yield from lines(scope, portion)


def story(*objects: Model) -> list[Line]:
    """What has been done to these objects (an obligation and its requests, say), newest first. One query.

    Whether a person may see the objects has been decided by the page that shows them.
    """
    which = Q(pk__in=[])
    for kind, numbers in _by_kind(objects).items():
        which |= Q(object_type=kind, object_id__in=numbers)
    found = Entry.objects.filter(which).select_related("by").order_by("-at", "-id")
    return [told(entry) for entry in found]


def _by_kind(objects: Iterable[Model]) -> dict[str, list[int]]:
    kinds: dict[str, list[int]] = {}
    for obj in objects:
        kinds.setdefault(obj._meta.label_lower, []).append(obj.pk)  # noqa: SLF001 - Django's documented model API
    return kinds

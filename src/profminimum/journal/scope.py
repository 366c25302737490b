"""Which entries may a person see, and how are organisations called? The journal lies below both and asks upwards.

settings.JOURNAL_SCOPE names the function that answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from django.contrib.auth.models import AnonymousUser
    from django.db.models import Q

    from profminimum.orgs.models import User


@dataclass(frozen=True, slots=True)
class Scope:
    """What one person may see.

    `refusal` is empty when they may see something; `condition` holds for the entries; `names` gives the names of
    organisations by id, `find` the condition «of an organisation whose name has the words», `address` the page of an
    object or "".
    """

    refusal: str
    condition: Q
    names: Callable[[Collection[int]], Mapping[int, str]]
    find: Callable[[str], Q]
    address: Callable[[str, int], str]


def of(user: User | AnonymousUser) -> Scope:
    scope: Scope = import_string(settings.JOURNAL_SCOPE)(user)
    return scope

"""Who is meant by an executor's words? A first guess for a person to confirm; pure over its inputs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from profminimum.orgs.querysets import folded
from profminimum.plan.models import Executor

if TYPE_CHECKING:
    from collections.abc import Mapping

Target = Executor.Target

_CLASSES: Final = (  # the first that is found in the name or, failing that, in the full wording
    (
        re.compile(
            r"моуо|муоо|органы? управлени\w+ образованием|орган\w* местного самоуправления|муниципальн\w+ орган"
        ),
        Target.AUTHORITIES,
    ),
    (re.compile(r"государственн\w+ общеобразовательн|подведомственн\w+ (обще)?образовательн"), Target.STATE_SCHOOLS),
    (re.compile(r"муниципальн\w+ (обще)?образовательн"), Target.MUNICIPAL_SCHOOLS),
    (
        re.compile(
            r"^оо$|^оу$|^общеобразовательн|образовательн\w+ (организаци|учреждени)|\bшкол[ыа]?\b|руководител\w+ оо"
        ),
        Target.SCHOOLS,
    ),
)
_NOISE: Final = re.compile(r"[^0-9a-zа-я ]+")


def _bare(text: str) -> str:
    return " ".join(_NOISE.sub(" ", folded(text)).split())


def guess(name: str, full: str, named: Mapping[int, tuple[str, ...]]) -> tuple[str, int | None]:
    """(target, organisation id) for an executor; target "" when nobody is recognised.

    `named`: organisation id → its names (short, full) for the ministry, coordinator, institute and authorities.
    One organisation by its exact name goes before a class, a class by the abbreviation before one by the words.
    """
    wanted = {_bare(text) for text in (name, full) if text}
    for organisation_id, names in named.items():
        if wanted & {_bare(known) for known in names if known}:
            return Target.ONE, organisation_id
    for text in (name, full):
        for pattern, target in _CLASSES:
            if text and pattern.search(folded(text)):
                return target, None
    for organisation_id, names in named.items():
        if any(len(_bare(known)) > 3 and _bare(known) in own for known in names for own in wanted):
            return Target.ONE, organisation_id
    return Target.NONE, None

"""Which form does a version hold, ready to be asked? Published versions never change: each process reads one once."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from profminimum.monitoring.models import FormVersion
from profminimum.monitoring.schema.loading import load
from profminimum.monitoring.schema.model import Context

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from typing import Any

    from profminimum.monitoring.schema.model import Definition

KEPT = 64  # versions in the memory of a process


@lru_cache(maxsize=KEPT)
def definition(version: int) -> Definition:
    """The definition of a published version; LookupError when it is not published or its workbook has faults."""
    found = FormVersion.objects.filter(pk=version).exclude(state="draft").values_list("definition", flat=True).first()
    if found is None:
        raise LookupError(version)
    return load(found)


def context(given: Mapping[str, Any], today: date) -> Context:
    """What the rules of a form may look at, from what a draft was given when its wave opened."""
    return Context(
        today=today.isoformat(),
        last=given.get("last", {}),
        registry=given.get("registry", {}),
        registers=given.get("registers", {}),
    )

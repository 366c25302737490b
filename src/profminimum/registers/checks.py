"""Is the pack in order? Asked when the programme starts, so that a mistake in its files is named at once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import Error, register

from profminimum.plan.pack import PackError, read


@register()
def pack_is_in_order(**_options: Any) -> list[Error]:
    """The mistake by file and key, or nothing."""
    try:
        read(settings.PACK)
    except PackError as error:
        return [Error(str(error), hint=f"PROFMINIMUM_PACK = {settings.PACK}", id="registers.E001")]
    return []

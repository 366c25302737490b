"""How is an organisation called whose id is known? `{{ names|of:id }}` for a table of names that the view gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

if TYPE_CHECKING:
    from collections.abc import Mapping

register = template.Library()


@register.filter
def of(names: Mapping[int, str], pk: int | None) -> str:
    return names.get(pk, "") if pk else ""

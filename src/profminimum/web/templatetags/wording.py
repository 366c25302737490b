"""How dates, counts and shares are said on a page. Built into every template."""

from __future__ import annotations

from django import template

register = template.Library()

"""How does a form become a service call? What the service refuses goes back into the form, in its fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import BaseForm

REFUSED = 422  # the page comes again with what is to be mended; nothing was changed


def put(form: BaseForm, error: ValidationError) -> None:
    """The refusal of a service into the fields of the form, what belongs to none of them above it."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields and name != NON_FIELD_ERRORS else None, errors)


def carried_out(form: BaseForm, act: Callable[[], object]) -> bool:
    """Valid, and the service did it, all or nothing; else the form holds the reasons and nothing was changed."""
    if not form.is_valid():
        return False
    try:
        with transaction.atomic():
            act()
    except ValidationError as error:
        put(form, error)
        return False
    return True

"""How is a form drawn, and how does it become a service call? The renderer, and what templates and views ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.forms.renderers import DjangoTemplates
from django.template import loader

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.forms.boundfield import BoundField

_OURS: Final[Mapping[str, str]] = {
    "django/forms/div.html": "web/forms/form.html",
    "django/forms/p.html": "web/forms/form.html",
    "django/forms/field.html": "web/forms/field.html",
    "django/forms/formsets/div.html": "web/forms/formset.html",
}
_KINDS: Final = (  # the first that fits
    (forms.RadioSelect, "radios"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.CheckboxInput, "checkbox"),
    (forms.FileInput, "file"),
    (forms.Textarea, "textarea"),
    (forms.Select, "select"),
    (forms.DateInput, "date"),
    (forms.DateTimeInput, "date"),
    (forms.NumberInput, "number"),
    (forms.MultiWidget, "several"),
)


REFUSED: Final = 422  # the page comes again with what is to be mended; nothing was changed


def put(form: forms.BaseForm, error: ValidationError, field: Callable[[str], str] = str) -> None:
    """The refusal of a service into the fields of the form, what belongs to none of them above it.

    `field` gives the form's name of what the service names.
    """
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for said, errors in error.error_dict.items():
        name = field(said)
        form.add_error(name if name in form.fields and name != NON_FIELD_ERRORS else None, errors)


def carried_out(form: forms.BaseForm, act: Callable[[], object], field: Callable[[str], str] = str) -> bool:
    """Valid, and the service did it, all or nothing; else the form holds the reasons and nothing was changed."""
    if not form.is_valid():
        return False
    try:
        with transaction.atomic():
            act()
    except ValidationError as error:
        put(form, error, field)
        return False
    return True


class Renderer(DjangoTemplates):
    """Draws forms and fields with the templates of `web/forms/`, widgets with Django's own."""

    form_template_name = "web/forms/form.html"
    formset_template_name = "web/forms/formset.html"
    field_template_name = "web/forms/field.html"

    def get_template(self, template_name: str) -> Any:
        name = _OURS.get(template_name, template_name)
        if name.startswith("django/forms/"):
            return super().get_template(name)
        return loader.get_template(name)


class DateField(forms.DateField):
    """A date chosen in the browser's own calendar; also takes 25.08.2023 typed by hand."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%d.%m.%Y"])
        super().__init__(**kwargs)


@dataclass(frozen=True, slots=True)
class FormError:
    """One line of the summary; `href` leads to the field and is empty for the form as a whole."""

    label: str
    text: str
    href: str = ""


def errors(*sources: forms.BaseForm | None) -> list[FormError]:
    """All errors of the forms in the order of their fields, those of the form as a whole first."""
    found: list[FormError] = []
    for form in sources:
        if not form or not form.is_bound:
            continue
        found += [FormError("", str(text)) for text in form.errors.get(NON_FIELD_ERRORS, [])]
        for field in form:
            target = field.id_for_label or field.auto_id
            label = str(field.label)
            found += [FormError(label, str(text), f"#{target}" if target else "") for text in field.errors]
    return found


def kind(field: BoundField) -> str:
    """Which of the few shapes of a field it takes."""
    widget = field.field.widget
    return next((name for cls, name in _KINDS if isinstance(widget, cls)), "text")


def upload_limit() -> int:
    """Bytes."""
    return int(settings.UPLOAD_LIMIT)

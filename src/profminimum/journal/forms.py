"""What may be asked of the journal: the fields of its filter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from profminimum.journal import actions
from profminimum.journal.queries import Wish
from profminimum.web.forms import DateField

if TYPE_CHECKING:
    from django.http import QueryDict


class WishForm(forms.Form):
    """An answer that makes no sense is said, and the journal is shown without it."""

    words = forms.CharField(label=_("Words"), required=False, max_length=200)
    action = forms.ChoiceField(label=_("Action"), required=False)
    person = forms.CharField(label=_("Person"), required=False, max_length=200)
    organisation = forms.CharField(label=_("Organisation"), required=False, max_length=200)
    since = DateField(label=_("From the day"), required=False)
    until = DateField(label=_("To the day"), required=False)
    thing = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="journal_%s")
        names = sorted(((key, str(name)) for key, name in actions.labels().items()), key=lambda pair: pair[1])
        field = self.fields["action"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = [("", _("any")), *names]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", ValidationError(_("The last day is before the first one.")))
        return cleaned

    def wish(self) -> Wish:
        """What was understood; a field with an error asks for nothing."""
        self.is_valid()
        return Wish(**{name: value for name, value in self.cleaned_data.items() if value})

"""What people type on the pages of notices: the text of a reminder."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from profminimum.notices.services.mailing import LONGEST


class ReminderForm(forms.Form):
    """`chosen` is the signed list of obligations with the mark of this very form."""

    text = forms.CharField(
        label=_("Text of the letter"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 6})
    )
    chosen = forms.CharField(widget=forms.HiddenInput)

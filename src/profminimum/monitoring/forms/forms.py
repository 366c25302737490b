"""What a person fills in to bring a form and to withdraw one."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Workbook of the form"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm"}),
        allow_empty_file=True,  # the service says what to do
    )


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=2000)

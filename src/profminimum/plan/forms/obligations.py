"""The forms of an obligation: report, review, another date, release; and the filter of the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from profminimum.orgs.models import Kind
from profminimum.plan import phrases
from profminimum.plan.queries.obligations import KINDS
from profminimum.plan.services.obligations import Answer
from profminimum.plan.uploads import AT_ONCE, uploads
from profminimum.web.forms import DateField

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from django.core.files.uploadedfile import UploadedFile

    from profminimum.plan.models import Measure
    from profminimum.plan.proof import Proof

ACCEPT: Final = ".pdf,.jpg,.jpeg,.png,.tif,.tiff,.docx,.xlsx,.odt,.ods"


class _Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once; cleaned to a list."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        # emptiness and size are judged by the service, which says what to do
        sent = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if len(sent) > AT_ONCE:
            raise forms.ValidationError(
                ngettext(
                    "At most %(n)d file at once. Put the pages into one PDF.",
                    "At most %(n)d files at once. Put the pages into one PDF.",
                    AT_ONCE,
                )
                % {"n": AT_ONCE}
            )
        if not sent and self.required and not initial:
            raise forms.ValidationError(self.error_messages["required"])
        return sent


def _files(label: Any, attrs: dict[str, str]) -> FilesField:
    return FilesField(label=label, required=False, allow_empty_file=True, max_length=255, widget=_Files(attrs=attrs))


def _words(label: Any, *, required: bool = False, rows: int = 3, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=4000,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": gettext_lazy("Give the reason: the organisation will read it.")},
    )


class ReportForm(forms.Form):
    """What an organisation says when it reports. What is wanted is checked by the service, by the row's result."""

    act_kind = forms.CharField(label=gettext_lazy("Document"), required=False, max_length=120)
    act_number = forms.CharField(label=gettext_lazy("Number"), required=False, max_length=60)
    act_date = DateField(label=gettext_lazy("Date of the document"), required=False)
    attached = _files(gettext_lazy("Files"), {"multiple": "multiple", "accept": ACCEPT})
    photo = _files(gettext_lazy("Take a picture"), {"accept": "image/*", "capture": "environment"})
    comment = _words(
        gettext_lazy("Comment"), help_text=gettext_lazy("What has been done, if the document does not say it")
    )
    no_evidence_reason = _words(
        gettext_lazy("Why there is no document"),
        rows=2,
        help_text=gettext_lazy("The one who checks will read it and may return the report"),
    )

    def __init__(self, *args: Any, wanted: Proof, kind: str, result: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"act_kind": act_kind(wanted, kind, result)})
        super().__init__(*args, **kwargs)
        self.wanted = wanted

    def answer(self) -> Answer:
        cleaned = self.cleaned_data
        return Answer(
            act_kind=cleaned["act_kind"] if cleaned["act_number"] else "",
            act_number=cleaned["act_number"],
            act_date=cleaned["act_date"],
            comment=cleaned["comment"],
            no_evidence_reason=cleaned["no_evidence_reason"],
            files=uploads([*cleaned["attached"], *cleaned["photo"]]),
        )


def act_kind(wanted: Proof, kind: str, result: str) -> str:
    """The kind of act that an organisation signs, as a proposal: a ministry «Распоряжение», others «Приказ»."""
    if wanted.act:
        return "Распоряжение" if kind == Kind.MINISTRY else "Приказ"
    return phrases.shortened(result, 60) if wanted.file and len(result) <= 60 else ""


class ReasonForm(forms.Form):
    """A decision that wants a reason."""

    reason = _words(gettext_lazy("Reason"), required=True)


class NoteForm(forms.Form):
    """A decision that may carry a word."""

    reason = _words(gettext_lazy("Comment"), rows=2)


class ExtensionForm(forms.Form):
    """Ask for another date, or set it."""

    new_due = DateField(
        label=gettext_lazy("New date"), error_messages={"required": gettext_lazy("Give the new date.")}
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why the date cannot be met.")},
    )


class GrantForm(forms.Form):
    """Grant a request, perhaps with another date than was asked for, or refuse it with a reason."""

    new_due = DateField(label=gettext_lazy("New date"), required=False)
    reason = _words(
        gettext_lazy("Reason of the decision"), rows=2, help_text=gettext_lazy("Obligatory when you refuse")
    )


class FilterForm(forms.Form):
    """The filter of the list, kept in the address."""

    words = forms.CharField(
        label=gettext_lazy("Words"), required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    measure = forms.ChoiceField(label=gettext_lazy("Measure"), required=False)
    unit = forms.ChoiceField(label=gettext_lazy("Municipality"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Whose"), required=False)
    due_from = DateField(label=gettext_lazy("Due from"), required=False)
    due_to = DateField(label=gettext_lazy("to"), required=False)
    on = DateField(label=gettext_lazy("On the date"), required=False)

    NAMES: Final = {"due_from": "from", "due_to": "to"}

    def __init__(
        self, *args: Any, measures: Sequence[Measure], units: Sequence[tuple[int, str]], today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **{"auto_id": "filter_%s", **kwargs})
        several = len({measure.plan_id for measure in measures}) > 1
        self.fields["measure"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", _("all")),
            *((str(measure.pk), _measure(measure, several=several)) for measure in measures),
        ]
        self.fields["unit"].choices = [("", _("all")), *((str(key), name) for key, name in units)]  # type: ignore[attr-defined]  # as above
        labels = {
            "schools": _("schools"),
            "authorities": _("municipal authorities"),
            "region": _("ministry, coordinator, institute"),
        }
        self.fields["kind"].choices = [("", _("all")), *((key, labels[key]) for key in KINDS)]  # type: ignore[attr-defined]  # as above
        self.fields["on"].widget.attrs["max"] = today.isoformat()
        if not units:
            del self.fields["unit"]

    def add_prefix(self, field_name: str) -> str:
        return self.NAMES.get(field_name, field_name)


def _measure(measure: Measure, *, several: bool) -> str:
    title = phrases.shortened(phrases.plain(measure.title), 70)
    year = f" · {measure.plan.school_year}" if several else ""
    return f"{measure.number}. {title}{year}"

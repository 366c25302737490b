"""What a person fills in from an uploaded decree to its adoption: a form for each decision."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from profminimum.orgs.models import Kind, Organisation
from profminimum.plan import spoken
from profminimum.plan.models import Executor, Finding, Wording
from profminimum.plan.services.versions import VERSION_FIELDS
from profminimum.web.forms import DateField

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from profminimum.orgs.querysets import OrganisationQuerySet
    from profminimum.plan.models import PlanVersion

    OrganisationChoice = forms.ModelChoiceField[Organisation]
else:
    OrganisationChoice = forms.ModelChoiceField  # generic for the type checker alone

DAYS_FROM_SIGNATURE: Final = 10
SPARE_RESULTS: Final = 1  # empty lines for results beyond those that there are
BODIES: Final = (Kind.MINISTRY, Kind.COORDINATOR, Kind.INSTITUTE, Kind.AUTHORITY)
FOUND_AT_MOST: Final = 20
_ACCEPT: Final = (".docx", ".pdf", ".xlsx", ".xls", ".odt", ".html", ".htm", ".txt")


def reason_field(*, required: bool = True) -> forms.CharField:
    """Why: it stays in the journal."""
    return forms.CharField(label=gettext_lazy("Reason"), required=required, max_length=2000)


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File of the decree"),
        widget=forms.FileInput(attrs={"accept": ",".join(_ACCEPT)}),
        allow_empty_file=True,  # the reader says what to do
    )


class ActForm(forms.Form):
    """The act and the plan as a whole; only what differs is sent on."""

    act_kind = forms.CharField(label=gettext_lazy("Kind of act"), required=False, max_length=60)
    act_number = forms.CharField(label=gettext_lazy("Number of the act"), required=False, max_length=60)
    act_date = DateField(label=gettext_lazy("Date of the act"), required=False)
    title = forms.CharField(
        label=gettext_lazy("Title of the plan"), max_length=600, widget=forms.Textarea(attrs={"rows": 3})
    )
    school_year = forms.CharField(label=gettext_lazy("School year"), required=False, max_length=9)
    start = DateField(label=gettext_lazy("The plan begins"), required=False)
    end = DateField(label=gettext_lazy("The plan ends"), required=False)
    reason = reason_field()

    def __init__(self, version: PlanVersion, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {name: getattr(version, name) for name in VERSION_FIELDS})
        super().__init__(*args, **kwargs)

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in VERSION_FIELDS}


class DatesField(forms.CharField):
    """Dates by commas or blanks, as 25.08.2023; cleaned to ISO dates in order."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return ", ".join(f"{date.fromisoformat(day):%d.%m.%Y}" for day in value)
        return value

    def clean(self, value: Any) -> list[str]:
        text = super().clean(value)
        days = []
        for word in text.replace(",", " ").replace(";", " ").split():
            try:
                day, month, year = (int(part) for part in word.split("."))
                days.append(date(year, month, day).isoformat())
            except ValueError:
                raise ValidationError(
                    _("«%(word)s» is no date. Write dates as 25.08.2023, with commas between them.") % {"word": word}
                ) from None
        return sorted(set(days))


class RowForm(forms.Form):
    """What was understood of a row. Control dates are computed anew from the term unless they are given here."""

    number = forms.CharField(label=gettext_lazy("Number"), max_length=20)
    title = forms.CharField(label=gettext_lazy("Measure"), widget=forms.Textarea(attrs={"rows": 3}))
    term_kind = forms.ChoiceField(label=gettext_lazy("Term is understood as"), choices=spoken.KINDS.items)
    start = DateField(label=gettext_lazy("From"), required=False)
    due = DateField(label=gettext_lazy("Until"), required=False)
    rrule = forms.ChoiceField(label=gettext_lazy("Repeats"), required=False)
    occurrences = DatesField(
        label=gettext_lazy("Control dates"),
        required=False,
        help_text=gettext_lazy("Leave them as they are to have them computed anew from the term."),
    )
    reason = reason_field()

    def __init__(self, wording: Wording, *args: Any, **kwargs: Any) -> None:
        names = ("number", "title", "term_kind", "start", "due", "rrule", "occurrences")
        kwargs.setdefault("initial", {name: getattr(wording, name) for name in names})
        kwargs.setdefault("auto_id", f"id_row{wording.position}_%s")
        super().__init__(*args, **kwargs)
        self.wording = wording
        rules = dict(spoken.REPEATS)
        if wording.rrule and wording.rrule not in rules:
            rules[wording.rrule] = spoken.repeats(wording.rrule)  # type: ignore[assignment]  # a text as good as a lazy one
        self.fields["rrule"].choices = list(rules.items())  # type: ignore[attr-defined]  # it is a ChoiceField
        for index in range(len(wording.results) + SPARE_RESULTS):
            known = wording.results[index] if index < len(wording.results) else {}
            self.fields[f"result_{index}"] = forms.CharField(
                label=_("Result %(n)d") % {"n": index + 1}, required=False, initial=known.get("text", "")
            )
            self.fields[f"owner_{index}"] = forms.CharField(
                label=_("Whose result %(n)d is") % {"n": index + 1}, required=False, initial=known.get("owner", "")
            )
        self.order_fields([name for name in self.fields if name != "reason"] + ["reason"])

    def result_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        count = len(self.wording.results) + SPARE_RESULTS
        return [(self[f"result_{index}"], self[f"owner_{index}"]) for index in range(count)]

    def results(self) -> list[dict[str, str]]:
        rows = (
            {"text": self.cleaned_data[f"result_{index}"], "owner": self.cleaned_data[f"owner_{index}"]}
            for index in range(len(self.wording.results) + SPARE_RESULTS)
        )
        return [row for row in rows if row["text"]]

    def changes(self) -> dict[str, Any]:
        """Only what a person has changed, so that dates are computed anew where they were not touched."""
        given = {name: self.cleaned_data[name] for name in ("number", "title", "term_kind", "start", "due", "rrule")}
        given["occurrences"], given["results"] = self.cleaned_data["occurrences"], self.results()
        return {name: value for name, value in given.items() if value != getattr(self.wording, name)}


class DoubtForm(forms.Form):
    """A decision on one doubt; `option` says which way of accepting."""

    decision = forms.ChoiceField(choices=[c for c in Finding.Decision.choices if c[0]])
    option = forms.ChoiceField(required=False, choices=[(k, k) for k in ("proposal", *spoken.NEAREST)])
    reason = reason_field(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("decision") != Finding.Decision.ACCEPTED and not str(cleaned.get("reason", "")).strip():
            self.add_error("reason", _("Give the reason: it stays in the journal."))
        return cleaned


class ReasonForm(forms.Form):
    reason = reason_field()


class AddExecutorForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Executor"), max_length=500)
    reason = reason_field()


class OrganisationField(OrganisationChoice):
    """Any organisation of the region may be sent; the list offers those given to `offer`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Organisation.objects.none(), **kwargs)

    def offer(self, allowed: OrganisationQuerySet, offered: Sequence[tuple[str, Sequence[tuple[int, str]]]]) -> None:
        self.queryset = allowed
        self.widget.choices = [
            ("", "—"),
            *((title, list(rows)) for title, rows in offered if rows),
        ]


class ExecutorForm(forms.Form):
    """Who one executor is."""

    target = forms.ChoiceField(label=gettext_lazy("Who that is"), choices=Executor.Target.choices, required=False)
    organisation = OrganisationField(label=gettext_lazy("Organisation"), required=False)

    def __init__(self, executor: Executor, *args: Any, **kwargs: Any) -> None:
        kwargs["prefix"] = f"e{executor.pk}"
        kwargs.setdefault("initial", {"target": executor.target, "organisation": executor.organisation_id})
        super().__init__(*args, **kwargs)
        self.executor = executor

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        one = cleaned.get("target") == Executor.Target.ONE
        if one and not cleaned.get("organisation"):
            self.add_error(
                "organisation", _("Choose the organisation for «%(name)s».") % {"name": self.executor.name}
            )
        if not one:
            cleaned["organisation"] = None
        return cleaned


class ExemptionForm(forms.Form):
    wording = forms.ModelChoiceField(Wording.objects.none(), label=gettext_lazy("Row of the plan"), empty_label=None)
    organisation = OrganisationField(label=gettext_lazy("Organisation"))
    reason = reason_field()

    def __init__(self, version: PlanVersion, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wording"].queryset = version.wordings.all()  # type: ignore[attr-defined]  # a ModelChoiceField

    def list_rows(self, wordings: Iterable[Wording]) -> None:
        self.fields["wording"].widget.choices = [(w.pk, shortened(str(w))) for w in wordings]


class PastForm(forms.Form):
    """One decision for several rows whose dates are earlier than the signature."""

    rows = forms.ModelMultipleChoiceField(
        Wording.objects.none(), error_messages={"required": gettext_lazy("Mark the rows that the decision is for.")}
    )
    past = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[choice for choice in Wording.Past.choices if choice[0]],
        widget=forms.RadioSelect,
        initial=Wording.Past.COUNT,
    )
    days = forms.IntegerField(
        label=gettext_lazy("Days from the signature"),
        required=False,
        min_value=1,
        max_value=366,
        initial=DAYS_FROM_SIGNATURE,
        help_text=gettext_lazy("Calendar days; only for «count from the signature»."),
    )
    reason = reason_field()

    def __init__(self, version: PlanVersion, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rows"].queryset = version.wordings.all()  # type: ignore[attr-defined]  # a ModelMultipleChoiceField

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("past") == Wording.Past.COUNT and not cleaned.get("days"):
            self.add_error("days", _("Say how many days from the signature."))
        return cleaned


class AdoptForm(forms.Form):
    act_number = forms.CharField(label=gettext_lazy("Number of the act"), max_length=60)
    act_date = DateField(label=gettext_lazy("Date of the act"))
    confirm = forms.BooleanField(
        label=gettext_lazy("The text has been checked against the signed original"),
        error_messages={"required": gettext_lazy("Confirm that the text has been checked against the original.")},
    )

    def __init__(self, version: PlanVersion, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"act_number": version.act_number, "act_date": version.act_date})
        kwargs.setdefault("auto_id", "id_adopt_%s")
        super().__init__(*args, **kwargs)


def shortened(text: str, limit: int = 90) -> str:
    """Cut at a word."""
    return text if len(text) <= limit else text[:limit].rsplit(" ", 1)[0] + "…"

"""What a person fills in about registers: the filter of a list, an entry by hand, the end of an entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from profminimum.orgs.models import Kind
from profminimum.plan import uploads
from profminimum.registers import spoken
from profminimum.registers.entries import PERSON, Act, Entry
from profminimum.registers.listing import STATE
from profminimum.registers.queries import levels
from profminimum.web.forms import DateField

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from profminimum.orgs.models import Organisation
    from profminimum.plan.files import Upload
    from profminimum.plan.pack import Field, Register
    from profminimum.registers.models import Record

ACCEPT: Final = ".pdf,.jpg,.jpeg,.png,.tif,.tiff,.docx,.xlsx,.odt,.ods"


class FilterForm(forms.Form):
    """The filter of a register, kept in the address."""

    words = forms.CharField(
        label=gettext_lazy("Words"), required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    unit = forms.ChoiceField(label=gettext_lazy("Municipality"), required=False)
    period = forms.ChoiceField(label=gettext_lazy("School year"), required=False)
    level = forms.ChoiceField(label=gettext_lazy("Level"), required=False)
    on = DateField(label=gettext_lazy("As of"), required=False)

    def __init__(
        self,
        *args: Any,
        kind: Register,
        units: Mapping[int, str],
        periods: Sequence[str],
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **{"auto_id": "filter_%s", **kwargs})
        self._choices(
            "unit", [*((str(pk), name) for pk, name in units.items()), (STATE, _("directly under the ministry"))]
        )
        self._choices("level", [(name, spoken.words(level.title)) for name, level in levels().items()])
        self.fields["period"].choices = [(period, period) for period in periods]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["on"].widget.attrs["max"] = today.isoformat()
        if len(units) < 2:
            del self.fields["unit"]
        if not periods:
            del self.fields["period"]
        if kind.typed("level") is None:
            del self.fields["level"]

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = [("", _("all")), *choices]  # type: ignore[attr-defined]  # a ChoiceField


class RecordForm(forms.Form):
    """An entry by hand: the columns of the register as the pack names them, the act, the reason."""

    act_kind = forms.CharField(label=gettext_lazy("Document"), required=False, max_length=120)
    act_number = forms.CharField(label=gettext_lazy("Number"), max_length=60)
    act_date = DateField(label=gettext_lazy("Date of the document"))
    file = forms.FileField(
        label=gettext_lazy("Scan of the document"),
        required=False,
        allow_empty_file=True,
        max_length=255,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )
    since = DateField(
        label=gettext_lazy("In force from"),
        help_text=gettext_lazy("The entry before it ends on that day"),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=4000,
        help_text=gettext_lazy("Why it is entered by hand and not by an accepted answer"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, kind: Register, periods: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        own: dict[str, forms.Field] = {}
        if kind.by_year:
            own["period"] = forms.ChoiceField(label=_("School year"), choices=[(each, each) for each in periods])
        for column in kind.fields.values():
            own |= dict(_fields(column))
        self.fields = own | self.fields

    def columns(self) -> list[forms.BoundField]:
        """The fields of the entry itself, in the register's order."""
        return [self[name] for name in self.fields if name not in self.base_fields]

    def papers(self) -> list[forms.BoundField]:
        """The fields of the act and the reason."""
        return [self[name] for name in self.base_fields]

    def entry(self, organisation: Organisation, number: int) -> Entry:
        given = self.cleaned_data
        return Entry(
            kind=self.kind.name,
            organisation_id=organisation.pk,
            values={
                name: value
                for name, field in self.kind.fields.items()
                if (value := self._value(field)) not in (None, "", {})
            },
            period=given.get("period", ""),
            number=number,
            act=Act(given["act_kind"], given["act_number"], given["act_date"]),
        )

    def upload(self) -> Upload | None:
        sent = self.cleaned_data["file"]
        return uploads.uploads([sent])[0] if sent else None

    def _value(self, column: Field) -> Any:
        given = self.cleaned_data
        if column.type == "person":
            held = {part: given[f"{column.name}_{part}"].strip() for part in PERSON}
            return {part: text for part, text in held.items() if text}
        value = given[column.name]
        if isinstance(value, float) and value.is_integer():
            return int(value)
        return value.strip() if isinstance(value, str) else value

    def field_of(self, name: str) -> str:
        """The form's name of what the service names: a person is asked for in parts, the name first."""
        return f"{name}_name" if f"{name}_name" in self.fields else name


def _fields(column: Field) -> Iterator[tuple[str, forms.Field]]:
    title = spoken.words(column.title)
    label = title[:1].upper() + title[1:]
    if column.type == "person":
        named = _("%(who)s, full name") % {"who": label}
        yield f"{column.name}_name", forms.CharField(label=named, max_length=200)
        yield f"{column.name}_post", forms.CharField(label=_("Post"), required=False, max_length=300)
        yield f"{column.name}_phone", forms.CharField(label=_("Work phone"), required=False, max_length=60)
        yield f"{column.name}_email", forms.EmailField(label=_("Work e-mail"), required=False)
    elif column.type == "level":
        every = [(name, _level(name)) for name in levels()]
        yield column.name, forms.ChoiceField(label=label, choices=[("", _("choose")), *every])
    elif column.type == "choice":
        every = [(name, spoken.words(said)) for name, said in column.choices.items()]
        yield column.name, forms.ChoiceField(label=label, required=False, choices=[("", "—"), *every])
    elif column.type == "hours":
        yield column.name, forms.FloatField(label=label, required=False, min_value=0, localize=True)
    else:
        yield column.name, forms.CharField(label=label, required=False, max_length=300)


def _level(name: str) -> str:
    level = levels()[name]
    return _("%(level)s, at least %(hours)d hours") % {"level": spoken.words(level.title), "hours": level.hours}


def initial(kind: Register, record: Record | None, place: str, on: date) -> dict[str, Any]:
    """What the form shows first: the entry in force, if there is one; a proposal for the kind of act."""
    shown: dict[str, Any] = {"since": on, "act_kind": "Распоряжение" if place == Kind.MINISTRY else "Приказ"}
    if record is None:
        return shown
    shown |= {"period": record.period}
    for name, column in kind.fields.items():
        value = record.values.get(name)
        if column.type == "person":
            shown |= {f"{name}_{part}": text for part, text in spoken.person(value).items()}
        else:
            shown[name] = value
    return shown


class EndForm(forms.Form):
    """When an entry ends, and why."""

    on = DateField(label=gettext_lazy("No longer in force from"))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2}))

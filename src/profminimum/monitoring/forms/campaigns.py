"""What an officer says of a monitoring and its waves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from profminimum.monitoring.models import Campaign, Form
from profminimum.monitoring.queries.campaigns import MANY
from profminimum.monitoring.services.campaigns import ANSWERING, Details
from profminimum.monitoring.services.waves import Dates
from profminimum.orgs.models import Kind, Organisation, SchoolType
from profminimum.plan.models import Measure
from profminimum.web.forms import DateField

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from profminimum.plan.pack import Level

KINDS = [(kind.value, MANY[kind.value]) for kind in ANSWERING]


def _many(label: Any, choices: Any = (), *, required: bool = False, help_text: Any = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        required=required,
        help_text=help_text,
        widget=forms.CheckboxSelectMultiple,
    )


class CampaignForm(forms.Form):
    """Whom a monitoring asks with which form, who checks, what happens to late answers."""

    measure = forms.ModelChoiceField(
        label=_("Which row of the plan"), queryset=Measure.objects.none(), empty_label=_("choose")
    )
    form = forms.ModelChoiceField(label=_("Form"), queryset=Form.objects.none(), empty_label=_("choose"))
    title = forms.CharField(label=_("Title"), max_length=300)
    kinds = _many(_("Who answers"), KINDS, required=True)
    schools = forms.ChoiceField(label=_("Which schools"), choices=Campaign.Schools.choices, required=False)
    units = _many(_("Only in these municipalities"), help_text=_("None chosen: in all of them"))
    school_types = _many(_("Only these types of schools"), SchoolType.choices, help_text=_("None chosen: all types"))
    levels = _many(_("Only schools of these levels"), help_text=_("By the register of levels; none chosen: all"))
    by_authority = forms.BooleanField(
        label=_("The municipal authority checks first"),
        required=False,
        help_text=_("State schools skip it: their answers go straight to the last tier"),
    )
    last = forms.ChoiceField(label=_("Who accepts"), choices=Campaign.Last.choices)
    late = forms.ChoiceField(label=_("Late answers"), choices=Campaign.Late.choices)
    days = forms.IntegerField(label=_("Days for an answer"), min_value=1, max_value=200)
    check_days = forms.IntegerField(label=_("Days for the check"), min_value=0, max_value=100)
    author = forms.ModelChoiceField(
        label=_("Who writes the analytical note"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("nobody"),
    )

    def __init__(
        self,
        *args: Any,
        measures: Any,
        region_forms: Any,
        units: Sequence[tuple[int, str]],
        levels: Mapping[str, Level],
        authors: Any,
        fixed: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        language = (get_language() or "ru").partition("-")[0]
        if fixed:  # what carries the answers of its waves is not exchanged
            del self.fields["measure"], self.fields["form"]
        else:
            self._field("measure").queryset = measures
            self._field("form").queryset = region_forms
        self._field("units").choices = [(str(pk), name) for pk, name in units]
        self._field("levels").choices = [
            (name, level.title.get(language) or level.title["ru"]) for name, level in levels.items()
        ]
        self._field("author").queryset = authors

    def _field(self, name: str) -> Any:
        return self.fields[name]

    def details(self) -> Details:
        cleaned = self.cleaned_data
        author = cleaned["author"]
        return Details(
            title=cleaned["title"],
            kinds=tuple(cleaned["kinds"]),
            schools=cleaned["schools"],
            units=tuple(int(unit) for unit in cleaned["units"]),
            school_types=tuple(cleaned["school_types"]),
            levels=tuple(cleaned["levels"]),
            by_authority=cleaned["by_authority"],
            last=cleaned["last"],
            late=cleaned["late"],
            days=cleaned["days"],
            check_days=cleaned["check_days"],
            author_id=author.pk if author else None,
        )


AUTHORS = (Kind.COORDINATOR, Kind.INSTITUTE, Kind.MINISTRY)


class WaveForm(forms.Form):
    """The dates of a wave; outside the dates of the plan also the reason."""

    title = forms.CharField(label=_("Title of the wave"), max_length=300)
    opens = DateField(label=_("Opens"), help_text=_("It opens by itself in the morning of this day"))
    due = DateField(label=_("Answers due"))
    check_due = DateField(label=_("Check due"))
    closes = DateField(
        label=_("Last day for answers"), required=False, help_text=_("Empty: by the rule on late answers")
    )
    reason = forms.CharField(
        label=_("Why outside the dates of the plan"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, besides: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not besides:
            del self.fields["reason"]

    def dates(self) -> Dates:
        cleaned = self.cleaned_data
        return Dates(cleaned["opens"], cleaned["due"], cleaned["check_due"], cleaned["closes"])


class PlainForm(forms.Form):
    """A decision that needs no more words."""


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Give the reason: the organisations will read it.")},
    )


class ExtendForm(ReasonForm):
    due = DateField(label=_("New date for the answers"), error_messages={"required": _("Give the new date.")})
    field_order = ("due", "reason")


class ExceptForm(ReasonForm):
    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.none(), empty_label=_("choose")
    )
    field_order = ("organisation", "reason")

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["organisation"]
        field.queryset = organisations
        field.label_from_instance = lambda one: one.state.short_name

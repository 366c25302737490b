"""What a person fills in about organisations and people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from profminimum.orgs import access, registry
from profminimum.orgs.models import Kind, Organisation, Role, SchoolType, Succession, User
from profminimum.orgs.services import invitations
from profminimum.orgs.services.organisations import UNDER
from profminimum.web import clock
from profminimum.web.forms import DateField

if TYPE_CHECKING:
    from datetime import date

    from profminimum.orgs.querysets import OrganisationQuerySet


class Filter(forms.Form):
    """The filter of the list: all of it in the address."""

    q = forms.CharField(label=_("Name or code"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    authority = forms.ChoiceField(label=_("Municipality"), required=False)
    type = forms.ChoiceField(label=_("Type"), required=False)
    on = DateField(label=_("As of"), required=False)

    def __init__(self, *args: Any, authorities: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = ("", gettext("all"))
        self.fields["kind"].choices = [everything, *Kind.choices]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["authority"].choices = [  # type: ignore[attr-defined]  # as above
            everything,
            *((str(pk), name) for pk, name in authorities),
            ("state", gettext("directly under the ministry")),
        ]
        self.fields["type"].choices = [everything, *SchoolType.choices]  # type: ignore[attr-defined]  # as above


class DetailsForm(forms.Form):
    """What can change with time, from a day on and by an act."""

    on = DateField(label=_("In force from"))
    act = forms.CharField(label=_("By which act"), required=False, max_length=300, help_text=_("Number and date"))
    name = forms.CharField(label=_("Full name"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    short_name = forms.CharField(label=_("Short name"), max_length=200)
    oktmo = forms.RegexField(
        r"^(\d{8}|\d{11})$",
        label=_("OKTMO"),
        required=False,
        error_messages={"invalid": _("OKTMO is 8 or 11 digits.")},
    )
    school_type = forms.ChoiceField(label=_("Type"), required=False, choices=[("", "—"), *SchoolType.choices])
    pupils = forms.IntegerField(label=_("Pupils"), required=False, min_value=0, max_value=99999)
    address = forms.CharField(label=_("Address"), required=False, max_length=300)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Phone"), required=False, max_length=60)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind not in (Kind.SCHOOL, Kind.BRANCH):
            del self.fields["school_type"], self.fields["pupils"]

    def details(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in ("on", "code", "parent")}


class OpeningForm(DetailsForm):
    """A new organisation: where it stands, its code, and all that can change later."""

    on = DateField(label=_("Opened on"))
    code = forms.CharField(
        label=_("Code"), max_length=40, help_text=_("Unique in the region; the registry import knows it by this code")
    )
    parent = forms.ModelChoiceField(label=_("Part of"), queryset=Organisation.objects.none(), empty_label=_("choose"))
    field_order = ("parent", "code", "on", "act")

    def __init__(self, *args: Any, kind: str, parents: OrganisationQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, kind=kind, **kwargs)
        self.fields["parent"].queryset = parents.filter(kind__in=UNDER[kind])  # type: ignore[attr-defined]  # a ModelChoiceField


class MoveForm(forms.Form):
    on = DateField(label=_("In force from"))
    parent = forms.ModelChoiceField(
        label=_("New authority"), queryset=Organisation.objects.none(), empty_label=_("choose")
    )
    act = forms.CharField(label=_("By which act"), required=False, max_length=300, help_text=_("Number and date"))

    def __init__(self, *args: Any, kind: str, parents: OrganisationQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = parents.filter(kind__in=UNDER[kind])  # type: ignore[attr-defined]  # as above
        if kind == Kind.BRANCH:
            self.fields["parent"].label = _("New head school")


class CloseForm(forms.Form):
    on = DateField(label=_("First day without it"))
    successors = forms.ModelMultipleChoiceField(
        label=_("Successors"),
        queryset=Organisation.objects.none(),
        required=False,
        help_text=_("Nobody, when it ends without a successor. What is part of it passes to the only successor."),
    )
    how = forms.ChoiceField(label=_("How"), choices=Succession.How.choices, required=False)
    act = forms.CharField(label=_("By which act"), required=False, max_length=300, help_text=_("Number and date"))

    def __init__(self, *args: Any, others: OrganisationQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successors"].queryset = others  # type: ignore[attr-defined]  # as above
        self.fields["successors"].widget.attrs["size"] = 8


class RegistryForm(forms.Form):
    file = forms.FileField(label=_("File"), help_text=_("XLSX, ODS or CSV by the template, up to 8 MB"))
    on = DateField(label=_("In force from"), help_text=_("The day from which the changes hold"))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > registry.SIZE_LIMIT:
            raise forms.ValidationError(gettext("The file is larger than 8 MB."))
        return file


class PeopleFilter(forms.Form):
    q = forms.CharField(label=_("Name or e-mail"), required=False, max_length=100)
    role = forms.ChoiceField(label=_("Role"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", gettext("all")), *Role.choices]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["state"].choices = [  # type: ignore[attr-defined]  # as above
            ("", gettext("with a role today")),
            ("past", gettext("without a role today")),
            ("blocked", gettext("signing in forbidden")),
        ]


class RoleForm(forms.Form):
    """A role in an organisation; offers only what the person may give."""

    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.none(), empty_label=_("choose")
    )
    role = forms.ChoiceField(label=_("Role"))

    def __init__(
        self, *args: Any, by: User, places: OrganisationQuerySet, place: Organisation | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = places  # type: ignore[attr-defined]  # a ModelChoiceField
        roles = access.roles_to_give(by, place) if place else access.roles_given_by(by)
        offered = [(role.value, role.label) for role in roles]
        none = [("", _("choose"))] if len(offered) > 1 else []  # the first of several is nobody's choice
        self.fields["role"].choices = [*none, *offered]  # type: ignore[attr-defined]  # as above
        if place is not None:
            self.fields["organisation"].initial = place


class InvitationForm(RoleForm):
    email = forms.EmailField(
        label=_("E-mail"), help_text=_("The work address of the person, not of the organisation")
    )
    full_name = forms.CharField(label=_("Family name, given name, patronymic"), max_length=200)
    post = forms.CharField(label=_("Post"), required=False, max_length=200)
    days = forms.TypedChoiceField(
        label=_("The link is good for"),
        coerce=int,
        initial=invitations.DAYS,
        choices=[(2, _("2 days")), (7, _("7 days")), (14, _("14 days"))],
    )


class GrantForm(RoleForm):
    since = DateField(label=_("Since"))
    until = DateField(label=_("Until"), required=False, help_text=_("Empty: without an end"))


class PersonForm(forms.Form):
    full_name = forms.CharField(label=_("Family name, given name, patronymic"), max_length=200)
    post = forms.CharField(label=_("Post"), required=False, max_length=200)
    phone = forms.CharField(label=_("Work phone"), required=False, max_length=60)


class ProfileForm(PersonForm):
    language = forms.ChoiceField(label=_("Language"), choices=[("ru", "Русский"), ("en", "English")])


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=500)


class PasswordForm(forms.Form):
    """The first password, twice."""

    password = forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters, not only digits, not a common word"),
    )
    again = forms.CharField(label=_("Once more"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("password") and data.get("again") and data["password"] != data["again"]:
            self.add_error("again", gettext("The two passwords differ."))
        return data


def day_asked(text: str | None) -> date:
    """The day of the address (2023-12-02), or today when there is none or it is no date."""
    field = DateField(required=False)
    try:
        found: date | None = field.clean(text)
    except forms.ValidationError:
        found = None
    return found or clock.today()

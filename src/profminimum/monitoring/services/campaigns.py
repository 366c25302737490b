"""How a monitoring is set up: which row of the plan it carries, with which form, whom it asks and who checks."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from profminimum.journal import services as journal
from profminimum.monitoring.models import Campaign, Exclusion, Form, Wave
from profminimum.orgs import access
from profminimum.orgs.models import Kind, Organisation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from profminimum.orgs.models import User
    from profminimum.plan.models import Measure

ANSWERING = (Kind.SCHOOL, Kind.BRANCH, Kind.AUTHORITY, Kind.COORDINATOR, Kind.INSTITUTE)


@dataclass(frozen=True, slots=True)
class Details:
    """What may be changed of a campaign; `author_id` is the organisation that writes the analytical note."""

    title: str
    kinds: Sequence[str] = (Kind.SCHOOL.value,)
    schools: str = ""
    units: Sequence[int] = ()
    school_types: Sequence[str] = ()
    levels: Sequence[str] = ()
    by_authority: bool = True
    last: str = Campaign.Last.COORDINATOR.value
    late: str = Campaign.Late.ALLOW.value
    days: int = 14
    check_days: int = 5
    author_id: int | None = None

    def fields(self) -> dict[str, Any]:
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}


def _check(region: Organisation, details: Details) -> None:
    errors: dict[str, str] = {}
    if not details.title.strip():
        errors["title"] = _("Give the monitoring a title.")
    if not details.kinds or any(kind not in ANSWERING for kind in details.kinds):
        errors["kinds"] = _("Say who answers: schools, branches, authorities.")
    if not 1 <= details.days <= 200:
        errors["days"] = _("From 1 to 200 days.")
    if not 0 <= details.check_days <= 100:
        errors["check_days"] = _("From 0 to 100 days.")
    ids = [*details.units, *([details.author_id] if details.author_id else [])]
    if ids and Organisation.objects.filter(pk__in=ids, region=region).count() != len(set(ids)):
        errors["units"] = _("One of the organisations is not of this region.")
    if errors:
        raise ValidationError(errors)


@transaction.atomic
def create(measure: Measure, form: Form, details: Details, *, by: User, at: datetime) -> Campaign:
    """Set up a monitoring for a row of a plan. Asks nobody yet: that is what its waves do."""
    access.require(by, "campaign.edit", measure)
    region = measure.plan.region
    if form.region_id != region.pk:
        raise ValidationError({"form": _("The form is of another region.")})
    _check(region, details)
    made = Campaign.objects.create(
        region=region, plan=measure.plan, measure=measure, form=form, created=at, by=by, **details.fields()
    )
    journal.record("campaign.created", made, by=by, at=at, organisation=region.pk, after=details.fields())
    return made


@transaction.atomic
def change(campaign: Campaign, details: Details, *, by: User, at: datetime) -> Campaign:
    """Change the set-up: holds for the waves that open from now on."""
    access.require(by, "campaign.edit", campaign)
    campaign = Campaign.objects.select_for_update(of=("self",)).select_related("region").get(pk=campaign.pk)
    _check(campaign.region, details)
    before = {name: getattr(campaign, name) for name in details.fields()}
    changed = {name: value for name, value in details.fields().items() if before[name] != value}
    if changed:
        for name, value in changed.items():
            setattr(campaign, name, value)
        campaign.save(update_fields=list(changed))
        journal.record(
            "campaign.changed",
            campaign,
            by=by,
            at=at,
            organisation=campaign.region_id,
            before={name: before[name] for name in changed},
            after=changed,
        )
    return campaign


@transaction.atomic
def exclude(campaign: Campaign, organisation: Organisation, *, reason: str, by: User, at: datetime) -> Exclusion:
    """Do not ask this organisation, with a reason; what it owes in open waves is withdrawn."""
    from profminimum.monitoring.services import waves  # noqa: PLC0415 - waves build on campaigns

    access.require(by, "campaign.edit", campaign)
    if organisation.region_id != campaign.region_id:
        raise ValidationError({"organisation": _("This organisation is not of this region.")})
    if not reason.strip():
        raise ValidationError({"reason": _("Say why it is not asked.")})
    if campaign.exclusions.filter(organisation=organisation, ended=None).exists():
        raise ValidationError({"organisation": _("It is excepted already.")})
    made = Exclusion.objects.create(
        campaign=campaign, organisation=organisation, reason=reason.strip(), made=at, by=by
    )
    journal.record("exclusion.made", campaign, by=by, at=at, organisation=organisation.pk, reason=reason.strip())
    for wave in campaign.waves.filter(state=Wave.State.OPEN):
        waves.withdraw(wave, [organisation.pk], reason=reason, by=by, at=at)
    return made


@transaction.atomic
def include(exclusion: Exclusion, *, by: User, at: datetime) -> None:
    """End an exception: open waves ask the organisation again."""
    from profminimum.monitoring.services import waves  # noqa: PLC0415 - as above

    access.require(by, "campaign.edit", exclusion.campaign)
    if exclusion.ended is not None:
        raise ValidationError(_("This exception has ended already."))
    exclusion.ended = at
    exclusion.save(update_fields=["ended"])
    campaign, place = exclusion.campaign, exclusion.organisation_id
    journal.record("exclusion.ended", campaign, by=by, at=at, organisation=place)
    for wave in campaign.waves.filter(state=Wave.State.OPEN):
        waves.add(wave, [place], by=by, at=at)

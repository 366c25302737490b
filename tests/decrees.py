"""A decree adopted in the small region, for tests of what comes after; through the services, as a person does it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from profminimum.plan.files import Upload
from profminimum.plan.models import Executor, Finding, PlanVersion, Wording
from profminimum.plan.services import adoption, versions

if TYPE_CHECKING:
    from factories import SmallRegion
    from people import People

SEED = Path(__file__).parent / "data" / "seed" / "decree.docx"
ADOPTED = datetime(2023, 9, 11, 10, 0, tzinfo=ZoneInfo("Asia/Sakhalin"))


def uploaded(
    region: SmallRegion,
    people: People,
    *,
    data: bytes | None = None,
    name: str = "decree.docx",
    amends: PlanVersion | None = None,
) -> PlanVersion:
    """The seed, or another text, as a draft."""
    upload = Upload(name, data if data is not None else SEED.read_bytes())
    return versions.upload(upload, region=region.region, by=people.ministry, at=ADOPTED, amends=amends)


def decided(version: PlanVersion, region: SmallRegion, people: People) -> PlanVersion:
    """Everything decided: executors matched, proposals of dates accepted, dates before the signature counted anew."""
    by, at = people.ministry, ADOPTED
    named = {"МОСО": region.ministry, "ГАУ СО АРЧК": region.coordinator, "ГАОУ ДПО ИРОСО": region.institute}
    for body in version.executors.all():
        if body.name in named:
            versions.map_executor(body, target=Executor.Target.ONE, organisation=named[body.name], by=by, at=at)
    for finding in version.findings.filter(decision="").exclude(severity="info"):
        take = finding.code == "due-outside-plan" and finding.proposal
        decision = Finding.Decision.ACCEPTED if take else Finding.Decision.KEPT
        versions.decide_finding(finding, decision=decision, reason="проверено", by=by, at=at)
    for wording in version.wordings.filter(number__in=["1", "2", "3", "4", "8", "10"]):
        versions.decide_past(wording, past=Wording.Past.COUNT, days=14, reason="от подписания", by=by, at=at)
    return version


def adopted(region: SmallRegion, people: People) -> PlanVersion:
    """The seed in force since 11 September 2023."""
    version = decided(uploaded(region, people), region, people)
    adoption.adopt(version, by=people.ministry, at=ADOPTED)
    return PlanVersion.objects.get(pk=version.pk)

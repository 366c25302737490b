"""What do the parameters of the addresses in matrix.toml stand for? Objects of the small region by name.

An object is made when a row asks for it. An app that brings new addresses adds the objects that they show.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from decrees import adopted, uploaded
from evidence import PDF, order
from form_books import small
from monitoring_waves import ANSWERS, answer_of, opened_wave
from profminimum.api.services import make
from profminimum.monitoring.models import SubmissionFile
from profminimum.monitoring.services import follow_ups, forms, submissions
from profminimum.notices.models import Letter, Notice
from profminimum.notices.services.letters import Draft, write
from profminimum.notices.services.telling import Fresh, tell
from profminimum.orgs import registry_book
from profminimum.orgs.models import Role
from profminimum.orgs.registry import COLUMNS, MUNICIPAL
from profminimum.orgs.services import invite, keep_upload
from profminimum.orgs.services.invitations import token_of
from profminimum.plan import files
from profminimum.plan.files import Upload
from profminimum.plan.models import Assignment, Attachment, Obligation, PlanVersion
from profminimum.plan.services import obligations, versions
from profminimum.registers import services as registers

if TYPE_CHECKING:
    from factories import SmallRegion
    from people import People
    from profminimum.monitoring.models import Submission, Wave
    from profminimum.orgs.models import Invitation

NOW = datetime(2023, 12, 1, 12, 0, tzinfo=ZoneInfo("Asia/Sakhalin"))


class Objects:
    """Values for addresses. What belongs to somebody belongs to the first authority or its first school."""

    def __init__(self, region: SmallRegion, people: People) -> None:
        self._region, self._people = region, people
        self.region = region.region.pk
        self.ministry = region.ministry.pk
        self.authority = region.authorities[0].pk
        self.school = region.schools[0].pk
        self.school_officer = people.school.pk

    @cached_property
    def _invitation(self) -> Invitation:
        return invite(
            email="new@example.org",
            full_name="Новая Нина Николаевна",
            role=Role.SCHOOL,
            organisation=self._region.schools[0],
            by=self._people.ministry,
            at=NOW,
        )

    @cached_property
    def invitation(self) -> int:
        return self._invitation.pk

    @cached_property
    def token(self) -> str:
        return token_of(self._invitation)

    @cached_property
    def membership(self) -> int:
        return self._people.school.memberships.get().pk

    @cached_property
    def registry(self) -> int:
        """A file that the ministry's officer has uploaded."""
        row = {
            "code": "А1-Ш9",
            "name": "Школа № 9",
            "short_name": "Школа № 9",
            "parent": "А1",
            "ownership": MUNICIPAL,
        }
        book = registry_book.book([[row.get(column.key, "") for column in COLUMNS]], authorities=[])
        return keep_upload(
            book, "schools.xlsx", region=self._region.region, on=date(2023, 12, 1), by=self._people.ministry, at=NOW
        ).pk

    @cached_property
    def key(self) -> int:
        """A key of the ministry's officer."""
        person = self._people.ministry
        return make(person, name="выгрузка", expires=date(2024, 6, 1), by=person, at=NOW)[0].pk

    @cached_property
    def _adopted(self) -> PlanVersion:
        return adopted(self._region, self._people)

    @cached_property
    def version(self) -> int:
        return self._adopted.pk

    @cached_property
    def plan(self) -> int:
        return self._adopted.plan_id

    @cached_property
    def measure(self) -> int:
        return self._adopted.wordings.get(number="2").measure_id

    @cached_property
    def _obligation(self) -> Obligation:
        return Obligation.objects.filter(measure=self.measure, organisation=self.school).earliest("pk")

    @cached_property
    def obligation(self) -> int:
        return self._obligation.pk

    @cached_property
    def attachment(self) -> int:
        report = obligations.report(self._obligation, order(), by=self._people.school, at=NOW)
        return Attachment.objects.get(report=report).pk

    @cached_property
    def _draft(self) -> PlanVersion:
        return uploaded(self._region, self._people)

    @cached_property
    def draft(self) -> int:
        return self._draft.pk

    @cached_property
    def row(self) -> int:
        return self._draft.wordings.get(number="2").pk

    @cached_property
    def finding(self) -> int:
        return self._draft.findings.earliest("position").pk

    @cached_property
    def assignment(self) -> int:
        return Assignment.objects.filter(wording=self.row).earliest("pk").pk

    @cached_property
    def exemption(self) -> int:
        made = versions.exempt(
            self._draft.wordings.get(number="2"),
            self._region.schools[0],
            reason="закрыта на ремонт",
            by=self._people.ministry,
            at=NOW,
        )
        return made.pk

    @cached_property
    def notice(self) -> int:
        """Something that the school's officer is told."""
        thing = ("orgs.organisation", self.school)
        tell([Fresh(user=self.school_officer, kind="assigned", key="assigned", thing=thing, at=NOW)])
        return Notice.objects.get(user=self._people.school).pk

    @cached_property
    def letter(self) -> int:
        """A letter to the school's officer that was refused."""
        draft = Draft("digest:1", Letter.Kind.DIGEST, "school@example.org", "Сводка", "", region=self.region)
        made = write([draft], at=NOW)
        Letter.objects.update(state=Letter.State.FAILED)
        return made["digest:1"]

    @cached_property
    def _wave(self) -> Wave:
        """An open wave that asks all schools."""
        return opened_wave(self._region, self._people)

    @cached_property
    def wave(self) -> int:
        return self._wave.pk

    @cached_property
    def campaign(self) -> int:
        return self._wave.campaign_id

    @cached_property
    def _submission(self) -> Submission:
        return answer_of(self._wave, self._region.schools[0])

    @cached_property
    def submission(self) -> int:
        """What the first school is to answer."""
        return self._submission.pk

    @cached_property
    def draft_file(self) -> int:
        """A file that the first school has attached and not sent."""
        return SubmissionFile.objects.create(
            submission=self._submission,
            place="order",
            file=files.store_evidence(Upload("приказ.pdf", PDF), at=NOW),
            name="приказ.pdf",
            at=NOW,
            by=self._people.school,
        ).pk

    @cached_property
    def answer(self) -> int:
        """What the first school has sent, with a doubt about it."""
        sent = submissions.submit(self._submission, answers=ANSWERS | {"pupils": 200}, by=self._people.school, at=NOW)
        follow_ups.refresh(self._wave, at=NOW)
        return sent.submission_id

    @cached_property
    def form(self) -> int:
        """A published version of a form."""
        draft = forms.upload(small(), "form.xlsx", region=self._region.region, by=self._people.coordinator, at=NOW)
        return forms.publish(draft, by=self._people.coordinator, at=NOW).pk

    @cached_property
    def form_draft(self) -> int:
        """A draft that can be published."""
        data, by = small(name="second"), self._people.coordinator
        return forms.upload(data, "form.xlsx", region=self._region.region, by=by, at=NOW).pk

    suffix = "csv"
    register_kind = "responsible"
    register_form = "xlsx"

    @cached_property
    def register_record(self) -> int:
        """The responsible person of the first school, with a scan of the order."""
        entry = registers.Entry(
            "responsible",
            self.school,
            {"person": {"name": "Иванова Анна Петровна", "post": "заместитель директора"}},
            act=registers.Act("Приказ", "12-ОД", date(2023, 8, 25)),
        )
        made = registers.correct(
            entry,
            since=date(2023, 8, 25),
            reason="принят на бумаге",
            upload=order().files[0],
            by=self._people.coordinator,
            at=NOW,
        )
        return made.pk

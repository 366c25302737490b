"""How a form becomes a published version: uploaded as a workbook, tried, published, withdrawn; or with the pack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from profminimum.journal import services as journal
from profminimum.monitoring import pack
from profminimum.monitoring.models import Form, FormVersion
from profminimum.monitoring.schema.burden import burden
from profminimum.monitoring.schema.loading import dump, load
from profminimum.monitoring.services.established import ACT
from profminimum.monitoring.xlsform import reading
from profminimum.orgs import access
from profminimum.plan import files
from profminimum.plan.pack import PackError
from profminimum.registers.queries import kinds
from profminimum.web.sheets import XLSX

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from profminimum.orgs.models import Organisation, User

State: Final = FormVersion.State


def registers() -> dict[str, set[str]]:
    """The registers of the pack with their fields, those of the act among them: what a form may name.

    ValidationError names what is wrong with the pack.
    """
    try:
        return {name: {*kind.fields, *ACT} for name, kind in kinds().items()}
    except PackError as error:
        raise ValidationError(str(error)) from error


@transaction.atomic
def upload(data: bytes, name: str, *, region: Organisation, by: User, at: datetime) -> FormVersion:
    """Keep a workbook as a draft version of the form that it names, with what is wrong with it by cell.

    A draft that the form has already is replaced; the workbook itself is kept for ever. Refuses (ValidationError on
    `file`) a file in which no form can be recognised at all.
    """
    access.require(by, "form.edit", region)
    if not data:
        raise ValidationError({"file": _("The file «%(name)s» is empty. Choose it again.") % {"name": name}})
    read = reading.read(data, name, registers())
    if not read.name:
        raise ValidationError({"file": [said(fault.message) for fault in read.faults]})
    form, _new = Form.objects.get_or_create(
        region=region, name=read.name, defaults={"title": read.title[:300], "created": at}
    )
    form = Form.objects.select_for_update(of=("self",)).get(pk=form.pk)
    ask = burden(read.definition) if read.definition else None
    values: dict[str, Any] = {
        "title": read.title[:300],
        "definition": dump(read.definition) if read.definition else None,
        "faults": [{"sheet": f.sheet, "cell": f.cell, "severity": f.severity, **f.message} for f in read.faults],
        "fields": ask.fields if ask else 0,
        "minutes": ask.minutes if ask else 0,
        "source": files.store(data, XLSX, at=at),
        "source_name": name[:255],
        "uploaded": at,
        "uploaded_by": by,
    }
    draft = form.versions.filter(state=State.DRAFT).first()
    if draft is None:
        last = form.versions.order_by("-number").values_list("number", flat=True).first()
        draft = FormVersion(form=form, number=(last or 0) + 1, state=State.DRAFT)
    for field, value in values.items():
        setattr(draft, field, value)
    draft.save()
    if not form.versions.exclude(state=State.DRAFT).exists():
        Form.objects.filter(pk=form.pk).update(title=read.title[:300])
    facts = {"file": name, "number": draft.number, "faults": len(read.errors)}
    journal.record("form.uploaded", draft, by=by, at=at, organisation=region.pk, after=facts)
    return draft


def said(words: Mapping[str, str]) -> str:
    """The words in the reader's language."""
    return words.get(get_language() or "ru") or words["ru"]


@transaction.atomic
def publish(version: FormVersion, *, by: User, at: datetime) -> FormVersion:
    """Publish a draft: from now on it never changes, and waves that open take it. Refuses one with faults."""
    access.require(by, "form.edit", version)
    version = FormVersion.objects.select_for_update(of=("self",)).select_related("form").get(pk=version.pk)
    if version.state != State.DRAFT:
        raise ValidationError(_("This version has been published already."))
    if version.definition is None:
        raise ValidationError(_("The workbook has faults: mend them and upload it again."))
    version.state, version.published, version.published_by = State.PUBLISHED, at, by
    version.save()
    Form.objects.filter(pk=version.form_id).update(title=version.title)
    journal.record(
        "form.published",
        version,
        by=by,
        at=at,
        organisation=version.form.region_id,
        after={"number": version.number, "fields": version.fields},
    )
    return version


@transaction.atomic
def withdraw(version: FormVersion, *, reason: str, by: User, at: datetime) -> FormVersion:
    """Waves that open from now on do not take this version; those that have it keep it."""
    access.require(by, "form.edit", version)
    version = FormVersion.objects.select_for_update(of=("self",)).select_related("form").get(pk=version.pk)
    if version.state != State.PUBLISHED:
        raise ValidationError(_("Only a published version can be withdrawn."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why it is withdrawn.")})
    version.state = State.WITHDRAWN
    version.save()
    journal.record(
        "form.withdrawn", version, by=by, at=at, organisation=version.form.region_id, reason=reason.strip()
    )
    return version


@transaction.atomic
def install(folder: Path, *, region: Organisation, by: User, at: datetime) -> list[FormVersion]:
    """Publish the forms of a pack that the region does not have yet in that very state; gives those that are new.

    All or nothing: refuses (ValidationError naming file and cell) a pack one of whose workbooks has errors.
    """
    made = []
    for path in pack.forms(folder):
        data = path.read_bytes()
        read = reading.read(data, path.name, registers())
        if read.definition is None:
            first = read.errors[0]
            raise ValidationError(f"{path.name} {first.place}: {said(first.message)}")
        known = (
            FormVersion.objects.filter(form__region=region, form__name=read.definition.name, state=State.PUBLISHED)
            .order_by("-number")
            .first()
        )
        if known is not None and known.definition is not None and load(known.definition) == read.definition:
            continue
        made.append(publish(upload(data, path.name, region=region, by=by, at=at), by=by, at=at))
    return made

"""From a workbook to a published form and its withdrawal: what is kept, what is refused, what the journal says."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from form_books import SURVEY, book, broken, form, small
from monitoring_waves import OPENED, published
from profminimum.journal.models import Entry
from profminimum.monitoring import definitions
from profminimum.monitoring.models import Form, FormVersion
from profminimum.monitoring.queries import forms as queries
from profminimum.monitoring.services import forms
from profminimum.orgs.access import DeniedError
from profminimum.plan import files

if TYPE_CHECKING:
    from factories import SmallRegion
    from people import People

PACK = Path(__file__).parents[2] / "packs" / "profminimum_2023"


def brought(region: SmallRegion, people: People, data: bytes, name: str = "форма.xlsx") -> FormVersion:
    return forms.upload(data, name, region=region.region, by=people.coordinator, at=OPENED)


def actions(version: FormVersion) -> list[str]:
    found = Entry.objects.filter(object_type="monitoring.formversion", object_id=version.pk).order_by("pk")
    return [entry.action for entry in found]


def test_a_workbook_becomes_a_draft_and_then_a_version_that_never_changes(
    region: SmallRegion, people: People
) -> None:
    data = small()
    draft = brought(region, people, data)
    assert (draft.form.name, draft.title, draft.number, draft.state) == ("covering", "Охват обучающихся", 1, "draft")
    assert (draft.fields, draft.minutes) == (2, 1)
    assert draft.source is not None
    assert files.path_of(draft.source.sha256).read_bytes() == data
    with pytest.raises(LookupError):
        definitions.definition(draft.pk)
    version = forms.publish(draft, by=people.coordinator, at=OPENED)
    assert definitions.definition(version.pk).items[0].name == "figures"
    assert actions(version) == ["form.uploaded", "form.published"]
    with pytest.raises(ValidationError):
        forms.publish(version, by=people.coordinator, at=OPENED)


def test_a_new_workbook_replaces_the_draft_but_no_published_version(region: SmallRegion, people: People) -> None:
    first = brought(region, people, broken())
    assert first.definition is None
    assert [(one["sheet"], one["cell"], one["severity"]) for one in first.faults if one["severity"] == "error"] == [
        ("survey", "E4", "error")
    ]
    with pytest.raises(ValidationError):
        forms.publish(first, by=people.coordinator, at=OPENED)
    mended = brought(region, people, small())
    assert (mended.pk, mended.number) == (first.pk, 1)
    forms.publish(mended, by=people.coordinator, at=OPENED)
    second = brought(region, people, small(title="Охват, новая форма"))
    assert (second.number, second.form.versions.count()) == (2, 2)
    assert Form.objects.get(pk=second.form_id).title == "Охват обучающихся"
    forms.publish(second, by=people.coordinator, at=OPENED)
    assert Form.objects.get(pk=second.form_id).title == "Охват, новая форма"


@pytest.mark.parametrize("data", [b"", b"no workbook", book(лист=[("a",)])])
def test_what_is_no_form_is_refused_and_leaves_nothing(region: SmallRegion, people: People, data: bytes) -> None:
    with pytest.raises(ValidationError) as refused:
        brought(region, people, data)
    assert "file" in refused.value.message_dict
    assert not Form.objects.exists()
    assert not FormVersion.objects.exists()


def test_only_those_who_make_forms_may(region: SmallRegion, people: People) -> None:
    with pytest.raises(DeniedError):
        forms.upload(small(), "f.xlsx", region=region.region, by=people.school, at=OPENED)
    version = published(region, people)
    with pytest.raises(DeniedError):
        forms.withdraw(version, reason="устарела", by=people.municipal, at=OPENED)


def test_a_version_is_withdrawn_with_a_reason_and_stays_readable(region: SmallRegion, people: People) -> None:
    version = forms.publish(brought(region, people, small()), by=people.coordinator, at=OPENED)
    with pytest.raises(ValidationError):
        forms.withdraw(version, reason=" ", by=people.coordinator, at=OPENED)
    gone = forms.withdraw(version, reason="вопросы устарели", by=people.coordinator, at=OPENED)
    assert gone.state == "withdrawn"
    assert definitions.definition(gone.pk)
    assert FormVersion.objects.visible_to(people.school).filter(pk=gone.pk).exists()
    assert Entry.objects.filter(action="form.withdrawn").get().reason == "вопросы устарели"
    with pytest.raises(ValidationError):
        forms.withdraw(gone, reason="ещё раз", by=people.coordinator, at=OPENED)


def test_drafts_are_seen_by_makers_alone(region: SmallRegion, people: People) -> None:
    draft = brought(region, people, small())
    seen = {
        name: FormVersion.objects.visible_to(user).filter(pk=draft.pk).exists()
        for name, user in people
        if name != "newcomer"
    }
    assert {name for name, here in seen.items() if here} == {"ministry", "coordinator"}


def test_the_pack_is_published_once_and_again_when_it_changes(
    region: SmallRegion, people: People, tmp_path: Path
) -> None:
    made = forms.install(PACK, region=region.region, by=people.coordinator, at=OPENED)
    assert {version.form.name for version in made} == {path.stem for path in (PACK / "forms").glob("*.xlsx")}
    assert forms.install(PACK, region=region.region, by=people.coordinator, at=OPENED) == []
    (tmp_path / "forms").mkdir()
    shutil.copy(PACK / "forms" / "level.xlsx", tmp_path / "forms" / "level.xlsx")
    (tmp_path / "forms" / "responsible.xlsx").write_bytes(small(name="responsible"))
    (again,) = forms.install(tmp_path, region=region.region, by=people.coordinator, at=OPENED)
    assert (again.form.name, again.number) == ("responsible", 2)


def test_a_broken_form_of_a_pack_publishes_nothing(region: SmallRegion, people: People, tmp_path: Path) -> None:
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms" / "a.xlsx").write_bytes(small())
    (tmp_path / "forms" / "b.xlsx").write_bytes(broken())
    with pytest.raises(ValidationError, match=r"b\.xlsx survey!E4"):
        forms.install(tmp_path, region=region.region, by=people.coordinator, at=OPENED)
    assert not FormVersion.objects.exists()


def test_a_register_that_the_pack_does_not_keep_is_refused(region: SmallRegion, people: People) -> None:
    data = form(("integer", "a", "А", "А", "level.wrong"), heads=(*SURVEY[0], "pm:register"))
    (fault,) = [one for one in brought(region, people, data).faults if one["severity"] == "error"]
    assert fault["cell"] == "E2"
    assert settings.PACK.name == "profminimum_2023"


def test_what_another_form_asks_already_is_told_with_its_reason(region: SmallRegion, people: People) -> None:
    forms.install(PACK, region=region.region, by=people.coordinator, at=OPENED)
    heads = (*SURVEY[0], "pm:source", "pm:register", "pm:kind")
    rows = [
        ("integer", "partners", "Партнёры", "Partners"),
        ("integer", "x1", "обучающихся 6–11 классов, чел.", "Pupils"),
        ("text", "who", "Ответственный", "Responsible", None, "responsible.person", "person"),
        ("text", "act_number", "Номер", "Number", None, "group.act_number"),
        ("text", "new", "Этого ещё никто не спрашивал", "New"),
        ("note", "plan", "План", "Plan"),
    ]
    draft = brought(region, people, form(*rows, heads=heads))
    assert draft.definition is not None, draft.faults
    found = {(twin.label, twin.form[:22]) for twin in queries.twins(draft)}
    assert ("Партнёры", "Мониторинг готовности ") in found
    assert ("обучающихся 6–11 классов, чел.", "Выбор уровня реализаци") in found
    assert ("Ответственный", "Назначение ответственн") in found
    assert ("Номер", "Состав рабочей группы ") in found
    assert not any(label in {"Этого ещё никто не спрашивал", "План"} for label, _form in found)
    assert ("Номер", "Назначение ответственн") not in found  # another register

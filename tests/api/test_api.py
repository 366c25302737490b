"""Whatever a person does in the browser a script does by the API, with the same rights and the same refusals."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from decrees import SEED, adopted
from profminimum.api import services
from profminimum.api.models import Key
from profminimum.journal.models import Entry
from profminimum.plan.models import Obligation
from profminimum.web import clock
from scripts import post, script

if TYPE_CHECKING:
    from datetime import datetime

    from factories import SmallRegion
    from people import People

    Answer = Any
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SNAPSHOT = Path(__file__).parents[2] / "docs" / "openapi.json"
pytestmark = pytest.mark.usefixtures("december")


def test_the_whole_way_from_a_decree_to_an_accepted_report(region: SmallRegion, people: People) -> None:
    ministry, school, municipal = script(people.ministry), script(people.school), script(people.municipal)
    file = SimpleUploadedFile("decree.docx", SEED.read_bytes())
    made = ministry.post("/api/v1/versions", {"file": file})
    assert made.status_code == 201, made.content
    version = made.json()
    assert [row["number"] for row in version["measures"]] == [str(n) for n in range(1, 13)]
    assert version["obstacles"]
    for finding in version["findings"]:
        take = finding["code"] == "due-outside-plan"
        decided = post(
            ministry,
            f"/versions/{version['id']}/findings/{finding['id']}",
            decision="accepted" if take else "kept",
            reason="проверено",
        )
        assert decided.status_code == 200, decided.content
    named = {"МОСО": region.ministry, "ГАУ СО АРЧК": region.coordinator, "ГАОУ ДПО ИРОСО": region.institute}
    for body in version["executors"]:
        target = {"МОУО": "authorities", "ОО": "schools"}.get(body["name"], "one")
        one = named.get(body["name"])
        answer = post(
            ministry, f"/versions/{version['id']}/executors/{body['id']}", target=target, organisation=one and one.pk
        )
        assert answer.status_code == 200, answer.content
    for row in version["measures"]:
        if row["number"] in {"1", "2", "3", "4", "8", "10"}:
            past = f"/versions/{version['id']}/rows/{row['wording']}/past"
            assert post(ministry, past, past="count", days=14, reason="от подписания").status_code == 200
    row = version["measures"][8]
    changed = post(
        ministry, f"/versions/{version['id']}/rows/{row['wording']}", due="2024-05-31", reason="до конца года"
    )
    assert changed.json()["measures"][8]["occurrences"] == ["2024-05-31"]
    plan = post(ministry, f"/versions/{version['id']}/adopt")
    assert plan.status_code == 200, plan.content
    mine = school.get("/api/v1/obligations?sort=measure").json()
    assert [item["number"] for item in mine["items"]] == ["2", "8", "9"]
    one_id = mine["items"][0]["id"]
    reported = school.post(
        f"/api/v1/obligations/{one_id}/report",
        {
            "act_kind": "приказ",
            "act_number": "12-ОД",
            "act_date": "2023-12-01",
            "files": SimpleUploadedFile("Приказ 12.pdf", PDF),
        },
    )
    assert reported.status_code == 200, reported.content
    assert reported.json()["state"] == "reported"
    assert reported.json()["reports"][0]["attachments"][0]["name"] == "Приказ 12.pdf"
    returned = post(municipal, f"/obligations/{one_id}/return", reason="Нет второй страницы")
    assert returned.json()["state"] == "returned"
    again = school.post(
        f"/api/v1/obligations/{one_id}/report",
        {"act_number": "12-ОД", "act_date": "2023-12-01", "files": SimpleUploadedFile("Приказ.pdf", PDF + b" ")},
    )
    assert again.status_code == 200
    assert post(municipal, f"/obligations/{one_id}/accept").json()["state"] == "accepted"
    figures = ministry.get("/api/v1/control").json()
    assert figures["rows"][1]["tally"]["accepted"] == 1
    steps = [one["step"] for one in school.get(f"/api/v1/obligations/{one_id}").json()["standings"]]
    assert steps == ["assign", "report", "return", "report", "accept"]


def test_another_date_is_asked_for_and_decided(region: SmallRegion, people: People) -> None:
    adopted(region, people)
    school, controller = script(people.school), script(people.controller)
    obligation = Obligation.objects.get(measure__number="9", organisation=region.schools[0])
    asked = post(school, f"/obligations/{obligation.pk}/extensions", new_due="2024-10-01", reason="курсы позже")
    assert asked.status_code == 201, asked.content
    refused = post(school, f"/extensions/{asked.json()['id']}/decide", granted=True)
    assert refused.status_code == 403
    granted = post(controller, f"/extensions/{asked.json()['id']}/decide", granted=True)
    assert granted.json()["decision"] == "granted"
    detail = school.get(f"/api/v1/obligations/{obligation.pk}").json()
    assert (detail["due"], detail["original_due"]) == ("2024-10-01", "2024-08-31")


def test_refusals_say_why(region: SmallRegion, people: People) -> None:
    adopted(region, people)
    school, other = script(people.school), script(people.other_school)
    mine = Obligation.objects.get(measure__number="2", organisation=region.schools[0])
    assert other.get(f"/api/v1/obligations/{mine.pk}").status_code == 404
    assert post(other, f"/obligations/{mine.pk}/accept").status_code == 404
    assert post(school, f"/obligations/{mine.pk}/accept").status_code == 403
    assert post(script(people.municipal), f"/obligations/{mine.pk}/accept").status_code == 409
    assert post(script(people.municipal), f"/obligations/{mine.pk}/dance").status_code == 404
    missing = school.post(f"/api/v1/obligations/{mine.pk}/report", {"comment": "сделано"})
    assert missing.status_code == 422
    assert set(missing.json()["errors"]) == {"act_number", "act_date", "files"}
    wrong = school.post(
        f"/api/v1/obligations/{mine.pk}/report",
        {"act_number": "1", "act_date": "2023-12-01", "files": SimpleUploadedFile("приказ.pdf", b"MZ\x90")},
    )
    assert "приказ.pdf" in wrong.json()["errors"]["files"][0]
    assert school.get("/api/v1/control").status_code == 403
    assert script(people.controller).post("/api/v1/versions", {"file": "x"}).status_code in {403, 422}


def test_a_draft_is_nobody_elses_business(region: SmallRegion, people: People) -> None:
    file = SimpleUploadedFile("decree.docx", SEED.read_bytes())
    made = script(people.ministry).post("/api/v1/versions", {"file": file}).json()
    assert script(people.controller).get(f"/api/v1/versions/{made['id']}").status_code == 404
    assert script(people.school).get(f"/api/v1/versions/{made['id']}").status_code == 404
    assert region.region.pk


def test_nobody_enters_without_a_key(people: People) -> None:
    assert Client().get("/api/v1/me").status_code == 401
    assert Client(headers={"Authorization": "Bearer pm_wrong"}).get("/api/v1/me").status_code == 401
    assert script(people.school).get("/api/v1/me").json()["full_name"] == people.school.full_name


def test_a_key_ends_by_date_by_revocation_and_with_its_person(people: People, december: datetime) -> None:
    client = script(people.school)
    key = Key.objects.get()
    assert key.hash not in str(Entry.objects.filter(action="key.made").values())
    with clock.at(december + timedelta(days=40)):
        assert client.get("/api/v1/me").status_code == 401
    people.school.is_active = False
    people.school.save()
    assert client.get("/api/v1/me").status_code == 401
    people.school.is_active = True
    people.school.save()
    services.revoke(key, by=people.school, at=december)
    assert client.get("/api/v1/me").status_code == 401


def test_the_page_of_keys(people: People) -> None:
    from people import browser  # noqa: PLC0415 - only this test looks at a page

    client = browser(people.school)
    assert "Ключей пока нет" in client.get("/keys/").content.decode()
    until = (clock.today() + timedelta(days=10)).isoformat()
    made = client.post("/keys/", {"name": "выгрузка", "expires": until})
    assert "pm_" in made.content.decode()
    assert "pm_" not in client.get("/keys/").content.decode()
    assert client.post("/keys/", {"name": "", "expires": "2020-01-01"}).status_code == 422
    too_far = (clock.today() + timedelta(days=900)).isoformat()
    assert client.post("/keys/", {"name": "долгий", "expires": too_far}).status_code == 422
    key = Key.objects.get()
    assert browser(people.municipal).post(f"/keys/{key.pk}/revoke/").status_code == 404
    assert client.post(f"/keys/{key.pk}/revoke/").status_code == 302
    assert Key.objects.get().revoked


def test_organisations_as_of_a_day(region: SmallRegion, people: People) -> None:
    client = script(people.ministry)
    everything = client.get("/api/v1/organisations?limit=3").json()
    assert len(everything["items"]) == 3
    assert everything["count"] == 12
    assert client.get("/api/v1/organisations?kind=school&q=лицей").json()["count"] == 1
    assert client.get("/api/v1/organisations?on=2019-01-01").json()["count"] == 0
    mine = script(people.school).get(f"/api/v1/organisations/{region.schools[1].pk}")
    assert mine.status_code == 404


def test_the_journal_is_followed_by_its_numbers(region: SmallRegion, people: People) -> None:
    adopted(region, people)
    client = script(people.controller)
    first = client.get("/api/v1/journal?limit=5").json()
    assert len(first["items"]) == 5
    rest = client.get(f"/api/v1/journal?after={first['next']}&limit=500").json()
    assert rest["items"][0]["id"] > first["items"][-1]["id"]
    assert client.get("/api/v1/journal?action=plan.adopted").json()["items"][0]["label"] == "План утверждён"
    assert script(people.institute).get("/api/v1/journal").status_code == 403


def test_plans_and_versions(region: SmallRegion, people: People) -> None:
    version = adopted(region, people)
    client = script(people.school)
    (plan,) = client.get("/api/v1/plans").json()
    assert plan["version"] == version.pk
    shown = client.get(f"/api/v1/versions/{version.pk}").json()
    assert shown["measures"][6]["due"] == date(2024, 3, 29).isoformat()


def test_the_description_is_the_one_in_docs() -> None:
    """`docs/openapi.json` is the contract; after a change on purpose: write it anew and read the difference."""
    from profminimum.api import urls  # noqa: F401, PLC0415 - adds the routers
    from profminimum.api.wire import api  # noqa: PLC0415 - as above

    described = json.dumps(
        api.get_openapi_schema(path_prefix="/api/v1/"), ensure_ascii=False, indent=1, sort_keys=True
    )
    assert SNAPSHOT.read_text(encoding="utf-8") == described + "\n"

"""An answer by the API: filled, sent, returned with a remark, checked, accepted, reopened; and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from monitoring_waves import ANSWERS, answer_of, opened_wave
from profminimum.monitoring.models import Remark, Submission
from scripts import patch, post, script

if TYPE_CHECKING:
    from factories import SmallRegion
    from people import People

pytestmark = pytest.mark.usefixtures("december")


def test_the_whole_way_of_an_answer(region: SmallRegion, people: People) -> None:
    wave = opened_wave(region, people)
    row = answer_of(wave, region.schools[0])
    school, municipal, coordinator = script(people.school), script(people.municipal), script(people.coordinator)
    form = school.get(f"/api/v1/forms/versions/{wave.version_id}").json()
    assert form["definition"]["items"][0]["name"] == "figures"
    mine = school.get(f"/api/v1/submissions?wave={wave.pk}").json()
    assert [one["id"] for one in mine["items"]] == [row.pk]
    saved = patch(school, f"/submissions/{row.pk}/draft", changes={"covered": 95, "grades.g6.all": "40"})
    assert saved.status_code == 200, saved.content
    assert saved.json()["answers"]["grades"] == {"g6": {"all": 40}}
    bad = post(school, f"/submissions/{row.pk}/submit")
    assert bad.status_code == 422
    assert set(bad.json()["errors"]) == {"has_order", "leader"}
    sent = post(school, f"/submissions/{row.pk}/submit", answers=ANSWERS)
    assert sent.status_code == 200, sent.content
    assert sent.json() == {"id": row.pk, "state": "submitted", "number": 1, "sent": "2023-12-02"}
    assert [one["id"] for one in municipal.get("/api/v1/submissions?reviewer=me").json()["items"]] == [row.pk]
    back = post(municipal, f"/submissions/{row.pk}/return", reason="Проверьте", remarks={"covered": "мало"})
    assert back.status_code == 200, back.content
    assert back.json()["remark_list"][0]["place"] == "covered"
    post(school, f"/submissions/{row.pk}/submit", answers=ANSWERS)
    assert post(municipal, f"/submissions/{row.pk}/check").json()["state"] == "checked"
    assert post(coordinator, f"/submissions/{row.pk}/accept").json()["state"] == "accepted"
    levels = coordinator.get("/api/v1/registers/level?period=2023/2024").json()
    assert [(one["organisation"], one["values"]) for one in levels["items"]] == [
        (region.schools[0].pk, {"level": "main"})
    ]
    assert coordinator.get("/api/v1/registers/level?on=2023-11-30").json()["count"] == 0
    assert coordinator.get("/api/v1/registers/nonsense").status_code == 404
    assert script(people.observer).get("/api/v1/registers").status_code == 403
    again = post(coordinator, f"/submissions/{row.pk}/reopen", reason="Ошибка")
    assert [one["state"] for one in again.json()["stages"]][-2:] == ["accepted", "returned"]
    counted = coordinator.get(f"/api/v1/waves/{wave.pk}").json()
    assert counted["answers"] == {"expected": 4, "returned": 1}


def test_strangers_and_wrong_turns(region: SmallRegion, people: People) -> None:
    wave = opened_wave(region, people)
    row = answer_of(wave, region.schools[0])
    stranger, municipal = script(people.other_school), script(people.municipal)
    for path in ("", "/draft"):
        assert stranger.get(f"/api/v1/submissions/{row.pk}{path}").status_code == 404
    assert patch(stranger, f"/submissions/{row.pk}/draft", changes={"covered": 1}).status_code == 404
    for step in ("submit", "check", "return", "reopen", "nonsense"):
        assert post(stranger, f"/submissions/{row.pk}/{step}", reason="х").status_code == 404
    assert municipal.get(f"/api/v1/submissions/{row.pk}/draft").status_code == 403
    assert post(municipal, f"/submissions/{row.pk}/submit", answers=ANSWERS).status_code == 403
    assert post(municipal, f"/submissions/{row.pk}/check").status_code == 403
    assert script(people.school).get(f"/api/v1/waves/{wave.pk}").status_code == 403
    assert Submission.objects.get(pk=row.pk).state == "expected"


def test_a_return_is_whole_or_nothing(region: SmallRegion, people: People) -> None:
    row = answer_of(opened_wave(region, people), region.schools[0])
    post(script(people.school), f"/submissions/{row.pk}/submit", answers=ANSWERS)
    municipal = script(people.municipal)
    for refused in (
        {"reason": " ", "remarks": {"covered": "мало"}},
        {"reason": "Проверьте", "remarks": {"нет": "х"}},
    ):
        assert post(municipal, f"/submissions/{row.pk}/return", **refused).status_code == 422
        assert not Remark.objects.exists()
    assert Submission.objects.get(pk=row.pk).state == "submitted"


def test_a_number_that_no_database_holds_is_refused(people: People) -> None:
    huge = "9" * 20
    school = script(people.school)
    for path in (
        f"submissions/{huge}",
        f"submissions?wave={huge}",
        f"submissions?offset={huge}",
        f"obligations/{huge}",
    ):
        assert school.get(f"/api/v1/{path}").status_code == 422, path

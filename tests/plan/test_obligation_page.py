"""The page of an obligation: reported, checked, extended, released through plain forms, refused with the reason."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from decrees import adopted
from evidence import EXE, PDF, order
from factories import small_region
from people import browser, people_of
from profminimum.plan.models import Attachment, Extension, Obligation, Standing
from profminimum.plan.services import extensions, obligations

if TYPE_CHECKING:
    from django.http import HttpResponse
    from pytest_django import DjangoAssertNumQueries
    from pytest_django.fixtures import Settings

    from factories import SmallRegion
    from people import People

pytestmark = pytest.mark.usefixtures("december")
AT = datetime(2023, 12, 1, 12, 0, tzinfo=ZoneInfo("Asia/Sakhalin"))


@pytest.fixture
def plan(region: SmallRegion, people: People) -> SmallRegion:
    adopted(region, people)
    return region


def of(organisation: Any, number: str = "2") -> Obligation:
    return Obligation.objects.filter(measure__number=number, organisation=organisation).earliest("occurrence__number")


def state(obligation: Obligation) -> str:
    return Standing.objects.at().get(obligation=obligation).state


def address(obligation: Obligation) -> str:
    return reverse("obligation", args=[obligation.pk])


def send(person: Any, obligation: Obligation, action: str, **data: Any) -> HttpResponse:
    return browser(person).post(address(obligation), {"action": action, **data})  # type: ignore[return-value]  # a response


def scan(name: str = "приказ.pdf", data: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def filled(**changes: Any) -> dict[str, Any]:
    return {
        "act_kind": "Приказ",
        "act_number": "17-ОД",
        "act_date": "2023-09-15",
        "attached": [scan()],
        **changes,
    }


def test_it_says_what_is_wanted_and_the_row_word_for_word(plan: SmallRegion, people: People) -> None:
    shown = browser(people.school).get(address(of(plan.schools[0]))).content.decode()
    assert "нужен распорядительный акт: номер, дата, файл" in shown
    assert "Назначение должностных лиц, ответственных за" in shown
    assert "До 22.08.2023" in shown, "the verbatim row"
    assert 'value="Приказ"' in shown, "the kind of act is proposed"
    assert 'capture="environment"' in shown


def test_a_school_reports_with_several_files(plan: SmallRegion, people: People) -> None:
    duty = of(plan.schools[0])
    answer = send(people.school, duty, "report", **filled(attached=[scan(), scan("../../список.pdf", PDF + b" ")]))
    assert answer.status_code == 302
    assert state(duty) == "reported"
    assert set(Attachment.objects.values_list("name", flat=True)) == {"приказ.pdf", "список.pdf"}
    shown = browser(people.municipal).get(address(duty)).content.decode()
    assert "17-ОД" in shown
    assert "приказ.pdf" in shown
    assert "Снять с контроля" in shown


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"act_number": ""}, "Укажите номер"),
        ({"act_date": "2024-01-01"}, "ещё не наступила"),
        ({"attached": []}, "Приложите документ"),
        ({"attached": [scan("приказ.pdf", EXE)]}, "приказ.pdf"),
        ({"attached": [scan(f"{n}.pdf") for n in range(11)]}, "Не больше 10 файлов"),
    ],
)
def test_what_is_refused_stays_filled_in(
    plan: SmallRegion, people: People, changes: dict[str, Any], said: str
) -> None:
    duty = of(plan.schools[0])
    answer = send(people.school, duty, "report", **filled(comment="сделано вовремя", **changes))
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert said in shown
    assert "сделано вовремя" in shown
    assert state(duty) == "assigned"


def test_a_request_that_is_too_large_is_answered_before_it_is_read(
    plan: SmallRegion, people: People, settings: Settings
) -> None:
    settings.UPLOAD_LIMIT = 1000
    duty = of(plan.schools[0])
    answer = send(people.school, duty, "report", **filled(attached=[scan(data=PDF + bytes(2 * 2**20))]))
    assert answer.status_code == 413
    assert "Файлы слишком велики" in answer.content.decode()
    answer = send(people.school, duty, "report", **filled(attached=[scan(data=PDF + bytes(2000))]))
    assert answer.status_code == 422
    assert state(duty) == "assigned"


def test_a_forged_form_is_refused(plan: SmallRegion, people: People) -> None:
    client = browser(people.school)
    client.handler.enforce_csrf_checks = True
    assert client.post(address(of(plan.schools[0])), {"action": "report"}).status_code == 403


def test_the_checker_accepts_and_goes_on_to_the_next(plan: SmallRegion, people: People) -> None:
    first, second = of(plan.authorities[0]), of(plan.authorities[1])
    obligations.report(first, order(), by=people.municipal, at=AT)
    obligations.report(second, order(), by=people.other_municipal, at=AT)
    answer = send(people.ministry, first, "accept")
    assert answer["Location"] == address(second) + "#content"
    assert state(first) == "accepted"
    assert send(people.ministry, second, "return", reason="нет печати")["Location"] == address(second) + "#content"
    assert state(second) == "returned"
    assert "нет печати" in browser(people.other_municipal).get(address(second)).content.decode()


def test_a_return_without_a_reason_is_refused(plan: SmallRegion, people: People) -> None:
    duty = of(plan.schools[0])
    obligations.report(duty, order(), by=people.school, at=AT)
    answer = send(people.municipal, duty, "return", reason=" ")
    assert answer.status_code == 422
    assert "Укажите причину" in answer.content.decode()
    assert state(duty) == "reported"


def test_somebody_was_quicker(plan: SmallRegion, people: People) -> None:
    duty = of(plan.schools[0])
    obligations.report(duty, order(), by=people.school, at=AT)
    obligations.accept(duty, by=people.municipal, at=AT)
    answer = send(people.coordinator, duty, "return", reason="поздно")
    assert answer.status_code == 409
    assert "Состояние уже изменилось" in answer.content.decode()
    assert state(duty) == "accepted"


@pytest.mark.parametrize(
    ("who", "action"),
    [
        ("municipal", "report"),
        ("observer", "report"),
        ("school", "accept"),
        ("municipal", "waive"),
        ("coordinator", "extend"),
        ("administrator", "accept"),
    ],
)
def test_without_the_right_it_is_refused_with_the_reason(
    plan: SmallRegion, people: People, who: str, action: str
) -> None:
    duty = of(plan.schools[0])
    data = filled() if action == "report" else {"reason": "так", "new_due": "2024-01-15"}
    answer = send(getattr(people, who), duty, action, **data)
    assert answer.status_code == 403
    assert state(duty) == "assigned"


def test_strangers_do_not_learn_that_it_exists(plan: SmallRegion, people: People) -> None:
    duty = of(plan.schools[0])
    other = people_of(small_region(code="66"), domain="example.net")
    for person in (other.ministry, other.school, people.other_school, people.institute, people.newcomer):
        assert browser(person).get(address(duty)).status_code == 404
        assert send(person, duty, "accept").status_code == 404
    assert browser(None).get(address(duty)).status_code == 302
    assert send(people.school, duty, "nonsense").status_code == 404
    assert browser(people.school).put(address(duty)).status_code == 405


def test_another_date_is_asked_for_withdrawn_granted(plan: SmallRegion, people: People) -> None:
    duty = of(plan.schools[0])
    assert send(people.school, duty, "ask", new_due="2024-01-15", reason="карантин").status_code == 302
    assert "Отозвать запрос" in browser(people.school).get(address(duty)).content.decode()
    assert send(people.school, duty, "withdraw").status_code == 302
    assert send(people.school, duty, "withdraw").status_code == 422
    assert send(people.school, duty, "ask", new_due="2023-09-01", reason="карантин").status_code == 422
    send(people.school, duty, "ask", new_due="2024-01-15", reason="карантин")
    assert send(people.controller, duty, "refuse", reason="").status_code == 422
    assert send(people.controller, duty, "grant", new_due="2024-01-10").status_code == 302
    last = Standing.objects.at().get(obligation=duty)
    assert last.due == date(2024, 1, 10)
    shown = browser(people.school).get(address(duty)).content.decode()
    assert "22\u00a0сентября" in shown, "the date of the plan stays"
    assert "10\u00a0января" in shown
    assert Extension.objects.filter(decision="withdrawn").count() == 1


def test_released_and_put_under_control_again(plan: SmallRegion, people: People) -> None:
    duty = of(plan.schools[0])
    assert send(people.ministry, duty, "waive", reason="вечерняя школа").status_code == 302
    assert "вечерняя школа" in browser(people.school).get(address(duty)).content.decode()
    assert send(people.ministry, duty, "resume", reason="ошибка").status_code == 302
    assert state(duty) == "assigned"
    assert send(people.ministry, duty, "extend", reason="каникулы", new_due="2024-01-15").status_code == 302


def test_an_observer_sees_neither_evidence_nor_names(plan: SmallRegion, people: People) -> None:
    duty = of(plan.schools[0])
    obligations.report(duty, order("99-СЕКРЕТ"), by=people.school, at=AT)
    shown = browser(people.observer).get(address(duty)).content.decode()
    assert "99-СЕКРЕТ" not in shown
    assert "Школьникова" not in shown
    assert "приказ.pdf" not in shown
    assert "Исполнено" in shown


def test_constant_queries(
    plan: SmallRegion, people: People, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    duty = of(plan.authorities[0])
    other = of(plan.authorities[1])
    obligations.report(other, order(), by=people.other_municipal, at=AT)
    obligations.report(duty, order(), by=people.municipal, at=AT)
    client = browser(people.ministry)
    client.get(address(duty))
    with django_assert_num_queries(11):
        client.get(address(duty))
    for number in range(2):
        obligations.send_back(duty, reason=f"раз {number}", by=people.ministry, at=AT)
        extensions.extend([duty.pk], new_due=date(2024, 1, 10 + number), reason="так", by=people.ministry, at=AT)
        obligations.report(duty, order(), by=people.municipal, at=AT)
    with django_assert_num_queries(11):
        client.get(address(duty))

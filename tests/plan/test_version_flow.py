"""The way of a decree through the pages, as a ministry officer goes it: uploaded, decided, adopted, amended."""

from __future__ import annotations

import copy
import io
from datetime import date
from typing import TYPE_CHECKING, Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from decrees import SEED, adopted
from people import browser
from profminimum.journal.models import Entry
from profminimum.plan.models import Exemption, Finding, Obligation, PlanVersion, Standing
from profminimum.plan.queries import reach
from profminimum.plan.queries.review import review
from profminimum.plan.services import adoption, obligations
from profminimum.plan.services.obligations import Answer
from profminimum.web import clock

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

    from factories import SmallRegion
    from people import People

pytestmark = pytest.mark.usefixtures("december")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def send(client: Client, data: bytes, query: str = "", name: str = "decree.docx") -> HttpResponse:
    return client.post(reverse("version_upload") + query, {"file": SimpleUploadedFile(name, data, content_type=DOCX)})  # type: ignore[return-value]  # the test client's own kind of response


def post(client: Client, page: str, *args: int, **data: Any) -> None:
    """A form that must be taken."""
    response = client.post(reverse(page, args=args), data)
    assert response.status_code == 302, response.content.decode()


def decide(client: Client, version: PlanVersion) -> None:
    """Every doubt, as the page offers it: proposals accepted, days off moved, the rest left with a reason."""
    for doubt in review(version).weighty:
        if not doubt.open:
            continue
        given = {"decision": "kept", "reason": "проверено по подлиннику"}
        if doubt.offers:
            given = {"decision": "accepted", "option": doubt.offers[0].key}
        post(client, "version_doubt", version.pk, doubt.finding.pk, **given)


def match(client: Client, version: PlanVersion, region: SmallRegion) -> None:
    named = {"МОСО": region.ministry, "ГАУ СО АРЧК": region.coordinator, "ГАОУ ДПО ИРОСО": region.institute}
    data: dict[str, Any] = {}
    for executor in version.executors.all():
        one = named.get(executor.name)
        data[f"e{executor.pk}-target"] = "one" if one else executor.target
        data[f"e{executor.pk}-organisation"] = one.pk if one else ""
    post(client, "version_executors", version.pk, **data)


def test_from_the_file_to_the_obligations(region: SmallRegion, people: People) -> None:
    client = browser(people.ministry)
    assert send(client, SEED.read_bytes()).status_code == 302
    version = PlanVersion.objects.get()
    page = client.get(reverse("version", args=[version.pk])).content.decode()
    assert "осталось решить 8 из 8" in page
    assert "срок 29.03.2023 → 29.03.2024, пятница" in page

    decide(client, version)
    assert version.findings.filter(decision="").exclude(severity="info").count() == review(version).past_left == 6
    row7 = version.wordings.get(number="7")
    assert (row7.due, row7.occurrences) == (date(2024, 3, 29), ["2024-03-29"])
    assert not row7.findings.filter(decision="").exists(), "the doubt about the early date is gone with the date"
    assert version.wordings.get(number="12").occurrences == ["2023-12-01", "2024-05-31"]
    assert version.wordings.get(number="8").assignments.filter(executor__name="ГАОУ ДПО ИРОСО").exists()

    post(client, "version_notes", version.pk, reason="сведения учтены")
    assert not version.findings.filter(decision="", severity="info").exists()
    match(client, version, region)
    row2 = version.wordings.get(number="2")
    post(
        client,
        "version_exempt",
        version.pk,
        wording=row2.pk,
        organisation=region.schools[0].pk,
        reason="вечерняя школа",
    )
    early = [row.wording.pk for row in review(version).early_rows]
    post(client, "version_past", version.pk, rows=early, past="count", days=10, reason="от подписания")
    assert not version.findings.filter(decision="").exists()
    assert adoption.obstacles(version) == []
    assert review(version).left == 0

    page = client.get(reverse("version", args=[version.pk]) + "?step=4").content.decode()
    assert "Будет создано 38 поручений для 10 организаций." in page
    act = {"act_number": "3.12-1264-р", "act_date": "2023-09-08", "confirm": "on"}
    response = client.post(reverse("version_adopt", args=[version.pk]), act)
    version.refresh_from_db()
    assert response["Location"] == reverse("plan", args=[version.plan_id])
    assert Obligation.objects.count() == 38
    assert not Obligation.objects.filter(measure__number="2", organisation=region.schools[0]).exists()
    assert set(Standing.objects.filter(measure__number="2").values_list("due", flat=True)) == {date(2023, 9, 18)}
    assert not Standing.objects.at().overdue(date(2023, 9, 18)).exists(), "nobody begins in arrears"
    page = client.get(response["Location"]).content.decode()
    assert "План утверждён: 38" in page
    assert "29.03.2024" in page


def amended_text() -> bytes:
    """The seed with row 9 due earlier, row 6 gone and a row 13 more."""
    document = docx.Document(str(SEED))
    table = max(document.tables, key=lambda one: len(one.rows))
    for row in list(table.rows):
        number = row.cells[0].text.strip()
        if number == "9":
            row.cells[2].text = "До 31.05.2024"
        elif number == "6":
            row._tr.getparent().remove(row._tr)
        elif number == "12":
            row._tr.addnext(copy.deepcopy(row._tr))
    last = table.rows[-1]
    for index, words in ((0, "13"), (1, "Проведение слёта профориентационных команд"), (2, "До 19.04.2024")):
        last.cells[index].text = words
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_an_amendment_is_a_diff_and_keeps_what_is_reported(region: SmallRegion, people: People) -> None:
    before = adopted(region, people)
    done = Obligation.objects.get(measure__number="9", organisation=region.schools[0])
    answer = Answer(comment="сделано", no_evidence_reason="документ в деле")
    obligations.report(done, answer, by=people.school, at=clock.now())
    client = browser(people.ministry)
    assert send(client, amended_text(), f"?amends={before.pk}").status_code == 302
    draft = PlanVersion.objects.get(amends=before)
    act = {"act_kind": "распоряжение", "act_number": "3.12-99-р", "act_date": "2023-12-01", "title": draft.title}
    period = {"school_year": draft.school_year, "start": "2023-09-01", "end": "2024-08-31"}
    post(client, "version_act", draft.pk, **act, **period, reason="реквизиты по подлиннику")
    draft.refresh_from_db()
    assert review(draft).early_rows, "until decisions are repeated, dates corrected before are read as written"

    post(client, "version_carry", draft.pk)
    found = review(draft)
    assert [row.wording.number for row in found.early_rows] == [], "dates that the plan has are under control already"
    assert draft.wordings.get(number="7").due == date(2024, 3, 29)
    assert found.executors_left == 0
    decide(client, draft)
    assert adoption.obstacles(draft) == []

    page = client.get(reverse("version", args=[draft.pk]) + "?step=5").content.decode()
    assert "1 пункт изменён" in page
    assert "1 пункт добавлен" in page
    assert "1 пункт исключён" in page
    assert "<ins>До 31.05.2024</ins>" in page.replace("31.05.2024 </ins>", "31.05.2024</ins>")
    promised = reach.effect(
        draft,
        list(draft.wordings.all()),
        reach.reach(draft, review(draft).rows, date(2023, 12, 1)),
        date(2023, 12, 1),
    )
    kept = Standing.objects.at().get(obligation__measure__number="2", organisation=region.schools[0]).due
    post(client, "version_adopt", draft.pk, act_number="3.12-99-р", act_date="2023-12-01", confirm="on")
    entry = Entry.objects.get(action="plan.amended")
    assert entry.after["assigned"] == promised.assigned == 1
    assert entry.after["waived"] == promised.waived == 1
    assert entry.after["rescheduled"] == promised.rescheduled == 7
    assert promised.kept == 1
    assert Standing.objects.at().get(obligation=done).state == "reported"
    last = Standing.objects.at().get(obligation__measure__number="2", organisation=region.schools[0])
    assert last.due == kept == date(2023, 9, 22), "the date that was counted from the first signature stays"
    assert PlanVersion.objects.get(pk=before.pk).state == "superseded"


def test_exceptions_are_made_and_withdrawn(region: SmallRegion, people: People) -> None:
    client = browser(people.ministry)
    send(client, SEED.read_bytes())
    version = PlanVersion.objects.get()
    row = version.wordings.get(number="2")
    post(
        client, "version_exempt", version.pk, wording=row.pk, organisation=region.schools[1].pk, reason="закрывается"
    )
    made = Exemption.objects.get()
    page = client.get(reverse("version", args=[version.pk]) + "?step=2&q=№ 1").content.decode()
    assert "закрывается" in page
    assert region.schools[0].states.get().short_name in page
    post(client, "version_end_exemption", version.pk, made.pk)
    assert not Exemption.objects.exists()
    assert Entry.objects.filter(action="exemption.ended").exists()


def test_a_row_is_corrected_with_its_doubt_and_executors_come_and_go(region: SmallRegion, people: People) -> None:
    client = browser(people.ministry)
    send(client, SEED.read_bytes())
    version = PlanVersion.objects.get()
    row = version.wordings.get(number="5")
    finding = row.findings.get(code="non-working-day")
    data: dict[str, Any] = {
        "number": "5",
        "title": row.title,
        "term_kind": "date",
        "start": "",
        "due": "2023-10-02",
        "rrule": "",
        "occurrences": "30.09.2023",
        "result_0": row.results[0]["text"],
        "owner_0": row.results[0]["owner"],
        "findings": [finding.pk],
        "reason": "суббота",
    }
    post(client, "version_row", version.pk, row.pk, **data)
    row.refresh_from_db()
    finding.refresh_from_db()
    assert (row.due, row.occurrences) == (date(2023, 10, 2), ["2023-10-02"])
    assert (finding.decision, finding.reason) == (Finding.Decision.CORRECTED, "суббота")
    post(client, "version_add_executor", version.pk, row.pk, name="МОУО", reason="по смыслу пункта")
    added = row.assignments.get(executor__name="МОУО")
    assert added.executor.target == "authorities"
    post(client, "version_drop_executor", version.pk, added.pk, reason="ошибочно")
    assert [a.executor.name for a in row.assignments.all()] == ["ГАУ СО АРЧК"]
    page = client.get(reverse("version", args=[version.pk]) + f"?row={row.position}").content.decode()
    assert "30.09.2023</del> → <ins>02.10.2023" in page


def test_a_draft_is_discarded_with_a_reason(region: SmallRegion, people: People) -> None:
    client = browser(people.ministry)
    send(client, SEED.read_bytes())
    version = PlanVersion.objects.get()
    post(client, "version_discard", version.pk, reason="загружен не тот файл")
    version.refresh_from_db()
    assert version.state == "discarded"
    assert "загружен не тот файл" in client.get(reverse("plans")).content.decode()
    page = client.get(reverse("version", args=[version.pk]))
    assert page.status_code == 200
    assert "Исправить понятое" not in page.content.decode()

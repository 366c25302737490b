"""A stranger's draft, file, template, export or remark is out of reach: in every address, parameter and form.

Strangers are all people of another region, and those of another municipality of the same one. Everything that belongs
to the first school carries a mark; no answer to a stranger may hold one, also inside workbooks.
"""

from __future__ import annotations

import io
import re
import zipfile
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from django.urls import URLResolver, get_resolver, reverse
from matrix_objects import NOW, Objects
from test_matrix import OURS, ROWS, addresses

from factories import small_region
from monitoring_waves import ANSWERS
from people import People, browser, people_of
from profminimum.monitoring.models import FollowUp, Submission
from profminimum.monitoring.services import campaigns, drafts, submissions
from profminimum.notices.models import Letter, Notice
from profminimum.orgs.models import OrganisationState
from scripts import script

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factories import SmallRegion
    from profminimum.orgs.models import User

pytestmark = pytest.mark.usefixtures("december")

MARK = "Чужоевидетьнельзя"
APPS = ("profminimum.monitoring", "profminimum.registers", "profminimum.notices")
# what these say is the same for the whole region: neither of them shows anything of a single organisation
SHARED = {"form_version", "form_workbook"}


def _names() -> Iterator[str]:
    """The addresses of these apps, by the module of their view."""

    def walk(resolver: URLResolver) -> Iterator[tuple[str, str]]:
        for each in resolver.url_patterns:
            if isinstance(each, URLResolver):
                yield from walk(each)
            elif each.name:
                yield each.name, str(each.callback.__module__)

    for name, module in walk(get_resolver()):
        if module.startswith(APPS) and name in OURS:
            yield name


NAMES = sorted(set(_names()))
OF_AN_OBJECT = [name for name in NAMES if ROWS[name].parameters and name not in ("register", "register_export")]


class Marked(Objects):
    """The objects of the matrix, and in the first school's answer, remarks, doubts, register and letters the mark."""

    @cached_property
    def whole(self) -> Marked:
        for name in ("campaign", "answer", "register_record", "letter", "notice", "form", "form_draft", "draft_file"):
            getattr(self, name)
        people, region = self._people, self._region
        row = Submission.objects.get(pk=self.answer)
        submissions.send_back(row, reason=f"{MARK} причина", by=people.municipal, at=NOW)
        row.refresh_from_db()
        drafts.save(row, changes={"comment": f"{MARK} черновик"}, by=people.school, at=NOW)
        leader = {"name": f"{MARK} Анна Петровна", "post": "директор", "phone": "+7 4242 12-34-56"}
        said = ANSWERS | {"comment": f"{MARK} ответ", "leader": leader, "order": MARK}
        submissions.submit(row, answers=said, by=people.school, at=NOW)
        row = Submission.objects.select_related("wave__campaign").get(pk=row.pk)
        submissions.remark(row, place="covered", text=f"{MARK} замечание", by=people.municipal, at=NOW)
        FollowUp.objects.filter(submission=row).delete()
        FollowUp.objects.create(
            wave=row.wave, submission=row, number=row.number, place="pupils", code="jump",
            facts={"value": 100, "last": 20, "share": 4}, found=NOW,
        )  # fmt: skip
        campaigns.exclude(
            self._wave.campaign, region.schools[1], reason=f"{MARK} исключение", by=people.coordinator, at=NOW
        )
        Letter.objects.update(subject=f"{MARK} письмо", text=MARK, address=f"{MARK.lower()}@example.org")
        Notice.objects.update(data={"title": f"{MARK} извещение", "reason": MARK})
        for place in (self._region.authorities[0], *self._region.schools_of(0), self._region.branch):
            state = OrganisationState.objects.get(organisation=place)
            state.short_name, state.email = f"{MARK} {state.short_name}"[:100], f"{place.pk}{MARK}@example.org"
            state.save()
        return self


@pytest.fixture
def region(db: None) -> SmallRegion:
    """With a third school of each authority, which has nothing to do with what is marked."""
    return small_region(per_authority=3)


@pytest.fixture
def found(region: SmallRegion, people: People) -> Marked:
    return Marked(region, people).whole


@pytest.fixture
def foreigners(db: None) -> People:
    """People of another region, one of every role."""
    return people_of(small_region(code="66"), domain="example.net")


def text_of(response: Any) -> str:
    """All that the answer says, workbooks unpacked."""
    body: bytes = response.getvalue() if response.streaming else response.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"\n".join(book.read(name) for name in book.namelist())
    return body.decode("utf-8", "replace") + str(response.headers)


def asked(person: User, address: str, method: str = "get", data: Any = None) -> tuple[int, str]:
    """Status and words; whatever the address changed is undone."""
    with transaction.atomic():
        response = getattr(browser(person), method)(address, data)
        words = text_of(response)
        transaction.set_rollback(True)
    return response.status_code, words


def address_of(name: str, found: Marked) -> str:
    return reverse(name, kwargs={key: getattr(found, value) for key, value in ROWS[name].parameters.items()})


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_of_another_region_reaches_an_object(method: str, found: Marked, foreigners: People) -> None:
    for name in OF_AN_OBJECT:
        address = address_of(name, found)
        for who, person in foreigners:
            status, words = asked(person, address, method)
            assert status in {403, 404, 405}, (name, who, status)
            assert MARK not in words, (name, who)


PARAMETERS = (
    "unit={authority}&sort=-sent", "unit={school}&organisation={school}", "words={mark}", "state=withdrawn",
    "wave={wave}&state=expected", "state=likely", "view=missing", "view=levels&by=units",
    "field=pupils&unit={authority}",
    "field=level&choice=main", "on=2023-12-01", "part=history", "part=exceptions", "base=sent&by=units",
    "obligation={obligation}", "plan={plan}&organisation={school}", "occurrence=1&measure={measure}",
    "code=jump&settled=all", "from=0&to=1&remark=covered", "draft=1&group=returned",
)  # fmt: skip


@pytest.mark.one_database
def test_no_parameter_shows_what_is_not_ones_own(found: Marked, people: People, foreigners: People) -> None:
    """Whatever is answered holds no mark, to another municipality and to another region."""
    facts = {key: getattr(found, key) for key in ("authority", "school", "wave", "obligation", "plan", "measure")}
    asking = (people.other_municipal, people.other_school)
    more = (people.state_school, *(person for _name, person in foreigners))
    for name in NAMES:
        if name in SHARED or name.startswith("form"):
            continue
        for query in ("", *PARAMETERS):
            where = f"{address_of(name, found)}?{query.format(mark=MARK, **facts)}"
            for person in (*asking, *(() if query else more)):
                _status, words = asked(person, where)
                if "{mark}" in query:  # what one has typed oneself comes back
                    words = re.sub(rf"words(%3D|=)[^\"&' ]*{MARK}|«{MARK}»|value=\"{MARK}\"", "", words)
                assert MARK not in words, (person, where)


def test_the_mark_is_seen_by_those_who_may(found: Marked, people: People) -> None:
    """Otherwise the tests above would prove nothing."""
    for name in ("check", "wave_answers", "wave_export", "wave_behind", "register", "register_export"):
        for query in ("", "?view=missing") if name.startswith("register") else ("",):
            assert MARK in asked(people.coordinator, address_of(name, found) + query)[1], name
    for part in ("exceptions", "history"):
        assert MARK in asked(people.coordinator, address_of("campaign", found) + f"?part={part}")[1]
    assert MARK in asked(people.school, address_of("submission", found))[1]
    assert MARK in asked(people.administrator, reverse("letters"))[1]
    assert MARK in asked(people.school, reverse("notices"))[1]
    assert MARK in asked(people.municipal, reverse("remind") + f"?wave={found.wave}")[1]


def test_ids_in_forms_do_nothing_to_what_is_not_ones_own(found: Marked, people: People, foreigners: People) -> None:
    row = Submission.objects.get(pk=found.answer)
    doubt = FollowUp.objects.get()
    before = (row.state, row.number, row.changed, doubt.settled)
    stamp, others = f"{row.pk}.{row.number}", (people.other_municipal, foreigners.coordinator, foreigners.municipal)
    tries: list[tuple[str, dict[str, Any]]] = [
        (reverse("checking_many"), {"step": step, "ids": stamp, "id": [stamp], "confirmed": "1", "reason": "так"})
        for step in ("forward", "return")
    ]
    tries += [
        (
            reverse("checking_many"),
            {"step": "forward", "all": "1", "query": f"wave={found.wave}&unit={found.authority}"},
        ),
        (reverse("wave_quality", args=[found.wave]), {"id": [str(doubt.pk)], "reason": "так"}),
        (reverse("notice_read"), {"notice": [str(found.notice)]}),
        (reverse("remind") + f"?wave={found.wave}", {"chosen": "x", "text": "да", "act": "send"}),
    ]
    for person in others:
        for address, data in tries:
            response = browser(person).post(address, data, follow=True)
            assert MARK not in text_of(response), (person, address, data)
    row.refresh_from_db()
    doubt.refresh_from_db()
    assert (row.state, row.number, row.changed, doubt.settled) == before
    assert Notice.objects.get(pk=found.notice).read is None
    assert Letter.objects.count() == 1


API = sorted({address.route for address in addresses() if address.name.startswith("api:")})
OBJECT_OF = {
    "organisations": "school", "versions": "version", "obligations": "obligation", "extensions": "obligation",
    "waves": "wave", "forms/versions": "form", "submissions": "answer",
}  # fmt: skip


def paths(found: Marked) -> Iterator[str]:
    """Every path of the API with the first school's objects in it."""
    for route in API:
        family = route.removeprefix("api/v1/").partition("/<")[0]
        family = family if family in OBJECT_OF else family.split("/")[0]
        path = route
        if family in OBJECT_OF:
            path = path.replace("<pk>", str(getattr(found, OBJECT_OF[family])))
        path = path.replace("<kind>", "responsible").replace("<step>", "check").replace("<finding>", "1")
        yield "/" + re.sub(r"<[^>]*>", "1", path)


QUERIES = ("wave={wave}", "unit={authority}", "organisation={school}", "on=2023-12-01", "reviewer=me", "q={mark}")


@pytest.mark.one_database
def test_no_path_of_the_api_shows_what_is_not_ones_own(found: Marked, people: People, foreigners: People) -> None:
    facts = {key: getattr(found, key) for key in ("authority", "school", "wave")}
    strangers = (people.other_municipal, people.other_school, *(person for _name, person in foreigners))
    body = '{"reason": "так", "changes": {"covered": 1}, "answers": {}, "remarks": {}}'
    row = Submission.objects.get(pk=found.answer)
    before = (row.state, row.number, row.changed)
    for person in strangers:
        client = script(person)
        for path in paths(found):
            for query in ("", *(query.format(mark=MARK, **facts) for query in QUERIES)):
                with transaction.atomic():
                    answer = client.get(f"{path}?{query}")
                    transaction.set_rollback(True)
                assert MARK not in answer.content.decode().replace(f"q={MARK}", ""), (person, path, query)
            for method in (client.post, client.patch):
                with transaction.atomic():
                    answer = method(path, body, content_type="application/json")
                    transaction.set_rollback(True)
                assert MARK not in answer.content.decode(), (person, path)
                if "/submissions/" in path:
                    assert answer.status_code in {403, 404, 405}, (person, path, answer.status_code)
    row.refresh_from_db()
    assert (row.state, row.number, row.changed) == before

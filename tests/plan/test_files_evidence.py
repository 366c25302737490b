"""Files that prove: taken by their content, called by tame names, handed out only to those who may see them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from decrees import adopted
from evidence import EXE, HTML, JPEG, PDF, archive, macro_word, odf, order, png, swelling_word, word
from factories import small_region
from people import browser, people_of
from profminimum.journal.models import Entry
from profminimum.plan import files
from profminimum.plan.filenames import tame
from profminimum.plan.files import Upload, check_evidence
from profminimum.plan.models import Attachment, Obligation
from profminimum.plan.services import obligations

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from factories import SmallRegion
    from people import People

AT = datetime(2023, 12, 1, 12, 0, tzinfo=ZoneInfo("Asia/Sakhalin"))
GOOD = [
    ("приказ.pdf", PDF, "pdf"),
    ("ПРИКАЗ.PDF", PDF, "pdf"),
    ("скан.jpg", JPEG, "jpg"),
    ("скан.jpeg", JPEG, "jpg"),
    ("скан.png", png(), "png"),
    ("приказ.docx", word(), "docx"),
    ("письмо.odt", odf("text"), "odt"),
    ("свод.ods", odf("spreadsheet"), "ods"),
]
BAD = {
    "empty": ("приказ.pdf", b""),
    "a program called PDF": ("приказ.pdf", EXE),
    "a page called PDF": ("приказ.pdf", HTML),
    "a page": ("приказ.html", HTML),
    "two endings": ("приказ.pdf.exe", PDF),
    "no ending": ("приказ", PDF),
    "another ending": ("приказ.docx", PDF),
    "an image called PDF": ("скан.pdf", JPEG),
    "macros": ("приказ.docm", macro_word()),
    "macros under another name": ("приказ.docx", macro_word()),
    "an archive": ("приказ.docx", archive({"приказ.exe": EXE})),
    "a bare archive": ("приказы.zip", archive({"приказ.pdf": PDF})),
    "a presentation of OpenDocument": ("показ.odt", odf("presentation")),
    "a document that swells": ("приказ.docx", swelling_word()),
    "a torn document": ("приказ.docx", word()[:2000]),
    "text": ("приказ.txt", "Приказ № 1".encode()),
}


@pytest.mark.parametrize(("name", "data", "kind"), GOOD)
def test_taken_by_its_content(name: str, data: bytes, kind: str) -> None:
    assert check_evidence(Upload(name, data)) == kind


@pytest.mark.parametrize("case", list(BAD))
def test_refused_with_its_name(case: str) -> None:
    name, data = BAD[case]
    with pytest.raises(ValidationError) as caught:
        check_evidence(Upload(name, data))
    assert name in caught.value.message


def test_the_limit_is_exact(settings: Settings) -> None:
    settings.UPLOAD_LIMIT = len(PDF)
    assert check_evidence(Upload("приказ.pdf", PDF)) == "pdf"
    settings.UPLOAD_LIMIT = len(PDF) - 1
    with pytest.raises(ValidationError):
        check_evidence(Upload("приказ.pdf", PDF))


@pytest.mark.parametrize(
    ("name", "tamed"),
    [
        ("приказ.pdf", "приказ.pdf"),
        ("Приказ № 17-ОД «О назначении».pdf", "Приказ № 17-ОД «О назначении».pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Мои документы\\приказ.pdf", "приказ.pdf"),
        ("приказ\r\nSet-Cookie: a=b.pdf", "приказSet-Cookie_ a=b.pdf"),
        ("приказ\u202efdp.exe", "приказfdp.exe"),
        ("при\x00каз.pdf", "приказ.pdf"),
        ('при"каз.pdf', "при_каз.pdf"),
        ("  .приказ .pdf ", "приказ.pdf"),
        ("и\u0306.pdf", "й.pdf"),
        ("а" * 300 + ".pdf", "а" * 116 + ".pdf"),
    ],
)
def test_a_name_is_tamed(name: str, tamed: str) -> None:
    assert tame(name) == tamed


@pytest.mark.parametrize("name", ["", "..", "/", "\x00", " . "])
def test_what_is_no_name_gets_one(name: str) -> None:
    assert tame(name)
    assert "/" not in tame(name)


@pytest.fixture
def attachment(region: SmallRegion, people: People, december: object) -> Attachment:
    adopted(region, people)
    duty = Obligation.objects.get(measure__number="2", organisation=region.schools[0])
    obligations.report(duty, order(files=(Upload("Приказ «О назначении».pdf", PDF),)), by=people.school, at=AT)
    return Attachment.objects.get()


def ask(person: Any, attachment: Attachment) -> Any:
    return browser(person).get(reverse("attachment", args=[attachment.pk]))


@pytest.mark.parametrize("who", ["school", "municipal", "ministry", "controller", "coordinator", "administrator"])
def test_handed_out_as_a_download_and_written_down(attachment: Attachment, people: People, who: str) -> None:
    answer = ask(getattr(people, who), attachment)
    assert answer.status_code == 200
    assert answer.getvalue() == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%D0%9F%D1%80")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
    answer.close()
    entry = Entry.objects.get(action="file.downloaded")
    assert entry.by == getattr(people, who)
    assert entry.after["file"] == attachment.name


def test_refused_to_observers_hidden_from_strangers(attachment: Attachment, people: People) -> None:
    assert ask(people.observer, attachment).status_code == 403
    other = people_of(small_region(code="66"), domain="example.net")
    for person in (people.other_school, people.other_municipal, people.institute, people.newcomer, other.ministry):
        assert ask(person, attachment).status_code == 404
    assert ask(None, attachment).status_code == 302
    assert not Entry.objects.filter(action="file.downloaded").exists()


def test_a_lost_file_is_said_to_be_lost(attachment: Attachment, people: People) -> None:
    path = files.path_of(attachment.file.sha256)
    kept = path.read_bytes()
    path.unlink()
    try:
        answer = ask(people.school, attachment)
        assert answer.status_code == 404
        assert "Файла нет в хранилище" in answer.content.decode()
    finally:
        path.write_bytes(kept)

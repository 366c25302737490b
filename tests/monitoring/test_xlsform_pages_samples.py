"""Real public XLSForm workbooks on the pages of a methodist: every fault is shown, every question can be tried."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

import public_xlsforms as public
from people import browser
from profminimum.monitoring.definitions import definition
from profminimum.monitoring.models import FormVersion
from profminimum.monitoring.schema.model import Kind
from profminimum.monitoring.schema.walking import walk

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.http import HttpResponse

    from people import People

WORKING = [*((name, public.xlsx) for name in public.FORMS), *((name, public.mended) for name in public.MENDED)]


def send(people: People, data: bytes, name: str) -> HttpResponse:
    file = SimpleUploadedFile(name.rpartition("/")[2], data)
    return browser(people.coordinator).post(reverse("form_upload"), {"file": file}, follow=True)


def text(response: HttpResponse) -> str:
    return unescape(response.content.decode())


@pytest.mark.parametrize(("name", "made"), WORKING, ids=[name for name, _made in WORKING])
def test_a_public_form_is_published_and_asks_all_that_it_has(
    people: People, december: datetime, name: str, made: Callable[[str], bytes]
) -> None:
    assert send(people, made(name), name).status_code == 200
    version = FormVersion.objects.get()
    client = browser(people.coordinator)
    page = text(client.get(reverse("form_version", args=[version.pk])))
    for fault in version.faults:
        assert fault["cell"] in page
        assert fault["ru"] in page
    client.post(reverse("form_publish", args=[version.pk]))
    page = text(client.get(reverse("form_try", args=[version.pk])))
    for item, parents in walk(definition(version.pk).items):
        shown = item.relevant is None and all(one.relevant is None for one in parents)
        if shown and item.kind != Kind.CALCULATED and not any(one.kind == Kind.REPEAT for one in parents):
            assert " ".join(item.label["ru"].split()) in " ".join(page.split()), item.name


@pytest.mark.parametrize("name", public.MENDED)
def test_a_refused_workbook_shows_each_of_its_faults(people: People, december: datetime, name: str) -> None:
    assert send(people, public.xlsx(name), name).status_code == 200
    version = FormVersion.objects.get()
    assert version.definition is None
    page = text(browser(people.coordinator).get(reverse("form_version", args=[version.pk])))
    assert "Опубликовать" not in page
    for fault in version.faults:
        assert f"{fault['sheet']}!{fault['cell']}" in page or not fault["cell"]
        assert fault["ru"] in page


def test_a_workbook_in_the_old_format_comes_back_with_what_to_do(people: People, december: datetime) -> None:
    name = "example_xls/widgets.xls"
    response = send(people, public.books()[name], name)
    assert response.status_code == 422
    assert "Сохраните его как XLSX" in text(response)
    assert not FormVersion.objects.exists()

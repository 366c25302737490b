"""Every component drawn through the real base: what a page made of them holds."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.http import HttpResponse
from django.test import override_settings
from django.urls import include, path
from django.utils import translation

from profminimum.orgs.models import User
from profminimum.web import bars, states
from profminimum.web.forms import errors

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime


class Addresses:
    """A root list of addresses in which the header's three forms have somewhere to go."""

    urlpatterns = (
        path("seat/", lambda _: HttpResponse(), name="seat"),
        path("i18n/", include("django.conf.urls.i18n")),
        path("accounts/", include("allauth.urls")),
    )


def test_the_page_has_its_landmarks(gallery: str) -> None:
    assert '<html lang="ru">' in gallery
    assert gallery.count("<h1>") == 1
    for mark in ('class="skip" href="#content"', '<main id="content"', 'aria-current="page"', "на 02.12.2023"):
        assert mark in gallery
    assert "Данные на 02.12.2023, 09:00" in gallery


def test_components_leave_no_trace_of_their_language(gallery: str) -> None:
    assert re.findall(r"<c-|{%|{{|</c-", gallery) == []


def test_components_do_not_take_the_names_of_the_page(gallery: str) -> None:
    assert "leak" not in gallery
    assert ">77<" not in gallery


def test_htmx_is_told_to_add_nothing(gallery: str) -> None:
    config = re.search(r"name=\"htmx-config\" content='([^']+)'", gallery)
    assert config
    told = json.loads(config[1])
    assert told["includeIndicatorStyles"] is False
    assert told["allowEval"] is False
    assert re.findall(r"<script(?![^>]* src=)", gallery) == []


def test_numbers_of_an_svg_are_the_same_in_every_language(gallery: str) -> None:
    widths = re.findall(r'<rect class="bar-\w+" x="([^"]+)" width="([^"]+)"', gallery)
    assert widths
    assert all(re.fullmatch(r"\d+\.\d\d%", number) for pair in widths for number in pair)


def test_a_bar_is_told_in_words(gallery: str) -> None:
    said = "170 из 183; снято с контроля: 170, исполнено, заявлено: 5, в работе: 2, на доработке: 1, просрочено: 5"
    assert said in gallery.replace("\u00a0", " ")


def test_pages_are_counted_and_linked(gallery: str) -> None:
    assert "показано 101–150 из 1\u202f234" in gallery
    assert 'href="?late=1&amp;page=25"' in gallery


def test_every_field_has_its_label_and_error(gallery: str) -> None:
    for field in ("number", "day", "file", "place", "hours", "comment", "sure"):
        assert f'<label for="id_{field}">' in gallery
    assert gallery.count("Обязательное поле.") == 2 * 6
    assert '<a href="#id_number">Номер акта</a>' in gallery
    assert 'id="id_number_error"' in gallery
    assert 'aria-describedby="id_number_helptext id_number_error"' in gallery
    assert "Исправьте 7 полей. Ничего не сохранено." in gallery
    assert 'type="date"' in gallery


def test_english_is_complete(draw: Callable[..., str], december: datetime) -> None:
    assert december
    with translation.override("en"):
        made = draw()
    for word in ("taken off control", "To the content", "shown 101–150 of", "overdue by"):
        assert word in made


@pytest.mark.parametrize(
    ("counts", "said", "widths"),
    [
        ({}, "0 из 0", []),
        ({"accepted": 1, "working": 3}, "1 из 4", ["25.00%", "75.00%"]),
        ({"accepted": "2", "total": 8}, "2 из 8", ["25.00%"]),
        ({"accepted": 999, "late": 1}, "999 из 1\u202f000", ["98.50%", "1.50%"]),
    ],
)
def test_parts_of_a_bar(counts: dict[str, Any], said: str, widths: list[str]) -> None:
    with translation.override("ru"):
        bar = bars.segments(**counts)
    assert [part.width for part in bar.parts] == widths
    assert bar.said.replace("\u00a0", " ") == said


@pytest.mark.parametrize(
    ("part", "whole", "step", "value"),
    [(0, 0, "none", "·"), (0, 5, "0", "0"), (99, 100, "9", "99"), (100, 100, "10", "100"), (1, 1000, "0", "1")],
)
def test_steps_of_a_matrix(part: int, whole: int, step: str, value: str) -> None:
    with translation.override("ru"):
        cell = bars.heat(part, whole)
    assert (cell.step, cell.value) == (step, value)


def test_an_unknown_state_is_shown_by_its_name() -> None:
    assert states.look("odd").word == "odd"


def test_forms_say_nothing_before_they_are_sent(sample: dict[str, Any]) -> None:
    assert errors(sample["form"].__class__(), None) == []


@override_settings(ROOT_URLCONF=Addresses)
def test_the_header_says_for_whom_one_acts(
    draw: Callable[..., str], sample: dict[str, Any], december: datetime
) -> None:
    assert december
    other = {"key": "2", "role": "проверяющий", "organisation": "МБОУ СОШ № 4, Невельский"}
    sample["shell"]["seats"].append(other)
    sample["as_of"] = date(2023, 10, 1)
    with translation.override("ru"):
        made = draw("", sample, User(email="minister@example.org"))
    for part in (
        'action="/seat/"',
        'action="/i18n/setlang/"',
        'action="/accounts/logout/"',
        '<option value="1" selected>Министерство образования',
        '<option value="2">МБОУ СОШ № 4',
        'name="next" value="/c?late=1&amp;page=3"',
        'value="en" lang="en"',
        "состояние на 01.10.2023",
        'href="?late=1"',
    ):
        assert part in made
    assert made.count("csrfmiddlewaretoken") >= 3


def test_the_header_leaves_out_what_is_not_there(gallery: str) -> None:
    for part in ('class="seat"', 'class="sign-out"', "состояние на"):
        assert part not in gallery

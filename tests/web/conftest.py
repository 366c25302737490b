"""The gallery: one page with every component, drawn through the real base as a minister in December 2023 sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Engine, RequestContext
from django.test import RequestFactory
from django.utils import translation
from django_cotton.compiler_regex import CottonCompiler

from profminimum.web import clock, states
from profminimum.web.forms import DateField
from profminimum.web.http import paginate

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.core.paginator import Page

    from profminimum.orgs.models import User

GALLERY = Path(__file__).with_name("gallery.html")


class Report(forms.Form):
    number = forms.CharField(label="Номер акта", help_text="Как в документе, например 214-ОД")
    day = DateField(label="Дата акта")
    file = forms.FileField(label="Файл", help_text="PDF, DOCX или снимок, до 25 МБ")
    level = forms.ChoiceField(
        label="Уровень",
        choices=[("base", "базовый, от 40 ч"), ("main", "основной, от 60 ч")],
        widget=forms.RadioSelect,
    )
    kinds = forms.MultipleChoiceField(
        label="Что приложено", choices=[("a", "приказ"), ("b", "выписка")], widget=forms.CheckboxSelectMultiple
    )
    place = forms.ChoiceField(label="Муниципалитет", choices=[("", "выберите"), ("1", "Анивский")])
    hours = forms.IntegerField(label="Часов", min_value=0, required=False)
    comment = forms.CharField(label="Пояснение", widget=forms.Textarea, required=False)
    sure = forms.BooleanField(label="Сведения проверены")


@dataclass
class Link:
    title: str
    url: str
    current: bool = False
    count: int = 0


@dataclass
class Seat:
    key: str
    role: str
    organisation: str
    current: bool


TITLES = [
    (
        "Назначение ответственных: министерство и региональный координатор",
        "распорядительный акт",
        "МОСО · АРЧК",
        2,
        0,
        0,
        0,
        0,
    ),
    (
        "Назначение ответственных в органах управления образованием и школах",
        "распорядительные акты",
        "МОУО · ОО",
        170,
        5,
        2,
        1,
        5,
    ),
    ("Создание рабочей группы по реализации профминимума", "распорядительный акт", "МОСО", 1, 0, 0, 0, 0),
    ("Утверждение перечня школ с выбранным уровнем", "распорядительный акт", "МОСО · ОО", 164, 10, 6, 2, 1),
    ("Отчёт о готовности школ", "аналитический отчёт", "АРЧК", 0, 1, 0, 0, 0),
    ("Исследование школ с разными уровнями", "отчёт", "ИРОСО", 0, 0, 1, 0, 0),
]


def context() -> dict[str, Any]:
    rows = [
        {
            "number": number, "title": title, "result": result, "who": who,
            "due": date(2023, 8 if number < 4 else 11, 22), "accepted": a,
            "reported": r, "working": w, "returned": b, "late": late,
            "state": "accepted" if not r + w + b else "reported" if r else "working",
        }
        for number, (title, result, who, a, r, w, b, late) in enumerate(TITLES, 1)
    ]  # fmt: skip
    towns = ["Южно-Сахалинск", "Александровск-Сахалинский", "Анивский", "Долинский", "Корсаковский", "Курильский"]
    matrix = [
        {"name": name, "cells": [(max(0, 40 - 7 * k - i), 40, int(k > 3)) for k in range(6)] + [(0, 0, 0)]}
        for i, name in enumerate(towns)
    ]
    holders = [
        {
            "name": f"МБОУ СОШ № {n}, Невельский",
            "person": "п. 11 · заместитель директора",
            "due": date(2023, 11, 33 - n),
        }
        for n in (4, 6, 9)
    ]
    return {
        "rows": rows, "matrix": matrix, "holders": holders, "states": list(states.LOOKS), "late_count": 1234,
        "late_day": date(2023, 11, 27), "soon_day": date(2023, 12, 5),
        "moment": datetime(2023, 12, 1, 3, 32, tzinfo=UTC),
        "form": Report({"number": "", "kinds": "z"}),
        "title": "leaks nowhere", "count": 77, "actions": "leak", "href": "leak",
        "shell": {
            "region": "Сахалинская область", "home": "/",
            "pages": [Link("Мои дела", "/", count=3), Link("Контроль", "/c", current=True)]
            + [Link(word, "/x") for word in ("План", "Мониторинги", "Организации", "Реестры", "Документы", "Журнал")],
            "seats": [Seat("1", "первый заместитель министра", "Министерство образования", current=True)],
        },
    }  # fmt: skip


def _draw(text: str = "", values: dict[str, Any] | None = None, user: User | None = None) -> str:
    request = RequestFactory().get("/c?late=1&page=3")
    request.user = user or AnonymousUser()
    request.seat = None  # type: ignore[attr-defined]  # as the middleware does
    source = CottonCompiler().process(text or GALLERY.read_text(encoding="utf-8"))
    template = Engine.get_default().from_string(source)
    page: Page[Any] = paginate(request, range(1234))
    made: Context = RequestContext(request, {"page": page, "request": request})
    made.update(context() | (values or {}))
    return str(template.render(made))


@pytest.fixture
def gallery(december: datetime) -> str:
    assert clock.now() == december
    with translation.override("ru"):
        return _draw()


@pytest.fixture
def draw() -> Callable[..., str]:
    """Draw a template (the gallery unless given) with the gallery's values and some of one's own."""
    return _draw


@pytest.fixture
def sample() -> dict[str, Any]:
    """The gallery's values."""
    return context()

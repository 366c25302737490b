"""Where the pages of workbooks that go out and come back live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from profminimum.monitoring.views import books

if TYPE_CHECKING:
    from django.urls import URLPattern

urlpatterns: list[URLPattern] = [
    path("submissions/<int:pk>/template.xlsx", books.submission_template, name="submission_template"),
    path("submissions/<int:pk>/upload/", books.submission_upload, name="submission_upload"),
    path("monitoring/waves/<int:pk>/book.xlsx", books.wave_book, name="wave_book"),
    path("monitoring/waves/<int:pk>/book/", books.wave_book_upload, name="wave_book_upload"),
]

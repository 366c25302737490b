"""Where the pages of notices live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from profminimum.notices.views import inbox, letters, reminding

if TYPE_CHECKING:
    from django.urls import URLPattern

urlpatterns: list[URLPattern] = [
    path("notices/", inbox.notices, name="notices"),
    path("notices/read/", inbox.notice_read, name="notice_read"),
    path("notices/digest/", inbox.digest, name="digest"),
    path("notices/<int:pk>/", inbox.notice, name="notice"),
    path("letters/", letters.letters, name="letters"),
    path("letters/<int:pk>/again/", letters.letter_again, name="letter_again"),
    path("remind/", reminding.remind, name="remind"),
]

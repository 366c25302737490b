"""Where the pages of an answer that is being filled live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from profminimum.monitoring.views import filling, filling_draft, filling_print

if TYPE_CHECKING:
    from django.urls import URLPattern

urlpatterns: list[URLPattern] = [
    path("submissions/<int:pk>/", filling.submission, name="submission"),
    path("submissions/<int:pk>/draft/", filling_draft.draft, name="submission_draft"),
    path("submissions/<int:pk>/files/", filling_draft.attach, name="submission_attach"),
    path("submissions/<int:pk>/files/<int:file>/", filling_draft.file, name="submission_file"),
    path("submissions/<int:pk>/print/", filling_print.submission_print, name="submission_print"),
]

"""Where the pages of who has answered and what live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from profminimum.monitoring.views import answered, answered_contents

if TYPE_CHECKING:
    from django.urls import URLPattern

urlpatterns: list[URLPattern] = [
    path("monitoring/waves/<int:pk>/", answered.wave, name="wave"),
    path("monitoring/waves/<int:pk>/board.xlsx", answered.wave_xlsx, name="wave_xlsx"),
    path("monitoring/waves/<int:pk>/behind/", answered.wave_behind, name="wave_behind"),
    path("monitoring/waves/<int:pk>/summary/", answered_contents.wave_summary, name="wave_summary"),
    path("monitoring/waves/<int:pk>/summary.xlsx", answered_contents.wave_summary_xlsx, name="wave_summary_xlsx"),
    path("monitoring/waves/<int:pk>/answers/", answered_contents.wave_answers, name="wave_answers"),
    path("monitoring/waves/<int:pk>/answers.<slug:suffix>", answered_contents.wave_export, name="wave_export"),
]

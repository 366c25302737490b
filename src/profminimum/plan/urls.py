"""Where the pages of plans, obligations and control live."""

from django.urls import path  # noqa: F401 - the lists below grow with the pages

urlpatterns = []  # type: ignore[var-annotated]  # filled below by the pages

"""Where the journal and its export live."""

from django.urls import path

from profminimum.journal import views

urlpatterns = [
    path("journal/", views.journal, name="journal"),
    path("journal/export/", views.journal_export, name="journal_export"),
]

"""Where each page lives: the apps' own lists under one root."""

from django.urls import include, path

urlpatterns = [
    path("", include("profminimum.plan.urls")),
    path("accounts/", include("allauth.urls")),
]

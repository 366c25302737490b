"""Where each page lives: the apps' own lists under one root."""

from django.urls import include, path

urlpatterns = [
    path("", include("profminimum.plan.urls")),
    path("accounts/", include("allauth.urls")),
]

handler400 = "profminimum.web.errors.bad_request"
handler403 = "profminimum.web.errors.forbidden"
handler404 = "profminimum.web.errors.not_found"
handler500 = "profminimum.web.errors.server_error"

"""Where each page lives: the apps' own lists under one root."""

from django.urls import include, path

from profminimum.config.home import go

urlpatterns = [
    path("", include("profminimum.api.urls")),
    path("", include("profminimum.plan.urls")),
    path("", include("profminimum.registers.urls")),
    path("", include("profminimum.monitoring.urls")),
    path("", include("profminimum.notices.urls")),
    path("", include("profminimum.journal.urls")),
    path("", include("profminimum.orgs.urls")),
    path("", go, name="home"),
    path("accounts/", include("profminimum.orgs.sign_in_urls")),
]

handler400 = "profminimum.web.errors.bad_request"
handler403 = "profminimum.web.errors.forbidden"
handler404 = "profminimum.web.errors.not_found"
handler500 = "profminimum.web.errors.server_error"

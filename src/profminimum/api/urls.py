"""Where the API lives, and the page of one's keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from profminimum.api import monitoring, obligations, organisations, plans, registers, views
from profminimum.api.wire import api

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

for router in (organisations.router, plans.router, obligations.router, monitoring.router, registers.router):
    api.add_router("", router)

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
    path("keys/", views.keys, name="keys"),
    path("keys/<int:pk>/revoke/", views.revoke, name="key_revoke"),
]

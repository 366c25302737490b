"""Where the pages of campaigns and waves live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from profminimum.monitoring.views import campaign_waves, campaigns

if TYPE_CHECKING:
    from django.urls import URLPattern

urlpatterns: list[URLPattern] = [
    path("monitoring/", campaigns.campaign_list, name="campaigns"),
    path("monitoring/campaigns/new/", campaigns.campaign_new, name="campaign_new"),
    path("monitoring/campaigns/<int:pk>/", campaigns.campaign, name="campaign"),
    path("monitoring/campaigns/<int:pk>/edit/", campaigns.campaign_edit, name="campaign_edit"),
    path("monitoring/campaigns/<int:pk>/waves/new/", campaign_waves.wave_new, name="wave_new"),
    path("monitoring/waves/<int:pk>/manage/", campaign_waves.wave_manage, name="wave_manage"),
]

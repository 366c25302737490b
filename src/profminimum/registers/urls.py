"""Where the pages of registers live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from profminimum.registers.views import editing, lists, records

if TYPE_CHECKING:
    from django.urls import URLPattern

urlpatterns: list[URLPattern] = [
    path("registers/", lists.registers, name="registers"),
    path("registers/records/<int:pk>/", records.record, name="register_record"),
    path("registers/records/<int:pk>/file/", records.file, name="register_file"),
    path("registers/<slug:kind>/", lists.register, name="register"),
    path("registers/<slug:kind>/export.<slug:form>", lists.export, name="register_export"),
    path("registers/<slug:kind>/edit/<int:organisation>/", editing.edit, name="register_edit"),
]

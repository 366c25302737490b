"""Where the pages of plans, obligations and control live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from profminimum.plan.views import control, drafts, duties, files, obligation, obligations, plans, versions

if TYPE_CHECKING:
    from django.urls import URLPattern

urlpatterns: list[URLPattern] = [
    path("control/", control.board, name="control"),
    path("control/export.xlsx", control.export, name="control_export"),
    path("plans/", plans.plans, name="plans"),
    path("plans/upload/", versions.upload, name="version_upload"),
    path("plans/versions/<int:pk>/", versions.version, name="version"),
    path("plans/versions/<int:pk>/file/", versions.file, name="version_file"),
    path("plans/versions/<int:pk>/act/", drafts.act, name="version_act"),
    path("plans/versions/<int:pk>/rows/<int:wording>/", drafts.row, name="version_row"),
    path("plans/versions/<int:pk>/rows/<int:wording>/executors/", drafts.add_executor, name="version_add_executor"),
    path("plans/versions/<int:pk>/assignments/<int:assignment>/", drafts.drop_executor, name="version_drop_executor"),
    path("plans/versions/<int:pk>/doubts/<int:finding>/", drafts.doubt, name="version_doubt"),
    path("plans/versions/<int:pk>/carry/", drafts.carry, name="version_carry"),
    path("plans/versions/<int:pk>/notes/", drafts.notes, name="version_notes"),
    path("plans/versions/<int:pk>/executors/", drafts.executors, name="version_executors"),
    path("plans/versions/<int:pk>/exceptions/", drafts.exempt, name="version_exempt"),
    path("plans/versions/<int:pk>/exceptions/<int:exemption>/", drafts.end_exemption, name="version_end_exemption"),
    path("plans/versions/<int:pk>/past/", drafts.past, name="version_past"),
    path("plans/versions/<int:pk>/adopt/", drafts.adopt, name="version_adopt"),
    path("plans/versions/<int:pk>/discard/", drafts.discard, name="version_discard"),
    path("plans/<int:pk>/", plans.plan, name="plan"),
    path("plans/<int:pk>/xlsx/", plans.export, name="plan_xlsx"),
    path("plans/measures/<int:pk>/", plans.measure, name="measure"),
    path("duties/", duties.duties, name="duties"),
    path("obligations/", obligations.obligations_list, name="obligations"),
    path("obligations/xlsx/", obligations.export, name="obligations_xlsx"),
    path("obligations/many/", obligations.many, name="obligations_many"),
    path("obligations/<int:pk>/", obligation.page, name="obligation"),
    path("files/<int:pk>/", files.attachment, name="attachment"),
]

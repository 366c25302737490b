"""Where the pages of forms and their versions live."""

from django.urls import path

from profminimum.monitoring.views import form_try, forms

urlpatterns = [
    path("monitoring/forms/", forms.shelf, name="forms"),
    path("monitoring/forms/upload/", forms.upload, name="form_upload"),
    path("monitoring/forms/form.xlsx", forms.blank, name="form_blank"),
    path("monitoring/forms/pack/", forms.from_pack, name="form_pack"),
    path("monitoring/forms/versions/<int:pk>/", forms.version, name="form_version"),
    path("monitoring/forms/versions/<int:pk>/try/", form_try.attempt, name="form_try"),
    path("monitoring/forms/versions/<int:pk>/workbook/", forms.workbook, name="form_workbook"),
    path("monitoring/forms/versions/<int:pk>/publish/", forms.publish, name="form_publish"),
    path("monitoring/forms/versions/<int:pk>/withdraw/", forms.withdraw, name="form_withdraw"),
]

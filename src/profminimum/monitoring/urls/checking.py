"""Where the pages of the check of answers and of doubts about their quality live."""

from django.urls import path

from profminimum.monitoring.views import checking, checking_answer, quality

urlpatterns = [
    path("monitoring/checking/", checking.queue, name="checking"),
    path("monitoring/checking/many/", checking.many, name="checking_many"),
    path("submissions/<int:pk>/check/", checking_answer.page, name="check"),
    path("monitoring/waves/<int:pk>/quality/", quality.listing, name="wave_quality"),
]

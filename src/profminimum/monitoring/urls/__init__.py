"""Where the pages of monitoring live: the lists of its parts, joined."""

from profminimum.monitoring.urls import answered, books, campaigns, checking, filling, forms

urlpatterns = [
    *campaigns.urlpatterns,
    *answered.urlpatterns,
    *books.urlpatterns,
    *forms.urlpatterns,
    *checking.urlpatterns,
    *filling.urlpatterns,
]

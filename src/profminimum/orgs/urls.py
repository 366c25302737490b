"""The addresses of organisations and people."""

from django.urls import path

from profminimum.orgs.views import editing, organisations, people, profile, registry

urlpatterns = [
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/new/", editing.open_new, name="organisation_open"),
    path("organisations/import/", registry.upload, name="registry"),
    path("organisations/import/template.xlsx", registry.template, name="registry_template"),
    path("organisations/import/<int:pk>/", registry.preview, name="registry_preview"),
    path("organisations/<int:pk>/", organisations.organisation, name="organisation"),
    path("organisations/<int:pk>/change/", editing.change, name="organisation_change"),
    path("organisations/<int:pk>/move/", editing.move, name="organisation_move"),
    path("organisations/<int:pk>/close/", editing.close, name="organisation_close"),
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/invitations/<int:pk>/resend/", people.invitation_act, {"act": "resend"}, name="invitation_resend"),
    path(
        "people/invitations/<int:pk>/withdraw/",
        people.invitation_act,
        {"act": "withdraw"},
        name="invitation_withdraw",
    ),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/change/", people.person_act, {"act": "change"}, name="person_change"),
    path("people/<int:pk>/grant/", people.person_act, {"act": "grant"}, name="person_grant"),
    path("people/<int:pk>/block/", people.person_act, {"act": "block"}, name="person_block"),
    path("people/<int:pk>/unblock/", people.person_act, {"act": "unblock"}, name="person_unblock"),
    path("people/memberships/<int:pk>/end/", people.membership_end, name="membership_end"),
    path("invitation/<str:token>/", profile.invitation, name="invitation"),
    path("profile/", profile.profile, name="profile"),
    path("seat/", profile.seat, name="seat"),
    path("language/", profile.set_language, name="set_language"),
]

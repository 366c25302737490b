"""Which letters go to people about their access: consequences of the journal, sent by the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from profminimum.orgs.models import Invitation, User
from profminimum.orgs.services import invitations
from profminimum.web import clock

if TYPE_CHECKING:
    from profminimum.journal.models import Entry


def send_invitation(entry: Entry) -> None:
    """The link, to the address invited; nothing when the invitation waits no more. For user.invited and .resent."""
    invitation = (
        Invitation.objects.waiting(clock.now())
        .select_related("organisation", "invited_by")
        .filter(pk=entry.object_id)
        .first()
    )
    if invitation is None:
        return
    known = User.objects.filter(email=invitation.email).first()
    with translation.override(known.language if known else settings.LANGUAGE_CODE):
        path = reverse("invitation", args=[invitations.token_of(invitation)])
        values = {
            "invitation": invitation,
            "organisation": invitations.place_name(invitation),
            "link": f"{settings.ORIGIN}{path}",
            "host": settings.ORIGIN,
        }
        subject = render_to_string("orgs/letters/invitation_subject.txt", values).strip()
        body = render_to_string("orgs/letters/invitation.txt", values)
    EmailMessage(subject, body, to=[invitation.email]).send()

"""What stands in the letters to people about their access; when and how they go is said by notices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from profminimum.orgs.models import Invitation
from profminimum.orgs.services import invitations

if TYPE_CHECKING:
    from datetime import datetime


def invitation_letter(pk: int, now: datetime) -> tuple[str, str] | None:
    """(subject, text with the link) in the active language; None when the invitation waits no more.

    Made when the letter goes and kept nowhere: the link is a secret.
    """
    invitation = Invitation.objects.waiting(now).select_related("organisation", "invited_by").filter(pk=pk).first()
    if invitation is None:
        return None
    path = reverse("invitation", args=[invitations.token_of(invitation)])
    values = {
        "invitation": invitation,
        "organisation": invitations.place_name(invitation),
        "link": f"{settings.ORIGIN}{path}",
        "host": settings.ORIGIN,
    }
    subject = render_to_string("orgs/letters/invitation_subject.txt", values).strip()
    return subject, render_to_string("orgs/letters/invitation.txt", values)

"""How do tests act as a script does: a client with a key of a person and no session, JSON in and out."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.test import Client

from profminimum.api import services
from profminimum.web import clock

if TYPE_CHECKING:
    from profminimum.orgs.models import User


def script(user: User) -> Client:
    """A client with a key of that person and no session."""
    expires = clock.today() + timedelta(days=30)
    _key, secret = services.make(user, name="тест", expires=expires, by=user, at=clock.now())
    return Client(headers={"Authorization": f"Bearer {secret}", "Accept-Language": "ru"})


def post(client: Client, path: str, **payload: object) -> Any:
    return client.post(f"/api/v1{path}", json.dumps(payload, default=str), content_type="application/json")


def patch(client: Client, path: str, **payload: object) -> Any:
    return client.patch(f"/api/v1{path}", json.dumps(payload), content_type="application/json")

"""Keys by which a script enters: it may do what its person may do, and nothing more."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Key(models.Model):
    """Only the hash of the key is kept; the key itself is shown once, when it is made."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="keys")
    name = models.CharField(_("what it is for"), max_length=100)
    hash = models.CharField(max_length=64, unique=True)
    created = models.DateTimeField(_("made"))
    expires = models.DateField(_("valid until"))
    revoked = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.name

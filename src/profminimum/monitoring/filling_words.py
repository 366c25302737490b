"""What does the script of a form say to people? All its words, in their language."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

FORMS: Final = (1, 2, 5)  # numbers that show all plural forms


def words() -> dict[str, Any]:
    """What the script says, in the person's language; texts with numbers in all their forms."""
    one, few, many = (ngettext("%(n)s field", "%(n)s fields", n) for n in FORMS)
    cell, cells, more = (ngettext("Not filled in: %(n)s cell.", "Not filled in: %(n)s cells.", n) for n in FORMS)
    return {
        "saved": _("Saved at %(time)s"),
        "nothing": _("Every change is saved by itself"),
        "saving": _("Saving…"),
        "offline": _("Not saved: no connection, the data are on this device: %(fields)s"),
        "broken": _("Not saved: the server does not answer, the data are on this device: %(fields)s"),
        "memory": _("Not saved, and this browser keeps nothing: do not close the page. %(fields)s"),
        "unread": _("Not saved: mend what cannot be read: %(fields)s"),
        "unsettled": _("Not saved: choose between two values: %(fields)s"),
        "signed_out": _(
            "Not saved: you are signed out. Sign in in another tab; the data are on this device: %(fields)s"
        ),
        "taken": _("Not saved: %(name)s is filling the form now. What you typed is on this device: %(fields)s"),
        "refused": _("Not saved: %(reason)s What you typed is on this device: %(fields)s"),
        "restored": _("What was typed on this device and not yet sent has been put back: %(fields)s"),
        "unsent": _("There is no connection: the answer cannot be sent now. All you typed is on this device."),
        "fields": {"one": one, "few": few, "many": many, "other": many},
        "cells": {"one": cell, "few": cells, "many": more, "other": more},
        "pasted": _("Not pasted, as they lie outside the table or do not fit its cells: %(n)s"),
        "required": _("Answer this question."),
        "whole": _("Give a whole number in figures."),
        "number": _("Give a number in figures, such as 12.5."),
        "large": _("The number is too large."),
        "decimals": _("Digits after the point: at most %(n)s."),
        "date": _("Give a date: day, month, year."),
        "long": _("The text is too long: at most %(n)s characters."),
        "least": _("The number cannot be less than %(n)s."),
        "most": _("The number cannot be more than %(n)s."),
        "choice": _("This choice does not fit the other answers: choose again."),
        "entries": _("There must be from %(least)s to %(most)s entries."),
        "person_name": _("Give the full name."),
        "person_post": _("Give the post."),
        "email": _("The e-mail address is not right."),
        "phone": _("The phone is not right: figures, such as +7 4242 12-34-56."),
        "explain": _("Explain why this is right."),
        "why": _("Mend the value or explain why it is right"),
        "marked": _("The checker will see the difference."),
        "conflict": _("While you were away another person wrote here: %(theirs)s. You have: %(mine)s."),
        "mine": _("Keep mine"),
        "theirs": _("Take theirs"),
        "empty": _("nothing"),
        "errors": _("Mend before sending"),
        "free": _("The form is free again: reload the page to fill it."),
        "file_waits": _("The file %(name)s waits for the connection"),
        "file_sending": _("Sending the file %(name)s…"),
        "remove": _("remove"),
        "large_file": _("The file is too large."),
        "take_over": _("Take over the filling"),
        "mistakes": _("there are mistakes"),
        "done": pgettext("section", "done"),
        "progress": _("%(done)s of %(all)s"),
    }

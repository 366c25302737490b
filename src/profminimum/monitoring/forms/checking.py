"""The forms of the check: a word with a decision, a reason, a remark on a field; the filters of the lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from profminimum.monitoring.models import FollowUp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from profminimum.monitoring.queries.checking import Fold

LONGEST: Final = 4000  # characters


def _words(label: Any, *, required: Any = "", rows: int = 3, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=bool(required),
        max_length=LONGEST,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": required} if required else None,
    )


class NoteForm(forms.Form):
    """A good word, perhaps with a comment."""

    reason = _words(gettext_lazy("Comment"), rows=2)


class ReasonForm(forms.Form):
    """A return or a reopening: the organisation reads why."""

    reason = _words(
        gettext_lazy("Reason"),
        required=gettext_lazy("Give the reason: the organisation will read it."),
        help_text=gettext_lazy("What is to be mended, in words that the school understands"),
    )


class RemarkForm(forms.Form):
    """What a checker says about one field."""

    place = forms.CharField(max_length=200, widget=forms.HiddenInput)
    text = _words(gettext_lazy("Remark"), required=gettext_lazy("Write the remark."), rows=2)


class SettleForm(forms.Form):
    """How a doubt was settled."""

    reason = _words(
        gettext_lazy("How it was settled"),
        required=gettext_lazy("Say how it was settled: what the school explained, or what was mended."),
        rows=2,
    )


class _Filter(forms.Form):
    """A filter kept in the address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "filter_%s", **kwargs})

    def offer(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        """What can be chosen; a field with nothing to choose from is not shown."""
        if choices:
            self.fields[name].choices = [("", _("all")), *((str(key), said) for key, said in choices)]  # type: ignore[attr-defined]  # a ChoiceField
        else:
            del self.fields[name]


class QueueForm(_Filter):
    """The filter of the queue."""

    words = forms.CharField(
        label=gettext_lazy("Organisation"), required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    wave = forms.ChoiceField(label=gettext_lazy("Wave"), required=False)
    unit = forms.ChoiceField(label=gettext_lazy("Municipality"), required=False)
    late = forms.BooleanField(label=gettext_lazy("late"), required=False)
    warned = forms.BooleanField(label=gettext_lazy("with warnings"), required=False)
    doubted = forms.BooleanField(label=gettext_lazy("with open doubts"), required=False)
    again = forms.BooleanField(label=gettext_lazy("sent again after a return"), required=False)

    def __init__(self, *args: Any, folds: Sequence[Fold], units: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("wave", [(fold.wave, fold.title) for fold in folds])
        self.offer("unit", units)


class DoubtForm(_Filter):
    """The filter of the doubts about a wave."""

    code = forms.ChoiceField(label=gettext_lazy("What is doubtful"), required=False)
    unit = forms.ChoiceField(label=gettext_lazy("Municipality"), required=False)
    place = forms.ChoiceField(label=gettext_lazy("Field"), required=False)
    settled = forms.ChoiceField(label=gettext_lazy("Settled"), required=False)

    def __init__(
        self, *args: Any, units: Sequence[tuple[int, str]], places: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offer("code", FollowUp.Code.choices)
        self.offer("unit", units)
        self.offer("place", places)
        self.fields["settled"].choices = [("", _("no")), ("yes", _("yes")), ("all", _("all"))]  # type: ignore[attr-defined]  # a ChoiceField

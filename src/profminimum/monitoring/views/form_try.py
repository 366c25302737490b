"""Trying a form before anybody is asked: the real questions and checks of filling; nothing that is typed is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from profminimum.monitoring import filling_words, posted
from profminimum.monitoring.filling import Typed, build_form
from profminimum.monitoring.queries import filling
from profminimum.monitoring.queries import forms as queries
from profminimum.monitoring.schema.answers import normalise, prefill
from profminimum.monitoring.schema.loading import load
from profminimum.monitoring.schema.model import Context
from profminimum.orgs import access
from profminimum.plan.uploads import limited
from profminimum.web import clock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from profminimum.monitoring.filling import Filling
    from profminimum.monitoring.schema.model import Definition

ACTIONS: Final = {"check", "add", "drop"}
SCHOOL: Final[Mapping[str, Any]] = {  # a school of nowhere, so that sources and checks have something to go by
    "name": "Муниципальное бюджетное общеобразовательное учреждение «Школа для примера»",
    "short_name": "Школа для примера",
    "code": "0000",
    "kind": "school",
    "school_type": "secondary",
    "oktmo": "00000000",
    "pupils": 250,
}


@limited
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def attempt(request: HttpRequest, pk: int) -> HttpResponse:
    """The form with the facts of an example school; a plain post says what is wrong and keeps nothing."""
    found = get_object_or_404(queries.visible(request.user), pk=pk)  # type: ignore[arg-type]  # signed in
    access.require(request.user, "form.edit", found)
    if found.definition is None:
        return redirect("form_version", found.pk)
    definition = load(found.definition)
    context = Context(clock.today().isoformat(), {}, SCHOOL, {})
    checked = False
    if request.method == "POST":
        action, _colon, rest = posted.action(request.POST, "check").partition(":")
        if action not in ACTIONS:
            raise Http404
        checked = action == "check"
        form = _typed(definition, context, dict(request.POST.lists()), action, rest)
    else:
        form = build_form(definition, prefill(definition, context), {}, context, language=_language())
    shown = {
        "version": found,
        "form": form,
        "checked": checked,
        "right": checked and not form.outcome.errors,
        "script": filling.script_of(definition),
        "state": _state(context, strict=checked),
    }
    return render(request, "monitoring/form_try.html", shown)


def _state(context: Context, *, strict: bool) -> dict[str, Any]:
    """What the script goes by: it reads the answers from the page."""
    return {
        "context": {"today": context.today, "last": {}, "registry": dict(context.registry), "registers": {}},
        "language": _language(),
        "words": filling_words.words(),
        "strict": strict,
        "open": True,
    }


def _language() -> str:
    return (get_language() or "ru")[:2]


def _typed(
    definition: Definition, context: Context, lists: Mapping[str, list[str]], action: str, rest: str
) -> Filling:
    """The form as it was typed, with what could not be read and, after a check, all that is wrong."""
    sent = posted.read(definition, {**lists, posted.WHOLE: ["1"]})
    changes: Mapping[str, Any] = sent.changes
    if action == "drop":
        repeat, _colon, index = rest.partition(":")
        changes = posted.without_entry(changes, repeat, int(index) if index.isdecimal() and len(index) < 5 else -1)
    answers, unread = normalise(definition, {name: value for name, value in changes.items() if value is not None})
    extra = {}
    if action == "add":
        held = answers.get(rest)
        extra = {rest: max(len(held) if isinstance(held, list) else 0, 1) + 1}
    raw = {problem.place: sent.flat[problem.place] for problem in unread if problem.place in sent.flat}
    typed = Typed(raw=raw, extra=extra, unread=unread, strict=action == "check")
    return build_form(definition, answers, sent.explanations, context, language=_language(), typed=typed)

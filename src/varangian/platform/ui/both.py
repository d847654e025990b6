"""Nobody overwrites somebody else silently: a form that knows what it was filled from.

A form for a versioned record derives from ``Versioned``. Its page catches ``Conflict`` and answers
with ``choose``: both values side by side, a choice for each field that both have changed, and
everything that was typed kept in between.
"""

import json
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from varangian.kernel.merge import Side, sides
from varangian.kernel.results import Refused

STAMP = "%Y-%m-%dT%H:%M"


class Versioned(forms.Form):
    """``version`` and ``base`` travel with the form: which state it shows, and its values then."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    base = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.initial["base"] = lambda: json.dumps(self.shown(), ensure_ascii=False)

    def shown(self) -> dict[str, str]:
        """The values on the screen, as a browser sends them back."""
        return {field.name: text_of(field) for field in self.visible_fields()}

    def was(self) -> dict[str, str]:
        try:
            found = json.loads(self.cleaned_data.get("base") or "{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def expected(self) -> int | None:
        return self.cleaned_data.get("version")


def text_of(field: Any) -> str:
    value = field.value()
    if isinstance(value, datetime):
        return value.strftime(STAMP)
    if isinstance(value, date):
        return value.isoformat()
    if value is None or value is False:
        return ""
    return str(value).replace("\r\n", "\n")


def choose(
    request: HttpRequest,
    *,
    error: Refused,
    typed: Versioned,
    fresh: Versioned,
    title: str,
    back: str = "",
) -> HttpResponse:
    """``fresh`` is the form of the record as it stands now, ``back`` where it is looked at."""
    found = sides(typed.was(), fresh.shown(), typed.shown())
    differing = {side.name for side in found}
    kept = [(name, value) for name, value in fresh.shown().items() if name not in differing]
    context = {
        "error": error,
        "title": title,
        "version": fresh["version"].value(),
        "base": fresh["base"].value(),
        "rows": [_row(side, typed, fresh) for side in found],
        "kept": kept,
        "more": [
            (name, value)
            for name, value in request.POST.items()
            if name not in typed.fields and name != "csrfmiddlewaretoken"
        ],
        "back": back or request.get_full_path(),
        "clashes": sum(side.clash for side in found),
    }
    return render(request, "ui/both.html", context, status=error.status)


def _row(side: Side, typed: Versioned, fresh: Versioned) -> dict[str, Any]:
    label = typed[side.name].label
    words = {
        "was": _words(fresh, side.name, side.was),
        "theirs": _words(fresh, side.name, side.theirs),
        "yours": _words(typed, side.name, side.yours),
    }
    return {"side": side, "label": label, "words": words}


def _words(form: forms.Form, name: str, value: str) -> str:
    """The caption of a choice; anything else as it is."""
    field = form.fields[name]
    for choice, caption in _flat(getattr(field, "choices", ())):
        if str(choice) == value:
            return str(caption)
    return value.replace("T", " ") if isinstance(field, forms.DateTimeField) else value


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    for first, second in choices:
        found += _flat(second) if isinstance(second, list | tuple) else [(first, second)]
    return found

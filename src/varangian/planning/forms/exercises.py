"""What is typed when an exercise is started, answered and ended."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from ..library import exercise_scripts

LINES = {"rows": 3}


class StartForm(forms.Form):
    script = forms.ChoiceField(label="What happens")
    at = forms.ChoiceField(
        required=False,
        label="When in the plan",
        help_text="The copy is moved in time so that this falls on now.",
    )

    def __init__(self, *args: Any, legs: Iterable[Any], zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.starts = {str(leg.pk): leg.starts for leg in legs if leg.starts}
        titles = {str(leg.pk): leg.title for leg in legs}
        self.fields["script"].choices = [(row.id, row.title) for row in exercise_scripts().scripts]
        self.fields["at"].choices = [
            ("", "Now, as it stands"),
            *((pk, _leg(at, titles[pk], zone)) for pk, at in self.starts.items()),
        ]

    def fields_of(self) -> dict[str, Any]:
        chosen = self.cleaned_data["at"]
        return {"script": self.cleaned_data["script"], "moment": self.starts.get(chosen)}


def _leg(at: datetime, title: str, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%a %H:%M} {title}"


class AnswerForm(forms.Form):
    answer = forms.CharField(required=False, max_length=1000, label="What you do")


class EndForm(forms.Form):
    findings = forms.CharField(
        required=False,
        max_length=1000,
        label="What was seen",
        widget=forms.Textarea(attrs=LINES),
        help_text="Kept with the report of the operation.",
    )

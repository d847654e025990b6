"""What a named person says about readiness."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from varangian.operations.forms import LocalTime


class ConfirmForm(forms.Form):
    note = forms.CharField(max_length=400, label="What was checked, when and with whom")


class WaiveForm(forms.Form):
    note = forms.CharField(max_length=400, label="Why the operation goes on without it")
    until = LocalTime(
        required=False,
        label="Until",
        help_text="Empty: as late as the policy allows at this threat level.",
    )

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["until"].label = f"Until ({zone})"

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        return until.replace(tzinfo=ZoneInfo(self.zone)) if until else None

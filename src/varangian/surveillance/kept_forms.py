"""What a person fills in about evidence of an event."""

from typing import Any

from django import forms

from .forms import Refusable
from .services.kept import DAYS


class KeepForm(Refusable):
    reason = forms.CharField(max_length=400, label="Why it is kept")
    reference = forms.CharField(
        max_length=120, label="Case", help_text="Such as file 77/26, or the number of an incident"
    )
    days = forms.IntegerField(
        min_value=DAYS[0], max_value=DAYS[1], initial=365, label="Keep for (days)",
        help_text="It can be moved, later or sooner; then everything of it is erased",
    )  # fmt: skip
    clips = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label="Clips that show it"
    )

    def __init__(self, *args: Any, clips: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [(str(one.pk), f"{one.taken_at:%H:%M:%S} {one.what or 'Clip'}") for one in clips]
        self.fields["clips"].choices = rows  # pyright: ignore
        if not rows:
            del self.fields["clips"]

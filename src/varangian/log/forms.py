"""The line of the log keeper: few fields, Enter saves."""

from typing import Any

from django import forms

from .rules import LONGEST


class EntryForm(forms.Form):
    at = forms.CharField(label="Time", max_length=32, required=False)
    from_ = forms.CharField(label="From", max_length=80, required=False)
    to = forms.CharField(label="To", max_length=80, required=False)
    event = forms.CharField(label="What happened", max_length=LONGEST)
    action = forms.CharField(label="Action", max_length=LONGEST, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="log_%s", **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs["autocomplete"] = "off"
            if name == "at":
                field.widget.attrs["placeholder"] = "now, or 14:05"

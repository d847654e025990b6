"""What a planner may type for a contractor, and what the contractor types back."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from varangian.operations.forms import LocalTime

from ..models import Pack
from ..pack_rules import LONGEST, MOST_HOURS

LONG = forms.Textarea(attrs={"rows": 3})


class PackForm(forms.Form):
    recipient = forms.CharField(max_length=120, label="For whom", help_text="Such as Driver, car 2")
    kind = forms.ChoiceField(choices=Pack.Kind.choices)
    hours = forms.IntegerField(
        min_value=1, max_value=MOST_HOURS, initial=6, label="Valid for, in hours"
    )
    movement = forms.ChoiceField(required=False, label="Leg that gives the time")
    place = forms.ChoiceField(required=False, label="Place")
    post = forms.ChoiceField(required=False, label="Post that they meet")
    phone = forms.CharField(max_length=40, label="Phone to ring")
    meet = forms.CharField(max_length=LONGEST, required=False, label="Who to meet")
    call_sign = forms.CharField(max_length=40, required=False)
    where = forms.CharField(max_length=LONGEST, required=False, label="Where, in words")
    when = LocalTime(required=False)
    do = forms.CharField(required=False, widget=LONG, label="Do, one a line", max_length=4000)
    dont = forms.CharField(required=False, widget=LONG, label="Do not, one a line", max_length=4000)
    point = forms.BooleanField(required=False, label="Show the place as a point on the map")
    name_principal = forms.BooleanField(required=False, label="Name the principal on the page")

    def __init__(self, *args: Any, choices: dict[str, list[Any]], zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.rows = {name: {str(r.pk): r for r in rows} for name, rows in choices.items()}
        for name, rows in self.rows.items():
            shown = [(pk, _caption(row)) for pk, row in rows.items()]
            self.fields[name].choices = [("", "Not set"), *shown]  # pyright: ignore
        self.fields["when"].label = f"When ({zone})"

    def fields_of(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        for name, rows in self.rows.items():
            given[name] = rows.get(given[name])
        if given["when"]:
            given["when"] = given["when"].replace(tzinfo=ZoneInfo(self.zone))
        return given


def _caption(row: Any) -> str:
    return getattr(row, "title", "") or row.name


class ReceiptForm(forms.Form):
    name = forms.CharField(min_length=2, max_length=80)

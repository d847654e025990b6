"""Presence: few fields, since it is entered with a telephone at the ear."""

from datetime import datetime
from typing import Any

from django import forms

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.log.rules import typed_time

from ..models import PresenceFact

PRINCIPAL = "principal"
EVERYBODY = "everybody"


class PersonForm(forms.Form):
    """A form with the principal or one of the party in it."""

    who = forms.ChoiceField(label="Who")

    def __init__(self, *args: Any, operation: Any, people: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = operation.time_zone
        self.people = {str(row.pk): row for row in people}
        own = [(PRINCIPAL, operation.principal.code_name)]
        own += [(pk, row.name) for pk, row in self.people.items()]
        self.fields["who"].choices = [*self.first, *own]  # pyright: ignore

    first: list[tuple[str, str]] = []

    @property
    def person(self) -> Any:
        return self.people.get(self.cleaned_data["who"])


class HeardForm(PersonForm):
    how = forms.ChoiceField(choices=PresenceFact.How.choices, label="How it was heard")
    place = forms.ChoiceField(required=False, label="Place on the map")
    words = forms.CharField(max_length=200, required=False, label="Or where, in words")
    safe = forms.BooleanField(required=False, label="Confirmed safe")
    over = forms.BooleanField(required=False, label="The journey is over for them")
    at = forms.CharField(max_length=32, required=False, label="When, if not now")
    until = forms.CharField(max_length=32, required=False, label="Holds until, if known")
    note = forms.CharField(max_length=400, required=False, label="More")

    def __init__(self, *args: Any, places: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {str(row.pk): row for row in places}
        shown = [(pk, row.name) for pk, row in self.places.items()]
        self.fields["place"].choices = [("", "Not on the map"), *shown]  # pyright: ignore
        self.fields["at"].widget.attrs["placeholder"] = "14:05"
        self.fields["until"].widget.attrs["placeholder"] = "2026-11-24 14:05"

    def clean_at(self) -> datetime | None:
        return self._time("at")

    def clean_until(self) -> datetime | None:
        return self._time("until")

    def _time(self, name: str) -> datetime | None:
        try:
            return typed_time(self.cleaned_data[name], self.zone, now())
        except Refused as error:
            raise forms.ValidationError(str(error)) from error

    def given(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        del given["who"]
        place = self.places.get(given["place"])
        return {**given, "place": place, "person": self.person}


class ClockForm(PersonForm):
    first = [(EVERYBODY, "Everybody")]
    minutes = forms.IntegerField(
        min_value=0, max_value=10080, label="Confirmed safe every", help_text="Minutes; 0 stops it."
    )


class TravellerForm(forms.Form):
    name = forms.CharField(max_length=120)
    relation = forms.CharField(max_length=40, required=False, label="Who they are")
    phone = forms.CharField(max_length=40, required=False)

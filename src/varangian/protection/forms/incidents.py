"""Incidents, casualties and roll calls: few fields, since nobody has time."""

from datetime import datetime
from typing import Any

from django import forms

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.log.rules import typed_time

from ..casualty_rules import AVPU, MARCH, NUMBERS, WORDS
from ..library import incident_kinds
from ..models import Casualty, Incident, Notification

NONE = ("", "Not set")
CLOCK = "now, or 14:05"


class ReportForm(forms.Form):
    kind = forms.ChoiceField(choices=lambda: [(k.id, k.title) for k in incident_kinds().kinds])
    title = forms.CharField(max_length=200, label="What has happened, in one line")
    where = forms.CharField(max_length=200, required=False, label="Where, in words")
    place = forms.ChoiceField(required=False, label="Place, if it is on the map")
    severity = forms.ChoiceField(
        required=False, choices=[("", "By its kind"), *Incident.Severity.choices]
    )
    started_at = forms.CharField(required=False, max_length=32, label="Began, if known")
    summary = forms.CharField(
        required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), label="More"
    )
    drill = forms.BooleanField(required=False, label="This is an exercise")

    def __init__(self, *args: Any, operation: Any, places: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = operation.time_zone
        self.places = {str(row.pk): row for row in places}
        shown = [(pk, row.name) for pk, row in self.places.items()]
        self.fields["place"].choices = [NONE, *shown]  # pyright: ignore
        self.fields["started_at"].widget.attrs["placeholder"] = "14:05"

    def clean_started_at(self) -> datetime | None:
        try:
            return typed_time(self.cleaned_data["started_at"], self.zone, now())
        except Refused as error:
            raise forms.ValidationError(str(error)) from error

    def fields_of(self) -> dict[str, Any]:
        return {**self.cleaned_data, "place": self.places.get(self.cleaned_data["place"])}


class PeopleForm(forms.Form):
    """A form with one person of the team in it."""

    def __init__(self, *args: Any, people: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(row.pk): row for row in people}
        choices = [(pk, str(row)) for pk, row in self.people.items()]
        field = self.fields[self.person_field]
        field.choices = choices if field.required else [("", "Nobody yet"), *choices]  # pyright: ignore

    person_field = "owner"

    @property
    def person(self) -> Any:
        return self.people.get(self.cleaned_data[self.person_field])


class TaskForm(PeopleForm):
    title = forms.CharField(max_length=400, label="Task")
    owner = forms.ChoiceField(required=False)
    minutes = forms.IntegerField(
        required=False, min_value=1, max_value=1440, label="Within, in minutes"
    )


class OfferForm(PeopleForm):
    person_field = "to"
    to = forms.ChoiceField(label="To")
    brief = forms.CharField(
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        label="Briefing: situation, tasks under way, what comes next",
    )


class StateForm(forms.Form):
    state = forms.ChoiceField(choices=Incident.State.choices)
    note = forms.CharField(max_length=400, required=False)
    handed_to = forms.CharField(max_length=200, required=False)


class ToldForm(forms.Form):
    result = forms.ChoiceField(choices=Notification.Result.choices)
    note = forms.CharField(max_length=400, required=False)


class TellForm(forms.Form):
    whom = forms.CharField(max_length=200, label="Whom")
    within_minutes = forms.IntegerField(min_value=0, max_value=1440, initial=15)


class EvidenceForm(forms.Form):
    file = forms.FileField(label="File")
    note = forms.CharField(max_length=2000, required=False, label="What it shows")


class ReviewForm(forms.Form):
    happened = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), label="What happened")
    well = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"rows": 3}), label="What went well"
    )
    improve = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"rows": 3}), label="What to do differently"
    )


class CasualtyForm(forms.Form):
    who = forms.CharField(max_length=120, label="Who, or what can be seen of them")
    priority = forms.ChoiceField(choices=Casualty.Priority.choices, initial="unknown")


class CardForm(forms.Form):
    """One look at a casualty: whatever is filled in is new."""

    avpu = forms.ChoiceField(
        required=False,
        label="Response (AVPU)",
        choices=[("", "Not looked at"), *((k, f"{k}, {v.lower()}") for k, v in AVPU.items())],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in MARCH.items():
            self.fields[name] = forms.CharField(required=False, max_length=400, label=words)
        for name, (words, unit, low, high) in NUMBERS.items():
            self.fields[name] = forms.IntegerField(
                required=False, min_value=low, max_value=high, label=f"{words}, {unit}"
            )
        for name, words in WORDS.items():
            self.fields[name] = forms.CharField(required=False, max_length=400, label=words)


class MusterForm(forms.Form):
    reason = forms.CharField(max_length=200, initial="Say that you are safe")
    rally = forms.CharField(max_length=200, required=False, label="Where to go")
    drill = forms.BooleanField(required=False, label="This is an exercise")


class PartyForm(forms.Form):
    name = forms.CharField(max_length=120)
    relation = forms.CharField(
        max_length=40, required=False, label="Who they are", help_text="Family, colleague, guest"
    )
    phone = forms.CharField(max_length=40, required=False)

"""What a person may type about destinations."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from varangian.operations.forms import LocalTime
from varangian.places import queries as places
from varangian.places.countries import COUNTRIES
from varangian.platform.access.scope import Actor

from ..advisories.notice import AUTHORITIES
from ..dossier.library import SERVICES
from ..dossier.statement import OWNED, PARTS
from ..models import Destination
from ..services.destinations import SECTIONS


class Zoned(forms.Form):
    """Times are typed on the clock of the operation."""

    times: tuple[str, ...] = ()

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(zone)
        for name in self.times:
            self.fields[name].help_text = f"Time zone {zone}"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name in self.times:
            if given.get(name):
                given[name] = given[name].replace(tzinfo=self.zone)
        return given


class DestinationForm(Zoned):
    times = ("starts", "ends")
    country = forms.ChoiceField(
        choices=lambda: [("", "choose"), *sorted(COUNTRIES.items(), key=lambda row: row[1])]
    )
    place = forms.ChoiceField(
        required=False, help_text="With a place the dossier knows airports, hospitals and daylight."
    )
    starts = LocalTime(label="From")
    ends = LocalTime(label="Until", required=False)

    def __init__(self, *args: Any, actor: Actor, operation: Any, **kwargs: Any) -> None:
        super().__init__(*args, zone=operation.time_zone, **kwargs)
        circles = (operation.compartment_id, operation.engagement.compartment_id)
        found = places.places(actor).filter(compartment_id__in=circles)
        self.known = {str(row.pk): row for row in found}
        shown = [(pk, row.name) for pk, row in self.known.items()]
        self.fields["place"].choices = [("", "the country only"), *shown]  # pyright: ignore

    @classmethod
    def of(cls, row: Destination, actor: Actor) -> "DestinationForm":
        zone = ZoneInfo(row.operation.time_zone)
        initial = {
            "country": row.country,
            "place": str(row.place_id or ""),  # pyright: ignore
            "starts": row.starts.astimezone(zone),
            "ends": row.ends.astimezone(zone) if row.ends else None,
        }
        return cls(initial=initial, actor=actor, operation=row.operation)

    def fields_of(self) -> dict[str, Any]:
        return {**self.cleaned_data, "place": self.known.get(self.cleaned_data["place"])}


class StatementForm(forms.Form):
    """One text for each part, and an owner beside each plan."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part in PARTS:
            self.fields[part.key] = forms.CharField(
                label=part.title,
                help_text=part.ask,
                required=False,
                max_length=8000,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
            if part.owned:
                self.fields[part.key + OWNED] = forms.CharField(
                    label=f"Owner of the {part.title.lower()}", required=False, max_length=120
                )


class FactForm(forms.Form):
    section = forms.ChoiceField(choices=[(name, name.capitalize()) for name in SECTIONS])
    title = forms.CharField(max_length=120, help_text="The same title again corrects the fact.")
    text = forms.CharField(max_length=8000, widget=forms.Textarea(attrs={"rows": 3}))
    source = forms.CharField(
        max_length=400, required=False, help_text="Where it was verified: a page, a person."
    )
    verified_on = forms.DateField(
        required=False, widget=forms.DateInput(attrs={"type": "date"}), label="Verified on"
    )


class ApprovalForm(Zoned):
    times = ("until",)
    until = LocalTime(label="Holds until", required=False)
    note = forms.CharField(
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        label="Why, where the level asks for it",
    )


class NumberForm(forms.Form):
    service = forms.ChoiceField(choices=list(SERVICES.items()))
    number = forms.CharField(max_length=20)
    source = forms.CharField(max_length=300, label="Where you saw it, or whom you rang")


class AdvisoryFileForm(forms.Form):
    file = forms.FileField(label="File (JSON, RSS or GeoJSON, at most 25 MB)")
    source = forms.ChoiceField(
        choices=[("auto", "Find out by itself"), *AUTHORITIES.items()], required=False
    )

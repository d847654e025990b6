"""What a person may type about engagements, operations, legs and posts."""

from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms

from varangian.platform.ui.both import Versioned

from .library import kinds, posts
from .models import Movement, Operation
from .rules import MOVEMENT_KINDS

STAMP = "%Y-%m-%dT%H:%M"
LEVELS = [("overt", "Overt"), ("low", "Low"), ("covert", "Covert")]


class LocalTime(forms.DateTimeField):
    """A wall-clock time; the form joins it with its zone."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=STAMP)
        super().__init__(widget=widget, input_formats=[STAMP, "%Y-%m-%dT%H:%M:%S"], **kwargs)


class ZonedForm(Versioned):
    """Times are typed and shown in the zone that the form names."""

    zone_field = "zone"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        zone = given.get(self.zone_field)
        if zone not in available_timezones():
            self.add_error(self.zone_field, "This is no time zone, such as Europe/Helsinki.")
            return given
        for name in ("starts", "ends"):
            if given.get(name):
                given[name] = given[name].replace(tzinfo=ZoneInfo(zone))
        if given.get("starts") and given.get("ends") and given["ends"] < given["starts"]:
            self.add_error("ends", "It ends before it starts.")
        return given


class EngagementForm(forms.Form):
    title = forms.CharField(max_length=120)
    slug = forms.SlugField(max_length=40, required=False, label="Short name")
    client = forms.CharField(max_length=200, required=False)
    scope = forms.CharField(widget=forms.Textarea, required=False)
    authority = forms.CharField(max_length=300, required=False, label="Authority and licence basis")
    starts = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    ends = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))


class OperationForm(ZonedForm):
    zone_field = "time_zone"
    title = forms.CharField(max_length=160)
    kind = forms.ChoiceField(choices=lambda: [(k.id, k.title) for k in kinds().kinds])
    intent = forms.CharField(
        widget=forms.Textarea, required=False, label="Mission: who, what, where, when and why"
    )
    profile_level = forms.ChoiceField(choices=LEVELS, initial="low")
    time_zone = forms.CharField(max_length=60, initial="UTC")
    starts = LocalTime(required=False)
    ends = LocalTime(required=False)

    def fields_of(self) -> dict[str, Any]:
        return {n: v for n, v in self.cleaned_data.items() if n not in ("version", "base")}

    @classmethod
    def of(cls, operation: Operation) -> "OperationForm":
        zone = ZoneInfo(operation.time_zone)
        names = ("title", "kind", "intent", "profile_level", "time_zone", "version")
        return cls(
            initial={name: getattr(operation, name) for name in names}
            | {n: _wall(getattr(operation, n), zone) for n in ("starts", "ends")}
        )


class MovementForm(ZonedForm):
    title = forms.CharField(max_length=200)
    kind = forms.ChoiceField(choices=[(word, word.title()) for word in MOVEMENT_KINDS])
    starts = LocalTime(required=False)
    ends = LocalTime(required=False, label="Ends (empty is unknown)")
    zone = forms.CharField(max_length=60, initial="UTC", label="Time zone")
    origin = forms.ChoiceField(required=False)
    destination = forms.ChoiceField(required=False)
    notes = forms.CharField(widget=forms.Textarea, required=False)

    def __init__(self, *args: Any, places: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {str(place.pk): place for place in places}
        choices = [("", "Not known"), *((pk, place.name) for pk, place in self.places.items())]
        for name in ("origin", "destination"):
            self.fields[name].choices = choices  # pyright: ignore

    @classmethod
    def of(cls, movement: Movement, places: Any) -> "MovementForm":
        zone = ZoneInfo(movement.zone)
        names = ("title", "kind", "zone", "notes", "version")
        return cls(
            places=places,
            initial={name: getattr(movement, name) for name in names}
            | {n: _wall(getattr(movement, n), zone) for n in ("starts", "ends")}
            | {"origin": movement.origin_id, "destination": movement.destination_id},
        )

    def fields_of(self) -> dict[str, Any]:
        given = {n: v for n, v in self.cleaned_data.items() if n not in ("version", "base")}
        for name in ("origin", "destination"):
            given[name] = self.places.get(given[name])
        return given


class PostForm(forms.Form):
    standard = forms.ChoiceField(choices=lambda: [(p.id, p.title) for p in posts().posts])
    title = forms.CharField(max_length=80, required=False, label="Title, if another")
    call_sign = forms.CharField(max_length=40, required=False)
    holder = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, people: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(member.user_id): member.user for member in people}
        names = [(pk, str(user)) for pk, user in self.people.items()]
        self.fields["holder"].choices = [("", "Empty"), *names]  # pyright: ignore

    def fields_of(self) -> dict[str, Any]:
        given = self.cleaned_data
        standard = posts().get(given["standard"])
        return {
            "title": given["title"] or standard.title,
            "role": standard.role,
            "edition": standard.edition,
            "call_sign": given["call_sign"],
            "holder": self.people.get(given["holder"]),
        }


def _wall(value: Any, zone: ZoneInfo) -> Any:
    return value.astimezone(zone).replace(tzinfo=None) if value else None

"""What a person may type about BOLO cards: the features follow the kind."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from varangian.operations.forms import LocalTime
from varangian.platform.access.queries import members
from varangian.platform.access.roles import roles_for
from varangian.platform.access.scope import Actor

from ..library.bolo import bolo
from ..models import BoloCard
from .threats import InZone, Text

PREFIX = "f-"
WORDS = ("title", "why", "last_place", "on_sight", "tell", "purpose", "proportionality")


class BoloForm(InZone):
    times = ("last_seen_at", "expires_at")
    title = forms.CharField(max_length=120, help_text="As it is called on the radio.")
    why = forms.CharField(max_length=200, label="Why, in one line")
    last_place = forms.CharField(max_length=300, required=False, label="Last seen, place")
    last_seen_at = LocalTime(required=False, label="Last seen, time")
    drill = forms.ChoiceField(label="On sight")
    on_sight = forms.CharField(max_length=300, required=False, label="And here also")
    tell = forms.CharField(max_length=200, label="Who to tell", help_text="Call sign and channel.")
    legal_basis = forms.ChoiceField()
    purpose = Text(required=True, help_text="What the card is for, and for nothing else.")
    proportionality = Text(
        required=True, help_text="Why nothing milder does, and what was weighed against it."
    )
    reviewer = forms.TypedChoiceField(help_text="Somebody else than who draws or issues it.")
    expires_at = LocalTime(required=False, label="Ends")
    wide = forms.BooleanField(required=False, label="For every operation of the engagement")
    picture = forms.FileField(
        required=False, widget=forms.ClearableFileInput(attrs={"accept": "image/*"})
    )

    def __init__(self, *args: Any, actor: Actor, operation: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, zone=operation.time_zone, **kwargs)
        library, self.kind = bolo(), kind
        for one in library.kind(kind).features:
            hint = {"placeholder": one.hint}
            self.fields[PREFIX + one.id] = forms.CharField(
                max_length=400, required=False, label=one.title, widget=forms.TextInput(attrs=hint)
            )
        drills = library.drills_for(kind)
        self._choices("drill", [(one.id, one.title) for one in drills])
        self._choices("legal_basis", [("", "Choose"), *((b.id, b.title) for b in library.bases)])
        self.reviewers = _reviewers(actor, operation)
        people = [(pk, str(user)) for pk, user in self.reviewers.items()]
        self._choices("reviewer", [("", "Choose"), *people])
        most, usual = library.most_hours, library.usual_hours
        words = f" Without one: in {usual} hours. At most {most // 24} days ahead."
        self.fields["expires_at"].help_text += words  # pyright: ignore

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # pyright: ignore

    @classmethod
    def of(cls, card: BoloCard, actor: Actor, data: Any = None, files: Any = None) -> "BoloForm":
        zone = ZoneInfo(card.operation.time_zone)
        initial = {name: getattr(card, name) for name in (*WORDS, "drill", "legal_basis")}
        initial |= {PREFIX + name: words for name, words in card.features.items()}
        initial["reviewer"] = str(card.reviewer_id)
        initial["expires_at"] = card.expires_at.astimezone(zone)
        seen = card.last_seen_at
        initial["last_seen_at"] = seen.astimezone(zone) if seen else None
        form = cls(
            data, files, initial=initial, actor=actor, operation=card.operation, kind=card.kind
        )
        del form.fields["wide"]
        return form

    @property
    def feature_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith(PREFIX)]

    def fields_of(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        given.pop("picture", None)
        words = {n.removeprefix(PREFIX): given.pop(n) for n in list(given) if n.startswith(PREFIX)}
        given["features"] = {name: value for name, value in words.items() if value}
        given["reviewer"] = self.reviewers.get(given["reviewer"])
        return given


def _reviewers(actor: Actor, operation: Any) -> dict[str, Any]:
    """Members who may review, but for the one who draws; of the engagement as well."""
    allowed, found = roles_for("bolo.review"), {}
    for circle in (operation.compartment_id, operation.engagement.compartment_id):
        for member in members(actor, circle):
            if member.role in allowed and member.user_id != actor.pk:
                found[str(member.user_id)] = member.user
    return found


class PictureForm(forms.Form):
    picture = forms.FileField(widget=forms.ClearableFileInput(attrs={"accept": "image/*"}))
    caption = forms.CharField(max_length=200, required=False)

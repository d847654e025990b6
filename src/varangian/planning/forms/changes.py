"""What a leader with a phone and twenty seconds may say about a change."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms

from varangian.operations.forms import LocalTime
from varangian.operations.rules import MOVEMENT_KINDS

from ..change import Leg, Wish
from ..change.touch import hours_of

STEPS = (60, 45, 30, 20, 15, 10, 5)
LINE = "line-"


def _shifts() -> list[tuple[str, str]]:
    early = [(str(-n), f"{n} min earlier") for n in STEPS]
    late = [(str(n), f"{n} min later") for n in reversed(STEPS)]
    return [("", "Time stays"), *early, *late]


class ChangeForm(forms.Form):
    movement = forms.ChoiceField(label="Which leg")
    minutes = forms.TypedChoiceField(
        coerce=int, choices=_shifts, required=False, empty_value=None, label="Time"
    )
    starts = LocalTime(required=False, label="Or at")
    exit = forms.CharField(max_length=80, required=False, label="Leaves by")
    entrance = forms.CharField(max_length=80, required=False, label="Enters by")
    words = forms.CharField(max_length=400, required=False, label="In your own words")
    reason = forms.CharField(max_length=400, required=False, label="Why")
    destination = forms.ChoiceField(required=False, label="Goes to")
    origin = forms.ChoiceField(required=False, label="Starts from")
    mode = forms.ChoiceField(required=False, label="Goes by")
    vehicle = forms.CharField(max_length=80, required=False)
    stop = forms.ChoiceField(required=False, label="Extra stop at")
    stop_after = forms.IntegerField(
        required=False, min_value=1, max_value=1440, label="Reached after (minutes)"
    )
    stop_minutes = forms.IntegerField(
        required=False, min_value=1, max_value=720, label="Stays there (minutes)"
    )
    cancelled = forms.BooleanField(required=False, label="The leg is cancelled")
    still = forms.BooleanField(
        required=False, label="Leave the legs beside it as they are; only say what does not fit"
    )
    within = forms.IntegerField(
        required=False, min_value=1, max_value=1440, label="Acknowledge within (minutes)"
    )
    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    was = forms.CharField(required=False, widget=forms.HiddenInput)
    draft = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, legs: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.legs = {str(leg.pk): leg for leg in legs}
        shown = [(pk, f"{leg.label}, {hours_of(leg)}") for pk, leg in self.legs.items()]
        here = [(str(pk), place.name) for pk, place in places.items()]
        here.sort(key=lambda row: row[1].lower())
        self._choose("movement", shown)
        self._choose("mode", [("", "As before"), *((m, m.title()) for m in MOVEMENT_KINDS)])
        for name in ("destination", "origin"):
            self._choose(name, [("", "As before"), *here])
        self._choose("stop", [("", "None"), *here])
        self.fields["exit"].widget.attrs["list"] = "doors-out"
        self.fields["entrance"].widget.attrs["list"] = "doors-in"

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # pyright: ignore

    @property
    def main(self) -> list[Any]:
        return [self[n] for n in ("movement", "minutes", "exit", "entrance", "words", "reason")]

    @property
    def more(self) -> list[Any]:
        first = {field.name for field in self.main} | {"seen", "was", "draft"}
        return [field for field in self if field.name not in first]

    @property
    def leg(self) -> Leg:
        return self.legs[self.cleaned_data["movement"]]

    def wish(self) -> Wish:
        given = self.cleaned_data
        starts = given["starts"]
        return Wish(
            minutes=given["minutes"],
            starts=starts.replace(tzinfo=ZoneInfo(self.leg.zone)) if starts else None,
            exit=given["exit"],
            entrance=given["entrance"],
            origin=_uuid(given["origin"]),
            destination=_uuid(given["destination"]),
            mode=given["mode"],
            vehicle=given["vehicle"],
            cancelled=given["cancelled"],
            stop=_uuid(given["stop"]),
            stop_after=given["stop_after"],
            stop_minutes=given["stop_minutes"],
            words=given["words"],
            follow=not given["still"],
        )

    def edits(self) -> dict[str, str]:
        return {
            name.removeprefix(LINE): text
            for name, text in self.data.items()
            if name.startswith(LINE)
        }

    def looked_at(self) -> dict[str, str]:
        """The leg as it stood on the screen, by field."""
        try:
            found = json.loads(self.cleaned_data["was"] or "{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


def initial_of(wish: Wish, leg: Leg) -> dict[str, Any]:
    """A kept wish as the form shows it."""
    there = ZoneInfo(leg.zone)
    return {
        "movement": str(leg.pk),
        "minutes": wish.minutes if wish.minutes and abs(wish.minutes) in STEPS else "",
        "starts": _wall(wish, leg, there),
        "still": not wish.follow,
        **{n: str(getattr(wish, n) or "") for n in ("origin", "destination", "stop")},
        **{
            n: getattr(wish, n)
            for n in ("exit", "entrance", "mode", "vehicle", "cancelled", "words")
        },
        **{n: getattr(wish, n) for n in ("stop_after", "stop_minutes")},
    }


def _wall(wish: Wish, leg: Leg, there: ZoneInfo) -> Any:
    """A shift that the list does not offer is shown as the time it leads to."""
    at = wish.starts
    if wish.minutes and abs(wish.minutes) not in STEPS and leg.starts is not None:
        at = leg.starts + timedelta(minutes=wish.minutes)
    return at.astimezone(there).replace(tzinfo=None) if at else None


def _uuid(text: str) -> UUID | None:
    return UUID(text) if text else None

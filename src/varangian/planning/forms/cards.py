"""What a planner may type on a contingency card and about its rehearsal."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from varangian.operations.forms import LocalTime
from varangian.operations.library import posts as standard_posts
from varangian.platform.ui.both import Versioned

from ..models import Card, CardVersion

LONG = forms.Textarea(attrs={"rows": 2})


class CardForm(Versioned):
    """One field a role and one an entry of the call list, as the newest version has them."""

    trigger = forms.CharField(max_length=400, widget=LONG)
    fall_back = forms.CharField(max_length=400, widget=LONG)
    place = forms.ChoiceField(required=False, label="Place to fall back to")
    do_not = forms.CharField(max_length=400, widget=LONG)
    why = forms.CharField(max_length=200, label="What changed and why")

    def __init__(self, *args: Any, version: CardVersion, places: Any = (), **kwargs: Any) -> None:
        content = version.content
        kwargs.setdefault("initial", {n: content[n] for n in ("trigger", "fall_back", "do_not")})
        kwargs["initial"] |= {"place": str(version.place_id or ""), "version": version.number}
        super().__init__(*args, **kwargs)
        self.places = {str(place.pk): place for place in places}
        named = [(pk, f"{row.name} ({row.get_kind_display()})") for pk, row in self.places.items()]
        self.fields["place"].choices = [("", "Not set"), *named]  # pyright: ignore
        titles = {post.role: post.title for post in reversed(standard_posts().posts)}
        self.steps = {f"do-{row['role']}": row["role"] for row in content["drill"]}
        for row in content["drill"]:
            self._add(f"do-{row['role']}", titles.get(row["role"]) or row["role"], row["do"], LONG)
        self.calls = {f"call-{n}": row["who"] for n, row in enumerate(content["call"])}
        for n, row in enumerate(content["call"]):
            self._add(f"call-{n}", row["who"].capitalize(), row["how"])

    def _add(self, name: str, label: str, initial: str, widget: Any = None) -> None:
        self.fields[name] = forms.CharField(
            label=label, initial=initial, max_length=400, required=False, widget=widget
        )

    def drill_fields(self) -> list[Any]:
        return [self[name] for name in self.steps]

    def call_fields(self) -> list[Any]:
        return [self[name] for name in self.calls]

    def fields_of(self) -> dict[str, Any]:
        given = self.cleaned_data
        texts = {name: given[name] for name in ("trigger", "fall_back", "do_not", "why")}
        return {
            **texts,
            "place": self.places.get(given["place"]),
            "keep_place": False,
            "drill": {role: given[name] for name, role in self.steps.items()},
            "call": {who: given[name] for name, who in self.calls.items()},
        }


class RehearsalForm(forms.Form):
    cards = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, label="Cards")
    posts = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, label="Who was there")
    held_at = LocalTime(label="When")
    minutes = forms.IntegerField(min_value=1, max_value=600, label="How long, in minutes")
    findings = forms.CharField(
        max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(
        self, *args: Any, cards: list[Card], posts: list[Any], zone: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.by_key = {str(row.pk): row for row in [*cards, *posts]}
        self.fields["cards"].choices = [(str(r.pk), r.title) for r in cards]  # pyright: ignore
        self.fields["posts"].choices = [  # pyright: ignore
            (str(r.pk), f"{r.title}: {r.holder or 'nobody'}") for r in posts
        ]
        self.fields["held_at"].label = f"When ({zone})"

    def fields_of(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        return {
            "chosen": [self.by_key[pk] for pk in given["cards"]],
            "posts": [self.by_key[pk] for pk in given["posts"]],
            "held_at": given["held_at"].replace(tzinfo=ZoneInfo(self.zone)),
            "minutes": given["minutes"],
            "findings": given["findings"],
        }

"""What a planner types about shifts, about people who are away, and about an officer."""

from datetime import date, datetime
from typing import Any

from django import forms

from varangian.engines.rostering.civil import instant
from varangian.kernel.results import Refused
from varangian.operations.forms import LocalTime

SICK_FIELDS = ("person", "since", "until")
LISTS = ("skills", "languages")
DATED = ("licences", "medical", "driving", "firearms")
LIKES = ("wishes", "dislikes")
PLAIN = ("home", "contract_hours", "most_hours")
LINES = forms.Textarea(attrs={"rows": 2})
UNTIL = " until "


class ShiftForm(forms.Form):
    post = forms.ChoiceField(required=False)
    vehicle = forms.CharField(required=False, max_length=40, label="Vehicle, by registration")
    starts = LocalTime()
    ends = LocalTime()
    wanted = forms.IntegerField(min_value=1, max_value=200, initial=1, label="People wanted")

    def __init__(self, *args: Any, posts: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.posts, self.zone = {str(post.pk): post for post in posts}, zone
        named = [(pk, post.title) for pk, post in self.posts.items()]
        self.fields["post"].choices = [("", "No post: a vehicle's duty"), *named]  # pyright: ignore

    def fields_of(self) -> dict[str, Any]:
        """Times stay on the clock: the service refuses one that no clock shows."""
        given = dict(self.cleaned_data)
        given["post"] = self.posts.get(given["post"])
        for name in ("starts", "ends"):
            given[name] = given[name].replace(tzinfo=None)
        return {**given, "zone": self.zone}


class SickForm(forms.Form):
    person = forms.ChoiceField(label="Who")
    since = LocalTime(required=False, label="From")
    until = LocalTime(required=False, label="Until")

    def __init__(self, *args: Any, people: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people, self.zone = {str(person.pk): person for person in people}, zone
        named = [(pk, str(person)) for pk, person in self.people.items()]
        self.fields["person"].choices = named  # pyright: ignore

    def fields_of(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        given["person"] = self.people[given["person"]]
        for name in ("since", "until"):
            given[name] = self._instant(given[name])
        return given

    def _instant(self, typed: datetime | None) -> datetime | None:
        return instant(typed.replace(tzinfo=None), self.zone) if typed else None


class OfficerForm(forms.Form):
    """Lines of text; ``fields_of`` makes them what the roster's file format says."""

    skills = forms.CharField(required=False, help_text="With commas between.")
    languages = forms.CharField(required=False, help_text="With commas between.")
    licences = forms.CharField(required=False, widget=LINES)
    medical = forms.CharField(required=False, widget=LINES, label="Medical level")
    driving = forms.CharField(required=False, widget=LINES, label="Driving class")
    firearms = forms.CharField(required=False, widget=LINES, label="Firearms ticket")
    wishes = forms.CharField(required=False, widget=LINES, label="Would like")
    dislikes = forms.CharField(required=False, widget=LINES, label="Would rather not")
    home = forms.CharField(required=False, max_length=80, label="Comes from")
    contract_hours = forms.FloatField(
        min_value=1, max_value=84, initial=40, label="Contract hours a week"
    )
    most_hours = forms.FloatField(
        required=False, min_value=1, max_value=168, label="Own limit of hours a week"
    )

    def __init__(self, *args: Any, facts: dict[str, Any], **kwargs: Any) -> None:
        kwargs.setdefault("initial", self.typed(facts))
        super().__init__(*args, **kwargs)

    @staticmethod
    def typed(facts: dict[str, Any]) -> dict[str, Any]:
        made = {name: facts[name] for name in PLAIN if name in facts}
        made |= {name: ", ".join(facts.get(name, ())) for name in LISTS}
        made |= {name: "\n".join(_held(row) for row in facts.get(name, ())) for name in DATED}
        made |= {name: "\n".join(_liked(row) for row in facts.get(name, ())) for name in LIKES}
        return made

    def fields_of(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        made: dict[str, Any] = {name: given[name] for name in PLAIN}
        made |= {name: [w.strip() for w in given[name].split(",") if w.strip()] for name in LISTS}
        made |= {name: [_dated(line) for line in _lines(given[name])] for name in DATED}
        made |= {name: [_wish(line) for line in _lines(given[name])] for name in LIKES}
        return made


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _held(row: dict[str, Any]) -> str:
    return f"{row['name']}{UNTIL}{row['until']}" if row.get("until") else row["name"]


def _dated(line: str) -> dict[str, Any]:
    name, _, until = line.partition(UNTIL)
    return {"name": name.strip(), **({"until": _day(until)} if until else {})}


def _liked(row: dict[str, Any]) -> str:
    return row.get("post") or row.get("shift") or row.get("from", "")


def _wish(line: str) -> dict[str, Any]:
    """A day, or the name of a post."""
    try:
        return {"from": date.fromisoformat(line).isoformat()}
    except ValueError:
        return {"post": line}


def _day(words: str) -> str:
    try:
        return date.fromisoformat(words.strip()).isoformat()
    except ValueError as error:
        raise Refused("This is no date", words.strip()[:20], "Such as 2027-06-30.") from error

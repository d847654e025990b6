"""What a person types about vehicles and drivers."""

from datetime import date
from typing import Any

from django import forms

from varangian.kernel.results import Refused

from .fleet.library import vehicles
from .models import Allotment, Vehicle

DAYS = ((" on ", "on"), (" until ", "until"))
LINES = forms.Textarea(attrs={"rows": 2})
DAY = forms.DateInput(attrs={"type": "date"})


def titled(rows: Any) -> list[tuple[str, str]]:
    return [(row.id, row.title) for row in rows]


class VehicleForm(forms.Form):
    name = forms.CharField(max_length=60, help_text="What the team calls it.")
    plate = forms.CharField(max_length=20, help_text="Sealed in the records.")
    kind = forms.ChoiceField(label="Class")
    make_model = forms.CharField(max_length=80, required=False, label="Make and model")
    seats = forms.IntegerField(min_value=1, max_value=60, help_text="With the driver's.")
    profile = forms.ChoiceField(choices=Vehicle.Profile.choices, initial="ordinary")
    drive = forms.ChoiceField(choices=Vehicle.Drive.choices)
    range_km = forms.IntegerField(min_value=0, required=False, label="Range (km)")
    odometer_km = forms.IntegerField(min_value=0, required=False, label="Mileage (km)")
    service_due_km = forms.IntegerField(min_value=0, required=False, label="Service at (km)")
    service_due_on = forms.DateField(required=False, label="Service by", widget=DAY)
    terrain = forms.MultipleChoiceField(required=False, label="Made for")
    features = forms.MultipleChoiceField(required=False, label="Safety features")
    notes = forms.CharField(required=False, widget=LINES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lists = vehicles()
        for name, rows in (
            ("kind", lists.classes),
            ("terrain", lists.terrain),
            ("features", lists.features),
        ):
            self.fields[name].choices = titled(rows)  # pyright: ignore

    @classmethod
    def of(cls, vehicle: Vehicle) -> "VehicleForm":
        return cls(initial={name: getattr(vehicle, name) for name in cls.base_fields})


class EquipmentForm(forms.Form):
    what = forms.CharField(max_length=80)
    """``kit:extinguisher``, or a sort and a name of one's own."""
    name = forms.CharField(max_length=60, required=False)
    ends = forms.DateField(required=False)
    note = forms.CharField(max_length=200, required=False)

    def fields_of(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        sort, _, name = given.pop("what").partition(":")
        return {**given, "sort": sort, "name": given["name"] or name}


class ArmourForm(forms.Form):
    standard = forms.CharField(max_length=60)
    edition = forms.CharField(max_length=40)
    number = forms.CharField(max_length=80, required=False)
    body = forms.CharField(max_length=40, required=False)
    glass = forms.CharField(max_length=40, required=False)
    roof = forms.CharField(max_length=40, required=False)
    floor = forms.CharField(max_length=40, required=False)
    door_gaps = forms.CharField(max_length=40, required=False)
    ends = forms.DateField(required=False)


class NeedForm(forms.Form):
    """What the person who plans knows of a leg beyond what stands in it."""

    seats = forms.IntegerField(min_value=1, max_value=60, required=False)
    distance_km = forms.FloatField(min_value=0, max_value=5000, required=False)
    cold = forms.ChoiceField(choices=[("", ""), ("yes", ""), ("no", "")], required=False)
    profile = forms.ChoiceField(choices=[("", ""), *Vehicle.Profile.choices], required=False)
    terrain = forms.MultipleChoiceField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["terrain"].choices = titled(vehicles().terrain)  # pyright: ignore

    def asked(self) -> dict[str, Any]:
        given = dict(self.cleaned_data) if self.is_valid() else {}
        given["cold"] = {"yes": True, "no": False}.get(given.get("cold", ""))
        return given


class AssignForm(forms.Form):
    vehicle = forms.UUIDField()
    driver = forms.CharField(required=False)
    part = forms.ChoiceField(choices=Allotment.Part.choices)
    reason = forms.CharField(max_length=300, required=False)


class DriverForm(forms.Form):
    """Lines of text, each with its day: ``B until 2027-06-30``."""

    licences = forms.CharField(required=False, widget=LINES, label="Licence classes")
    courses = forms.CharField(required=False, widget=LINES)
    medical = forms.DateField(required=False, label="Medical until", widget=DAY)
    languages = forms.CharField(required=False, help_text="With commas between.")
    places = forms.CharField(required=False, widget=LINES, label="Places known")

    @classmethod
    def of(cls, facts: dict[str, Any]) -> "DriverForm":
        dated = {
            name: "\n".join(_line(row) for row in facts.get(name, []))
            for name in ("licences", "courses")
        }
        places = [
            f"{r['place']}: {r.get('note', '')}".rstrip(": ") for r in facts.get("places", [])
        ]
        medical = (facts.get("medical") or {}).get("until")
        return cls(
            initial={
                **dated,
                "medical": medical,
                "languages": ", ".join(facts.get("languages", [])),
                "places": "\n".join(places),
            }
        )

    def fields_of(self) -> dict[str, Any]:
        given = self.cleaned_data
        places = [line.partition(":") for line in _lines(given["places"])]
        medical = given["medical"]
        return {
            "licences": [_dated(line) for line in _lines(given["licences"])],
            "courses": [_dated(line) for line in _lines(given["courses"])],
            "medical": {"until": medical.isoformat()} if medical else None,
            "languages": [one.strip() for one in given["languages"].split(",") if one.strip()],
            "places": [{"place": name.strip(), "note": note.strip()} for name, _, note in places],
        }


def valid(form: forms.Form) -> dict[str, Any]:
    """For small forms beside other things: the first fault in words."""
    if not form.is_valid():
        name, faults = next(iter(form.errors.items()))
        raise Refused(str(faults[0]), where=str(name))
    return form.cleaned_data


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _line(row: dict[str, Any]) -> str:
    """``Evasive on 2026-01-15 until 2028-01-15``."""
    parts = [f"{word}{row[key]}" for word, key in DAYS if row.get(key)]
    return "".join([row["name"], *parts])


def _dated(line: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    rest = line
    for word, key in reversed(DAYS):
        rest, _, day = rest.partition(word)
        if day:
            found[key] = _day(day, line)
    return {"name": rest.strip(), **found}


def _day(text: str, line: str) -> str:
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError as error:
        raise Refused("This is no day", where=line, mend="Such as: B until 2027-06-30.") from error

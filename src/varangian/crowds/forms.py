"""What people type about venues and their crowds."""

from django import forms

UNITS = [(u, u.capitalize()) for u in ("metres", "centimetres", "millimetres", "feet", "inches")]
LAWS = [("", "As the plan says"), ("uk", "United Kingdom"), ("us", "United States"),
        ("house", "House rules")]  # fmt: skip
RISKS = [(r, r.capitalize()) for r in ("medium", "low", "high")]


class ImportForm(forms.Form):
    file = forms.FileField(
        label="Drawing",
        help_text="GeoJSON, DXF, SVG, IMDF zip, or a picture to trace; at most 25 MB.",
    )
    units = forms.ChoiceField(
        label="Units", choices=[("", "As the drawing says, else by its doors"), *UNITS],
        required=False,
    )  # fmt: skip
    metres_wide = forms.FloatField(
        label="Metres across", required=False, min_value=3, max_value=5000,
        help_text="Of a picture only: what it shows from its left edge to its right one.",
    )  # fmt: skip
    note = forms.CharField(label="Note", required=False, max_length=400)


class PlanForm(ImportForm):
    name = forms.CharField(
        label="Name", required=False, max_length=120, help_text="Else that of the drawing."
    )
    operation = forms.ChoiceField(label="Operation", required=False)
    place = forms.ChoiceField(label="Place", required=False)
    field_order = ("file", "name", "operation", "place", "units", "metres_wide", "note")


class CapacityForm(forms.Form):
    people = forms.IntegerField(label="People expected", required=False, min_value=0,
                                max_value=2_000_000)  # fmt: skip
    jurisdiction = forms.ChoiceField(label="Rules", choices=LAWS, required=False)
    risk = forms.ChoiceField(label="Risk of fire", choices=RISKS, required=False)
    alcohol = forms.BooleanField(label="Alcohol is sold", required=False)
    high_risk = forms.BooleanField(label="Higher risk: 1 steward in 100", required=False)


class QueueForm(forms.Form):
    people = forms.IntegerField(label="People who come", min_value=1, max_value=500_000)
    lanes = forms.IntegerField(label="Lanes", required=False, min_value=1, max_value=2000,
                               help_text="Else those of the plan, else as needed.")  # fmt: skip
    rate = forms.FloatField(label="People an hour and lane", required=False, min_value=1,
                            max_value=5000)  # fmt: skip
    longest_wait = forms.FloatField(label="Longest wait, minutes", required=False, min_value=0.5,
                                    max_value=240)  # fmt: skip
    opens_before = forms.FloatField(label="Doors open before, minutes", required=False, min_value=0,
                                    max_value=720)  # fmt: skip
    peak_before = forms.FloatField(
        label="Peak before the start, minutes", required=False, min_value=-60, max_value=720
    )
    spread = forms.FloatField(label="Spread, minutes", required=False, min_value=1, max_value=360)


class RunForm(forms.Form):
    people = forms.IntegerField(label="People inside", min_value=1, max_value=200_000)
    runs = forms.IntegerField(label="Runs", min_value=1, max_value=1000, initial=30)
    blocked = forms.MultipleChoiceField(label="Doors shut", required=False)
    surge_gate = forms.ChoiceField(label="Surge at", required=False)
    surge_people = forms.IntegerField(label="People who push in", required=False, min_value=1,
                                      max_value=100_000)  # fmt: skip
    incident = forms.CharField(label="Incident at", required=False, max_length=40,
                               help_text="x, y in metres; or click on the plan.")  # fmt: skip


class RopeForm(forms.Form):
    length = forms.FloatField(label="Length of the line, metres", min_value=2, max_value=500)
    people = forms.IntegerField(label="People along it", min_value=1, max_value=5000)
    stand_off = forms.FloatField(
        label="Stand-off, metres", required=False, min_value=0, max_value=5
    )

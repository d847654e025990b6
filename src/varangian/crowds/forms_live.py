"""What people type while a crowd is watched."""

from typing import Any

from django import forms

from .models import CrowdCounter, CrowdTrigger


class WatchForm(forms.Form):
    expected = forms.IntegerField(
        label="People expected in all", required=False, min_value=1, max_value=2_000_000,
        help_text="Without it no forecast beats “nothing changes”, and none is shown.",
    )  # fmt: skip
    give = forms.IntegerField(
        label="Give or take, per cent", required=False, min_value=1, max_value=100, initial=10
    )


class CountForm(forms.Form):
    zone = forms.ChoiceField(label="Zone")
    people = forms.IntegerField(label="People counted", min_value=0, max_value=2_000_000)
    within = forms.IntegerField(label="Give or take", required=False, min_value=0)


class TriggerForm(forms.Form):
    zone = forms.ChoiceField(label="Zone", required=False)
    level = forms.ChoiceField(label="Level", choices=CrowdTrigger.Level)
    value = forms.FloatField(label="From", min_value=0.01, max_value=2_000_000)
    what = forms.ChoiceField(label="Of", choices=CrowdTrigger.What)


class CameraForm(forms.Form):
    place = forms.ChoiceField(label="What the camera counts")
    into = forms.ChoiceField(label="Zone", required=False)
    behind = forms.ChoiceField(
        label="From", required=False, help_text="Only of a line that people cross."
    )


class CounterForm(forms.Form):
    name = forms.CharField(label="Name", max_length=60)
    kind = forms.ChoiceField(
        label="Kind",
        choices=[one for one in CrowdCounter.Kind.choices if one[0] != CrowdCounter.Kind.SEEN],
    )
    behind = forms.ChoiceField(label="From", required=False)
    into = forms.ChoiceField(label="Into", required=False)
    outside_id = forms.CharField(
        label="Calls itself", required=False, max_length=60, help_text="Over MQTT."
    )
    passages = forms.BooleanField(
        label="Says passages since its last word", required=False,
        help_text="Else totals since it was switched on.",
    )  # fmt: skip
    missed_pct = forms.FloatField(
        label="Misses, per cent", required=False, min_value=0, max_value=49, initial=3,
        help_text="From a hundred passages that you counted beside it.",
    )  # fmt: skip
    period_s = forms.IntegerField(
        label="A word every, seconds", required=False, min_value=1, max_value=3600, initial=60
    )

    def fields_of(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        missed = given.pop("missed_pct")
        given["totals"] = not given.pop("passages")
        given["missed"] = 0.03 if missed is None else missed / 100
        given["period_s"] = given["period_s"] or 60
        return given

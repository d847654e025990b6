"""A door as it is typed, or put on the map beside the form."""

from django import forms

from varangian.kernel.results import Refused

from ..areas import position


class DoorForm(forms.Form):
    name = forms.CharField(max_length=60, label="Name", help_text="Such as North gate, or Yard")
    position = forms.CharField(
        max_length=60, label="Kerb where the car stops", help_text="Latitude, longitude"
    )
    waits = forms.BooleanField(required=False, label="A car may wait here")

    def clean_position(self) -> tuple[float, float]:
        try:
            return position(self.cleaned_data["position"])
        except Refused as why:
            raise forms.ValidationError(f"{why.what}. {why.mend}") from why

    def refused(self, why: Refused) -> None:
        field = why.where if why.where in self.fields else None
        self.add_error(field, f"{why.what}. {why.mend}".strip())

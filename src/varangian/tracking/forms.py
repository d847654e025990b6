"""What a person fills in about devices."""

from typing import Any

from django import forms

from .models import Device

KINDS = [choice for choice in Device.Kind.choices if choice[0] not in ("tak", "phone", "button")]


class DeviceForm(forms.Form):
    kind = forms.ChoiceField(choices=KINDS, label="Application")
    label = forms.CharField(max_length=80, label="Name", help_text="Such as Phone of W2, or Car 1")
    carrier = forms.ChoiceField(label="Carried by")
    share = forms.ChoiceField(
        choices=Device.Share.choices, initial="duty", label="Shares its place"
    )
    period_s = forms.IntegerField(
        min_value=1, max_value=3600, initial=15, label="A position every (seconds)"
    )
    days = forms.IntegerField(min_value=1, max_value=366, initial=30, label="Works for (days)")
    outside_id = forms.CharField(
        max_length=120, required=False, label="Node number", help_text="Meshtastic only"
    )

    def __init__(
        self, *args: Any, people: Any = (), principal: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(member.user_id): member.user for member in people}
        choices = [(pk, str(user)) for pk, user in self.people.items()]
        choices += [("", "Nobody: a car or a thing"), ("principal", "The principal")] * principal
        self.fields["carrier"].choices = choices  # pyright: ignore
        self.fields["carrier"].required = not principal

    def fields_of(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        carrier = given.pop("carrier")
        given["person"] = self.people.get(carrier)
        given["carried_by_principal"] = carrier == "principal"
        return given


class ShareForm(forms.Form):
    label = forms.CharField(max_length=80, label="Name")
    share = forms.ChoiceField(choices=Device.Share.choices, label="Shares its place")
    period_s = forms.IntegerField(min_value=1, max_value=3600, label="A position every (seconds)")


class TrackForm(forms.Form):
    file = forms.FileField(label="GPX file")

"""What a person may type about a place."""

from django import forms

from ..models import Place


class PlaceForm(forms.Form):
    name = forms.CharField(max_length=200)
    kind = forms.ChoiceField(choices=Place.Kind.choices)
    address = forms.CharField(max_length=400, required=False)
    phone = forms.CharField(max_length=60, required=False)
    latitude = forms.FloatField(min_value=-90, max_value=90, required=False)
    longitude = forms.FloatField(min_value=-180, max_value=180, required=False)
    notes = forms.CharField(widget=forms.Textarea, required=False)

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        missing = [name for name in ("latitude", "longitude") if given.get(name) is None]
        if len(missing) == 1 and missing[0] not in self.errors:
            self.add_error(missing[0], f"A position needs its {missing[0]} too.")
        return given

    @classmethod
    def of(cls, place: Place) -> "PlaceForm":
        latitude, longitude = place.position or (None, None)
        return cls(
            initial={
                "name": place.name,
                "kind": place.kind,
                "address": place.address,
                "phone": place.phone,
                "latitude": latitude,
                "longitude": longitude,
                "notes": place.notes,
            }
        )

    def fields_of(self) -> dict[str, object]:
        """As the service takes them: an empty position is left as it was."""
        given = dict(self.cleaned_data)
        latitude, longitude = given.pop("latitude"), given.pop("longitude")
        if latitude is not None and longitude is not None:
            given["position"] = [latitude, longitude]
        return given

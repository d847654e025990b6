"""What is closed, drawn on the map or written beside it; the fields are those the map knows."""

from typing import Any

from django import forms

from varangian.kernel.results import Refused

from ..areas import MOST_M, circle, outline, position

KINDS = (("circle", "A place and its surroundings"), ("outline", "An outline"))


class ClosureForm(forms.Form):
    reason = forms.CharField(
        max_length=200, label="What is closed, and who says so",
        help_text="Such as Water main broke, police. Stands in the log and on each new version",
    )  # fmt: skip
    kind = forms.ChoiceField(choices=KINDS, initial="circle", label="Shape")
    position = forms.CharField(
        max_length=60, required=False, label="Middle", help_text="Latitude, longitude"
    )
    radius_m = forms.IntegerField(
        min_value=20, max_value=MOST_M, initial=60, required=False, label="Radius (metres)"
    )
    ring = forms.CharField(
        required=False, label="Corners", help_text="One corner a line: latitude, longitude",
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
    )  # fmt: skip
    use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        field = "ring" if given.get("kind") == "outline" else "position"
        try:
            given["area"] = self._area(given)
        except Refused as why:
            self.add_error(field, f"{why.what} ({why.where}). {why.mend}")
        return given

    def _area(self, given: dict[str, Any]) -> dict[str, Any]:
        if given.get("kind") == "outline":
            return outline(given.get("ring", ""))
        if not given.get("position"):
            raise Refused("Nothing is marked", "map", "Click where the road is closed.")
        return circle(position(given["position"]), given.get("radius_m") or 60)

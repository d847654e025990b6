"""What people type about posts for cover."""

from typing import Any

from django import forms

from varangian.kernel.results import Refused


class CoverForm(forms.Form):
    posts = forms.IntegerField(
        label="More posts", required=False, min_value=0, max_value=100, initial=3,
        help_text="Beside those drawn, which stay.",
    )  # fmt: skip
    share = forms.FloatField(
        label="Or the fewest that see, per cent", required=False, min_value=1, max_value=100
    )
    reach = forms.FloatField(
        label="An officer watches as far as, metres", required=False, min_value=1, max_value=200,
        help_text="25 unless said: hands and faces, assumed.",
    )  # fmt: skip
    twice = forms.BooleanField(label="Two see where the principal is longest", required=False)
    doors_open = forms.BooleanField(label="Doors stand open", required=False)
    candidates = forms.IntegerField(
        label="Candidate places", required=False, min_value=1, max_value=200,
        help_text="60 unless said, spread over the floor.",
    )  # fmt: skip

    def wish(self) -> dict[str, Any]:
        """As the engine's ``Ask``; a share given counts before a number of posts."""
        if not self.is_valid():
            name, errors = next(iter(self.errors.items()))
            raise Refused(str(errors[0]), str(self.fields[name].label))
        given = self.cleaned_data
        found: dict[str, Any] = {"twice": given["twice"], "doors_open": given["doors_open"]}
        if given["share"] is not None:
            found["share"] = given["share"] / 100
        else:
            found["posts"] = given["posts"]
        for name in ("reach", "candidates"):
            if given[name] is not None:
                found[name] = given[name]
        return found

"""What people type about posts for cover."""

from typing import Any

from django import forms

from varangian.engines.crowdflow.cover import known_weights
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, weight in known_weights().items():
            self.fields[f"weight_{name}"] = forms.FloatField(
                label=f"{weight.label}, {weight.unit}", required=False, initial=weight.value,
                min_value=weight.least, max_value=weight.most,
                help_text=f"{weight.changes} {weight.value:g} unless said, {weight.sure}.",
            )  # fmt: skip

    def plain(self) -> list[forms.BoundField]:
        return [field for field in self if not field.name.startswith("weight_")]

    def weights(self) -> list[forms.BoundField]:
        return [field for field in self if field.name.startswith("weight_")]

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
        weights = {name: given[f"weight_{name}"] for name in known_weights()}
        return found | {"weights": weights}

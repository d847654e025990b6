"""What a person fills in about a fence; the map beside the form writes into the same fields."""

from typing import Any

from django import forms

from varangian.kernel.results import Refused

from .models import Fence

LOG = "log"
URGENCIES = (
    ("attention", "An alert for attention"),
    ("now", "An alert to act on now"),
    ("inform", "An alert that informs"),
    (LOG, "An entry in the log alone"),
)
NEEDED = (
    (["circle"], "position", "Put the middle on the map, or write where it is."),
    (["outline"], "ring", "Draw the outline on the map, or write its corners."),
    (["circle", "leash"], "radius_m", "Say how far it reaches, in metres."),
)
SPLIT = "Write latitude, longitude, such as 60.1699, 24.9384."


class FenceForm(forms.Form):
    name = forms.CharField(max_length=80, help_text="Such as Residence, or North car park")
    purpose = forms.CharField(
        max_length=300,
        required=False,
        help_text="What a crossing means; stands in the alert. Kept under the operation's key",
    )
    kind = forms.ChoiceField(choices=Fence.Kind.choices, initial="circle", label="Shape")
    position = forms.CharField(
        max_length=60, required=False, label="Middle", help_text="Latitude, longitude"
    )
    radius_m = forms.IntegerField(
        min_value=20, max_value=50_000, initial=200, label="Radius (metres)", required=False
    )
    ring = forms.CharField(
        required=False,
        label="Corners",
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text="One corner a line: latitude, longitude. The last joins the first",
    )
    about = forms.ChoiceField(choices=Fence.About.choices, label="Watches")
    tells = forms.ChoiceField(choices=Fence.Tells.choices, initial="both", label="Tells of")
    urgency = forms.ChoiceField(choices=URGENCIES, initial="attention", label="A crossing is")
    margin_m = forms.IntegerField(
        min_value=0,
        max_value=5_000,
        initial=0,
        required=False,
        label="Margin (metres)",
        help_text="Somebody has left only so far outside; 0 where the line itself counts",
    )

    use_required_attribute = False
    """What another shape needs is hidden, and must not hold this one up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shape = self.data.get("kind", "circle") if self.is_bound else ""
        for kinds, name, words in NEEDED:
            self.fields[name].required = not shape or shape in kinds
            self.fields[name].error_messages["required"] = words

    def clean_position(self) -> list[float] | None:
        if self.cleaned_data.get("kind") != Fence.Kind.CIRCLE:
            return None
        text = self.cleaned_data["position"].strip()
        return _said(lambda: point(text)) if text else None

    def clean_ring(self) -> list[list[float]]:
        if self.cleaned_data.get("kind") != Fence.Kind.OUTLINE:
            return []
        return _said(lambda: points(self.cleaned_data["ring"].splitlines()))

    def fields_of(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        given["radius_m"] = given["radius_m"] or 200
        given["margin_m"] = given["margin_m"] or 0
        given["urgency"] = "" if given["urgency"] == LOG else given["urgency"]
        if given["kind"] == Fence.Kind.LEASH:
            given["margin_m"] = 0
        return given

    def refused(self, why: Refused) -> None:
        """What only the service knows, beside the field that it is about."""
        field = why.where.split(",")[0].split(" ")[0]
        words = f"{why.what}. {why.mend}".strip()
        self.add_error(field if field in self.fields else None, words)


def initial(fence: Fence) -> dict[str, Any]:
    plain = ("name", "kind", "radius_m", "tells", "about", "margin_m")
    return {
        **{name: getattr(fence, name) for name in plain},
        "purpose": fence.purpose or "",
        "urgency": fence.urgency or LOG,
        "position": "" if fence.lat is None else f"{fence.lat:.6f}, {fence.lon:.6f}",
        "ring": "\n".join(f"{lat:.6f}, {lon:.6f}" for lat, lon in fence.ring),
    }


def points(lines: list[str]) -> list[list[float]]:
    return [point(line, f"line {n}: ") for n, line in enumerate(lines, 1) if line.strip()]


def point(text: str, line: str = "") -> list[float]:
    try:
        lat, lon = (float(part) for part in text.replace(";", ",").split(","))
    except ValueError as error:
        raise Refused(
            "This is no position", where=f"{line}{text.strip()[:60]}", mend=SPLIT
        ) from error
    return [lat, lon]


def _said(read: Any) -> Any:
    try:
        return read()
    except Refused as why:
        raise forms.ValidationError(f"{why.what} ({why.where}). {why.mend}") from why

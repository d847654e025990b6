"""What a person may type about measures."""

from typing import Any, get_args
from zoneinfo import ZoneInfo

from django import forms

from varangian.kernel.library import Responsibility
from varangian.operations import queries as operations
from varangian.operations.forms import LocalTime
from varangian.platform.access.queries import members
from varangian.platform.access.roles import roles_for
from varangian.platform.access.scope import Actor
from varangian.platform.ui.both import Versioned
from varangian.threats import queries as threats

from ..library import measures, order_structure
from ..models import Measure
from ..queries import effects_seen

PLAIN = ("title", "task", "responsibility", "heading", "cost", "hours", "people", "discomfort")
STEPS = [("0", "0"), ("1", "1 step"), ("2", "2 steps")]


class MeasureForm(Versioned):
    title = forms.CharField(max_length=200)
    task = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
        label="Task, as it stands in the order",
    )
    responsibility = forms.ChoiceField(
        choices=[(name, name.replace("_", " ").capitalize()) for name in get_args(Responsibility)]
    )
    heading = forms.ChoiceField(
        choices=lambda: [
            (part.title, [(h.id, h.title) for h in part.headings])
            for part in order_structure().paragraphs
        ],
        label="Where in the order",
    )
    post = forms.TypedChoiceField(required=False, empty_value=None)
    owner = forms.TypedChoiceField(required=False, empty_value=None)
    due = LocalTime(required=False)
    cost = forms.DecimalField(required=False, min_value=0, max_digits=12, decimal_places=2)
    hours = forms.DecimalField(required=False, min_value=0, max_digits=6, decimal_places=1)
    people = forms.IntegerField(required=False, min_value=0, max_value=999)
    discomfort = forms.TypedChoiceField(
        coerce=int,
        label="Discomfort to the principal",
        choices=lambda: [(n, f"{n}: {w}") for n, w in measures().discomfort_words.items()],
    )

    def __init__(self, *args: Any, actor: Actor, operation: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(operation.time_zone)
        self.fields["due"].help_text = f"Time zone {operation.time_zone}"
        self.known = {
            "post": {str(p.pk): p for p in operations.posts(actor, operation)},
            "owner": {
                str(member.user_id): member.user
                for member in members(actor, operation.compartment_id)
                if member.role in roles_for("measure.view")
            },
        }
        for name, rows in self.known.items():
            shown = [(pk, getattr(row, "title", str(row))) for pk, row in rows.items()]
            self.fields[name].choices = [("", "none"), *shown]  # pyright: ignore

    def clean_task(self) -> str:
        return self.cleaned_data["task"].replace("\r\n", "\n")

    def fields_of(self) -> dict[str, Any]:
        given = {n: v for n, v in self.cleaned_data.items() if n not in ("version", "base")}
        for name, rows in self.known.items():
            given[name] = rows.get(given[name])
        if given["due"]:
            given["due"] = given["due"].replace(tzinfo=self.zone)
        return given

    @classmethod
    def of(cls, measure: Measure, actor: Actor) -> "MeasureForm":
        zone = ZoneInfo(measure.operation.time_zone)
        initial = {name: getattr(measure, name) for name in (*PLAIN, "version")}
        initial |= {name: str(getattr(measure, f"{name}_id") or "") for name in ("post", "owner")}
        initial["due"] = measure.due.astimezone(zone) if measure.due else None
        return cls(initial=initial, actor=actor, operation=measure.operation)


class EffectsForm(forms.Form):
    """Two small choices for each risk of the operation: how far the measure lowers it."""

    def __init__(self, *args: Any, actor: Actor, measure: Measure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.risks = list(threats.risks(actor, measure.operation))
        held = {effect.risk_id: effect for effect in effects_seen(actor, measure)}  # pyright: ignore
        for risk in self.risks:
            for axis in ("likelihood", "impact"):
                self.fields[f"{axis}-{risk.pk}"] = forms.ChoiceField(
                    choices=STEPS,
                    required=False,
                    label=f"{risk.label} {axis}",
                    initial=str(getattr(held.get(risk.pk), axis, 0)),
                )

    def rows(self) -> list[tuple[Any, Any, Any]]:
        """Each risk with its two bound fields."""
        return [(r, self[f"likelihood-{r.pk}"], self[f"impact-{r.pk}"]) for r in self.risks]

    def effects(self) -> dict[Any, tuple[int, int]]:
        found = {}
        for risk in self.risks:
            steps = [self.cleaned_data[f"{axis}-{risk.pk}"] for axis in ("likelihood", "impact")]
            likelihood, impact = (int(step or 0) for step in steps)
            if likelihood or impact:
                found[risk] = (likelihood, impact)
        return found

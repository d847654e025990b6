"""What a person may type about threats and risks. Levels are words; nobody types a score."""

from typing import Any, get_args
from zoneinfo import ZoneInfo

from django import forms

from varangian.kernel.library import Responsibility
from varangian.operations import queries as operations
from varangian.operations.forms import LocalTime
from varangian.platform.access.queries import members
from varangian.platform.access.roles import roles_for
from varangian.platform.access.scope import Actor

from ..library import grading, levels, matrix
from ..models import RiskLine, ThreatSource
from ..queries import threats as queries

RESPONSIBILITIES = [
    (name, name.replace("_", " ").capitalize()) for name in get_args(Responsibility)
]
RISK_FIELDS = (
    "title",
    "responsibility",
    "likelihood",
    "impact",
    "cause",
    "what_happens",
    "vulnerability",
    "controls",
)


class Text(forms.CharField):
    """Browsers send carriage returns; an untouched text must stay the same text."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 3})
        super().__init__(widget=widget, max_length=4000, **{"required": False, **kwargs})

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


def _confidence() -> list[tuple[str, str]]:
    return [(word.id, f"{word.id.capitalize()}: {word.meaning}") for word in grading().confidence]


def _grades(side: str) -> list[tuple[str, str]]:
    """Codes of every scale; the service checks that the chosen scale has the code."""
    words: dict[str, list[str]] = {}
    for scale in grading().scales:
        for grade in getattr(scale, side):
            words.setdefault(grade.code, []).append(grade.word)
    return [("", "not graded"), *((code, f"{code} · {' / '.join(w)}") for code, w in words.items())]


class InZone(forms.Form):
    """Times are typed on the clock of the operation."""

    times: tuple[str, ...] = ()

    def __init__(self, *args: Any, zone: str = "UTC", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(zone)
        for name in self.times:
            self.fields[name].help_text = f"Time zone {zone}"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name in self.times:
            if given.get(name):
                given[name] = given[name].replace(tzinfo=self.zone)
        return given


class SourceForm(InZone):
    times = ("valid_until",)
    title = forms.CharField(max_length=200, label="Who or what")
    kind = forms.ChoiceField(choices=ThreatSource.Kind.choices)
    intent = forms.ChoiceField(choices=ThreatSource.Level.choices)
    capability = forms.ChoiceField(choices=ThreatSource.Level.choices)
    opportunity = forms.ChoiceField(choices=ThreatSource.Level.choices)
    evidence = Text(label="Evidence")
    history = Text(label="History")
    scale = forms.ChoiceField(choices=lambda: [(s.id, s.title) for s in grading().scales])
    source_grade = forms.ChoiceField(
        choices=lambda: _grades("source"), required=False, label="Grade of the source"
    )
    information_grade = forms.ChoiceField(
        choices=lambda: _grades("information"), required=False, label="Grade of the information"
    )
    confidence = forms.ChoiceField(choices=_confidence)
    handling = forms.ChoiceField(
        choices=lambda: [(mark.id, mark.title) for mark in grading().tlp], initial="amber"
    )
    valid_until = LocalTime(required=False, label="Valid until")

    @classmethod
    def of(cls, source: ThreatSource, zone: str) -> "SourceForm":
        names = [name for name in cls.base_fields if name != "valid_until"]
        return cls(initial={name: getattr(source, name) for name in names}, zone=zone)

    def fields_of(self) -> dict[str, Any]:
        """Without a time the service sets the usual one."""
        given = dict(self.cleaned_data)
        if given["valid_until"] is None:
            del given["valid_until"]
        return given


class AssessmentForm(InZone):
    times = ("valid_until",)
    level = forms.ChoiceField(
        choices=lambda: [(v.id, f"{v.title}: {v.meaning}") for v in levels().levels]
    )
    summary = Text(required=True, label="Why this level")
    confidence = forms.ChoiceField(choices=_confidence)
    valid_until = LocalTime(required=False, label="Valid until")


class RiskForm(InZone):
    times = ("due",)
    title = forms.CharField(max_length=200, label="What could go wrong")
    responsibility = forms.ChoiceField(choices=RESPONSIBILITIES)
    likelihood = forms.TypedChoiceField(coerce=int, choices=lambda: _steps("likelihood"))
    impact = forms.TypedChoiceField(coerce=int, choices=lambda: _steps("impact"))
    threat_source = forms.TypedChoiceField(required=False, empty_value=None, label="Threat source")
    movement = forms.TypedChoiceField(required=False, empty_value=None, label="Leg")
    owner = forms.TypedChoiceField(required=False, empty_value=None)
    due = LocalTime(required=False)
    cause = Text()
    what_happens = Text(label="What happens then")
    vulnerability = Text()
    controls = Text(label="Controls already there")

    def __init__(self, *args: Any, actor: Actor, operation: Any, **kwargs: Any) -> None:
        super().__init__(*args, zone=operation.time_zone, **kwargs)
        self.known = {
            "threat_source": {str(s.pk): s for s in queries.sources(actor, operation)},
            "movement": {str(m.pk): m for m in operations.movements(actor, operation)},
            "owner": {
                str(member.user_id): member.user
                for member in members(actor, operation.compartment_id)
                if member.role in roles_for("risk.view")
            },
        }
        words = {
            "threat_source": lambda row: f"{row.label} {row.title}",
            "movement": lambda row: f"{row.serial}. {row.title}",
            "owner": str,
        }
        for name, rows in self.known.items():
            shown = [(pk, words[name](row)) for pk, row in rows.items()]
            self.fields[name].choices = [("", "none"), *shown]  # pyright: ignore

    @classmethod
    def of(cls, risk: RiskLine, actor: Actor) -> "RiskForm":
        zone = ZoneInfo(risk.operation.time_zone)
        initial = {name: getattr(risk, name) for name in RISK_FIELDS}
        for name in ("threat_source", "movement", "owner"):
            initial[name] = str(getattr(risk, f"{name}_id") or "")
        initial["due"] = risk.due.astimezone(zone) if risk.due else None
        return cls(initial=initial, actor=actor, operation=risk.operation)

    def fields_of(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        for name, rows in self.known.items():
            given[name] = rows.get(given[name])
        return given


class AcceptanceForm(forms.Form):
    seat = forms.ChoiceField(label="Sign as")
    given_by = forms.CharField(
        max_length=120, required=False, label="Who consented", help_text="For the client's seat."
    )
    note = Text(label="Reason")

    def __init__(self, *args: Any, seats: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = [(seat, seat.replace("_", " ").capitalize()) for seat in seats]
        self.fields["seat"].choices = words  # pyright: ignore


def _steps(axis: str) -> list[tuple[int, str]]:
    return [(w.step, f"{w.step} {w.word}: {w.meaning}") for w in getattr(matrix(), axis)]

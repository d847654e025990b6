"""What a person may type about a TVRA. Steps are words of the matrix; nobody types a score."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from varangian.operations import queries as operations
from varangian.operations.forms import LocalTime
from varangian.platform.access.queries import members
from varangian.platform.access.roles import roles_for
from varangian.platform.access.scope import Actor

from ..library import grading, matrix
from ..library.tvra import Subject, checks
from ..library.tvra import tvra as library
from ..models import Tvra, TvraLine
from ..queries import tvra as queries
from ..tvra_rules import WORDS
from .threats import InZone, Text

TEXTS = ("title", "scope", "summary", "conclusion", "client_title", "template", "handling")


class NewTvraForm(forms.Form):
    """Subject and title; the rest is written on the draft."""

    place = forms.TypedChoiceField(empty_value=None)
    movement = forms.TypedChoiceField(empty_value=None, label="Leg")
    title = forms.CharField(max_length=160, required=False, help_text="Without one: the subject.")
    client_title = forms.CharField(
        max_length=160,
        required=False,
        label="Title of the report",
        help_text="As the client calls it.",
    )

    def __init__(
        self, *args: Any, actor: Actor, operation: Any, subject: Subject, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.known: dict[str, dict[str, Any]] = {}
        rows = {
            "place": (subject.place, queries.places_for(actor, operation), lambda row: row.name),
            "movement": (
                subject.leg,
                operations.movements(actor, operation),
                lambda row: f"{row.serial}. {row.title}",
            ),
        }
        for name, (rule, found, words) in rows.items():
            if rule == "none":
                del self.fields[name]
                continue
            self.known[name] = {str(row.pk): row for row in found}
            shown = [(pk, words(row)) for pk, row in self.known[name].items()]
            field: Any = self.fields[name]
            field.required = rule == "needed"
            field.choices = [("", "Choose" if field.required else "the whole of it"), *shown]

    def fields_of(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        for name, rows in self.known.items():
            given[name] = rows.get(given[name])
        return {name: value for name, value in given.items() if value not in (None, "")}


class TvraForm(InZone):
    times = ("review_due", "valid_until")
    title = forms.CharField(max_length=160)
    client_title = forms.CharField(max_length=160, required=False, label="Title of the report")
    scope = Text(help_text="What was looked at, by whom, and what was not.")
    summary = Text(help_text="What stands, in a few sentences.")
    conclusion = Text(help_text="What follows from it. Needed before it is sent in.")
    handling = forms.ChoiceField(
        choices=lambda: [(mark.id, f"{mark.title}: {mark.meaning}") for mark in grading().tlp]
    )
    template = forms.ChoiceField(
        choices=lambda: [(one.id, f"{one.title}: {one.meaning}") for one in library().templates],
        label="Printed as",
    )
    review_due = LocalTime(label="Review due")
    valid_until = LocalTime(label="Valid until")

    @classmethod
    def of(cls, tvra: Tvra, data: Any = None) -> "TvraForm":
        zone = tvra.operation.time_zone
        initial = {name: getattr(tvra, name) for name in TEXTS}
        for name in cls.times:
            initial[name] = getattr(tvra, name).astimezone(ZoneInfo(zone))
        return cls(data, initial=initial, zone=zone)


class JudgeForm(forms.Form):
    likelihood = forms.TypedChoiceField(coerce=int, choices=lambda: _steps("likelihood"))
    impact = forms.TypedChoiceField(
        coerce=int, choices=lambda: _steps("impact"), label="Consequence"
    )
    confidence = forms.ChoiceField(
        choices=lambda: [(w.id, f"{w.id.capitalize()}: {w.meaning}") for w in grading().confidence]
    )
    reason = Text(required=True, label="Why", help_text="In words that another person can check.")
    weighs = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Weaknesses that bear on it",
    )

    @classmethod
    def of(
        cls, line: TvraLine, kind: str, answers: dict[str, str], data: Any = None
    ) -> "JudgeForm":
        taken = line.taken
        initial = {
            "likelihood": line.likelihood or taken["likelihood"],
            "impact": line.impact or taken["impact"],
            "confidence": line.confidence or "low",
            "reason": line.reason,
            "weighs": line.weighs,
        }
        form = cls(data, initial=initial)
        form.fields["weighs"].choices = _weak(kind, answers, line.weighs)  # pyright: ignore
        return form


def _weak(kind: str, answers: dict[str, str], chosen: list[str]) -> list[tuple[str, str]]:
    """What was found wanting first; what nobody has looked at may weigh as well."""
    order = {"not_met": 0, "partly": 1, "unknown": 2}
    found = [
        (order[state], item.id, f"{item.ask} ({WORDS[state]})")
        for item in checks(kind).items
        if (state := answers.get(item.id, "unknown")) in order
    ]
    kept = [
        (3, item.id, f"{item.ask} ({WORDS[answers[item.id]]})")
        for item in checks(kind).items
        if item.id in chosen and answers.get(item.id) in ("met", "not_applicable")
    ]
    return [(item, words) for _, item, words in sorted([*found, *kept], key=lambda row: row[0])]


class TreatmentForm(InZone):
    times = ("due",)
    line = forms.ChoiceField(label="Risk")
    title = forms.CharField(max_length=160, label="What is done")
    task = Text(help_text="As it will stand in the order; without it the line above.")
    owner = forms.ChoiceField()
    due = LocalTime()
    residual_likelihood = forms.TypedChoiceField(
        coerce=int, choices=lambda: _steps("likelihood"), label="Likelihood that is left"
    )
    residual_impact = forms.TypedChoiceField(
        coerce=int, choices=lambda: _steps("impact"), label="Consequence that is left"
    )

    def __init__(self, *args: Any, actor: Actor, tvra: Tvra, **kwargs: Any) -> None:
        super().__init__(*args, zone=tvra.operation.time_zone, **kwargs)
        self.lines = {
            one.label: one for one in queries.lines(actor, tvra) if one.is_risk and one.judged
        }
        allowed = roles_for("measure.view")
        self.people = {
            str(one.user_id): one.user
            for one in members(actor, tvra.compartment_id)
            if one.role in allowed
        }
        shown = [(label, f"{label} {one.taken['title']}") for label, one in self.lines.items()]
        self.fields["line"].choices = shown  # pyright: ignore
        people = [(pk, str(user)) for pk, user in self.people.items()]
        self.fields["owner"].choices = [("", "Choose"), *people]  # pyright: ignore

    def fields_of(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        given["line"] = self.lines[given["line"]]
        given["owner"] = self.people[given["owner"]]
        return given


def _steps(axis: str) -> list[tuple[int, str]]:
    return [(w.step, f"{w.step} {w.word}: {w.meaning}") for w in getattr(matrix(), axis)]

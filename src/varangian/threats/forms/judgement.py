"""What a person may type about judgements. Levels are words; nobody types a score."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from django import forms

from varangian.platform.access.queries import members
from varangian.platform.access.roles import roles_for
from varangian.platform.access.scope import Actor

from ..judgement_rules import Answer
from ..library import grading
from ..library.indicators import indicators
from ..models import Judgement, Person
from ..services.judgements_common import MOST_SCENARIOS, SCENARIO
from .threats import Text

DAY = {"type": "date"}
PARTS = ("state", "evidence", "links", "since", "trend")


class Day(forms.DateField):
    """The end of a day; days are those of Greenwich, as on the rest of a person's file."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"), **kwargs)

    def clean(self, value: Any) -> Any:
        found: date | None = super().clean(value)
        return datetime.combine(found, time(23, 59), UTC) if found else None


class SignForm(forms.Form):
    """The part below the indicators. All may stay open in a draft."""

    formulation = Text(
        label="Formulation",
        help_text="How it hangs together: why this person, why now, why this target.",
    )
    level = forms.ChoiceField(required=False, label="Level of concern")
    confidence = forms.ChoiceField(
        required=False, help_text="How good what you know is, not how bad it is."
    )
    reasons = Text(
        label="Reasons for the level", help_text="Also what speaks against, and what is not known."
    )
    next_review = Day(
        required=False, label="Next review", help_text="Left out: as late as the level allows."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = [(one.id, one.title) for one in indicators().levels]
        words = [(one.id, f"{one.id.capitalize()}: {one.meaning}") for one in grading().confidence]
        self.fields["level"].choices = [("", "Choose"), *levels]  # pyright: ignore
        self.fields["confidence"].choices = [("", "Choose"), *words]  # pyright: ignore

    @classmethod
    def of(cls, row: Judgement, data: Any = None) -> "SignForm":
        names = ("formulation", "level", "confidence", "reasons")
        return cls(data, initial={name: getattr(row, name) for name in names})


def answers_of(sent: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """By indicator, as far as the page sent it; what it did not send stays as it is."""
    return {
        one.id: {name: sent.get(f"i-{one.id}-{name}", "") for name in PARTS}
        for one in indicators().indicators
        if f"i-{one.id}-state" in sent
    }


def scenarios_of(sent: Mapping[str, str]) -> list[dict[str, str]]:
    return [
        {name: sent.get(f"s-{number}-{name}", "") for name in SCENARIO}
        for number in range(MOST_SCENARIOS)
    ]


def typed(given: Mapping[str, str]) -> Answer:
    """What was typed, to be shown again as it was."""
    links = tuple({"label": one.strip()} for one in given["links"].split(",") if one.strip())
    return Answer(given["state"], given["evidence"], links, given["since"], given["trend"])


class SecondForm(forms.Form):
    rater = forms.TypedChoiceField(
        label="Second rater", help_text="Sees nothing of yours before signing."
    )

    def __init__(self, *args: Any, actor: Actor, first: Judgement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = desk(actor, first.person, "person.change", without=first.rater_id)
        named = [(pk, str(user)) for pk, user in self.people.items()]
        self.fields["rater"].choices = [("", "Choose"), *named]  # pyright: ignore


class StrategyForm(forms.Form):
    ways = forms.MultipleChoiceField(
        label="How the case is worked", widget=forms.CheckboxSelectMultiple
    )
    reasons = Text(required=True, label="Why this, now")
    watch_for = Text(label="What would show that it backfires")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ways"].choices = [(one.id, one.title) for one in indicators().strategies]  # pyright: ignore


class StrategyTaskForm(forms.Form):
    words = forms.CharField(max_length=400, label="What is to be done")
    owner = forms.TypedChoiceField(label="Who does it")
    due = Day(label="Until")

    def __init__(self, *args: Any, actor: Actor, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = desk(actor, person, "person.view")
        named = [(pk, str(user)) for pk, user in self.people.items()]
        self.fields["owner"].choices = [("", "Choose"), *named]  # pyright: ignore


class InstrumentForm(forms.Form):
    instrument = forms.CharField(max_length=120, help_text="Its name and edition.")
    rater = forms.CharField(max_length=120, label="Rated by")
    licence_holder = forms.CharField(max_length=120, label="Licence held by")
    done_on = forms.DateField(label="Done on", widget=forms.DateInput(attrs=DAY))
    outcome = Text(
        required=True,
        label="Result in words",
        help_text="The conclusion, not the items and no figure by itself.",
    )
    document = forms.FileField(required=False, label="Report")


def desk(actor: Actor, person: Person, action: str, without: Any = None) -> dict[str, Any]:
    """Members of the engagement who may, by their id."""
    allowed = roles_for(action)
    return {
        str(member.user_id): member.user
        for member in members(actor, person.compartment_id)
        if member.role in allowed and member.user_id != without
    }

"""What a person may type about persons of interest."""

from typing import Any

from django import forms

from varangian.operations.forms import LocalTime
from varangian.platform.access.queries import members
from varangian.platform.access.roles import roles_for
from varangian.platform.access.scope import Actor
from varangian.principals import queries as principals

from ..library.bolo import bolo
from ..library.persons import persons as library
from ..models import CourtOrder, Person, PersonFact, PersonTie
from ..person_rules import moves_from
from ..queries import persons as queries
from ..services.persons_common import NOT_FOR_PEOPLE
from .threats import InZone, Text, _grades

WORDS = ("name", "identified", "description", "concern", "purpose", "proportionality")
DAY = {"type": "date"}


class PersonForm(InZone):
    times = ("expires_at",)
    name = forms.CharField(
        max_length=200, label="Name, or how we call them", help_text="Such as: unknown, grey coat."
    )
    identified = forms.BooleanField(required=False, label="It is known who this is")
    principal = forms.TypedChoiceField(required=False, label="Whom it concerns")
    concern = Text(required=True, label="Why we keep it", help_text="What was done or said, when.")
    description = Text(help_text="What somebody at a door can see.")
    purpose = Text(required=True, help_text="What the file is for, and for nothing else.")
    legal_basis = forms.ChoiceField()
    proportionality = Text(
        required=True, help_text="Why nothing milder does, and what was weighed against it."
    )
    reviewer = forms.TypedChoiceField(help_text="Somebody else than who refers.")
    expires_at = LocalTime(required=False, label="Kept until")

    def __init__(
        self, *args: Any, actor: Actor, engagement: Any, referrer: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        rows = principals.principals(actor).filter(compartment_id=engagement.compartment_id)
        self.principals = {str(row.pk): row for row in rows}
        self.reviewers = _reviewers(actor, engagement, referrer or actor)
        bases = [(one.id, one.title) for one in bolo().bases if one.id != NOT_FOR_PEOPLE]
        self._choices("legal_basis", [("", "Choose"), *bases])
        named = [(pk, row.code_name) for pk, row in self.principals.items()]
        self._choices("principal", [("", "The household"), *named])
        people = [(pk, str(user)) for pk, user in self.reviewers.items()]
        self._choices("reviewer", [("", "Choose"), *people])
        usual, most = library().usual_days, library().most_days
        words = f". Without one: in {usual} days. At most {most} days ahead."
        self.fields["expires_at"].help_text += words  # pyright: ignore

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # pyright: ignore

    @classmethod
    def of(cls, person: Person, actor: Actor, data: Any = None) -> "PersonForm":
        """The end is not changed here: that is for the reviewer, at a review."""
        initial = {name: getattr(person, name) for name in (*WORDS, "legal_basis")}
        initial["principal"] = str(person.principal_id or "")
        initial["reviewer"] = str(person.reviewer_id)
        form = cls(
            data,
            initial=initial,
            actor=actor,
            engagement=person.engagement,
            referrer=person.referred_by,
        )
        del form.fields["expires_at"]
        form.times = ()
        return form

    def fields_of(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        given["principal"] = self.principals.get(given["principal"])
        given["reviewer"] = self.reviewers.get(given["reviewer"])
        return given


def _reviewers(actor: Actor, engagement: Any, referrer: Any) -> dict[str, Any]:
    allowed = roles_for("person.review")
    return {
        str(member.user_id): member.user
        for member in members(actor, engagement.compartment_id)
        if member.role in allowed and member.user_id != getattr(referrer, "pk", None)
    }


class MoveForm(forms.Form):
    state = forms.ChoiceField(label="To")
    reason = Text(required=True, label="Why")

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = [(name, Person.State(name).label) for name in moves_from(person.state)]
        self.fields["state"].choices = ways  # pyright: ignore


class GradedForm(forms.Form):
    source = Text(required=True, label="Where it comes from")
    source_grade = forms.ChoiceField(
        choices=lambda: _grades("source"), required=False, label="Grade of the source"
    )
    information_grade = forms.ChoiceField(
        choices=lambda: _grades("information"), required=False, label="Grade of the information"
    )


class FactForm(GradedForm):
    kind = forms.ChoiceField(choices=PersonFact.Kind.choices)
    value = forms.CharField(
        max_length=300, required=False, label="What", help_text="Of a vehicle the plate."
    )
    description = forms.CharField(
        max_length=600, required=False, help_text="Of a vehicle make, colour and marks."
    )
    field_order = ("kind", "value", "description", "source")


class ImageForm(GradedForm):
    picture = forms.FileField(widget=forms.ClearableFileInput(attrs={"accept": "image/*"}))
    caption = forms.CharField(max_length=300, required=False)
    taken_on = forms.DateField(required=False, widget=forms.DateInput(attrs=DAY))
    field_order = ("picture", "caption", "taken_on", "source")


class CourtOrderForm(GradedForm):
    kind = forms.ChoiceField(choices=CourtOrder.Kind.choices)
    court = forms.CharField(max_length=200)
    reference = forms.CharField(max_length=200, required=False)
    issued_on = forms.DateField(widget=forms.DateInput(attrs=DAY))
    expires_on = forms.DateField(
        required=False, widget=forms.DateInput(attrs=DAY), help_text="Empty: not known."
    )
    conditions = Text(required=True, label="What it orders")
    field_order = ("kind", "court", "reference", "issued_on", "expires_on", "conditions", "source")


class OtherForm(forms.Form):
    """Another person of the same engagement."""

    other = forms.TypedChoiceField(label="Which person")

    def __init__(self, *args: Any, actor: Actor, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = queries.persons(actor, person.engagement, view="open").exclude(pk=person.pk)
        found = [row for row in queries.listed(rows[:500]) if row.readable]
        self.others = {str(row.pk): row for row in found}
        shown = [(pk, f"{row.label} {row.name}") for pk, row in self.others.items()]
        self.fields["other"].choices = [("", "Choose"), *shown]  # pyright: ignore


class TieForm(OtherForm, GradedForm):
    kind = forms.ChoiceField(choices=PersonTie.Kind.choices, label="How they stand to each other")
    words = forms.CharField(max_length=600, required=False, label="In words")
    field_order = ("other", "kind", "words", "source")


class MergeForm(OtherForm):
    reason = Text(required=True, label="What makes them one person")


class ReasonForm(forms.Form):
    reason = Text(required=True, label="Why")


class RenewForm(InZone):
    times = ("expires_at",)
    words = Text(required=True, label="Still needed, still fair?")
    expires_at = LocalTime(
        required=False, label="Kept until", help_text="Empty: as it was, or as long as is usual."
    )

"""What an author may type in a brief."""

from typing import Any
from uuid import UUID

from django import forms

from varangian.threats.library import grading

from ..brief_words import LONGEST, confidence_words, probability_words
from ..models import Brief
from ..models.brief import Readers

LONG = forms.Textarea(attrs={"rows": 3})


class DraftForm(forms.Form):
    """One dialog for both kinds: a day, or legs to come."""

    kind = forms.ChoiceField(choices=Brief.Kind.choices)
    day = forms.DateField(
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Of a daily brief",
    )
    legs = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Legs of the trip",
        help_text="Of a pre-trip brief; none chosen means all that lie ahead",
    )

    def __init__(self, *args: Any, legs: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = [(str(row.pk), f"{row.serial} {row.title}") for row in legs]
        self.fields["legs"].choices = shown  # pyright: ignore

    def fields_of(self) -> dict[str, Any]:
        given = self.cleaned_data
        trip = given["kind"] == Brief.Kind.PRE_TRIP
        return {
            "kind": given["kind"],
            "day": None if trip else given["day"],
            "legs": [UUID(pk) for pk in given["legs"]] if trip else None,
        }


class HeadForm(forms.Form):
    bottom_line = forms.CharField(
        max_length=LONGEST,
        required=False,
        widget=LONG,
        help_text="One to three sentences. Every reader sees it",
    )
    readers = forms.ChoiceField(choices=Readers.choices, label="For whom")
    tlp = forms.ChoiceField(label="TLP", choices=[(r.id, r.title) for r in grading().tlp])


class JudgementForm(forms.Form):
    text = forms.CharField(max_length=LONGEST, widget=LONG, label="What you judge")
    probability = forms.ChoiceField(
        choices=[(word, word) for word in probability_words()], label="How likely"
    )
    confidence = forms.ChoiceField(
        choices=[(word, word) for word in confidence_words()],
        help_text="How good the ground is, not how likely it is",
    )
    basis = forms.CharField(max_length=LONGEST, widget=LONG, label="On what it rests")
    readers = forms.ChoiceField(choices=Readers.choices, label="Who reads it")

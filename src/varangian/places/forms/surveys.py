"""One section of a survey as a form: an answer, a note and two marks for each question."""

from dataclasses import dataclass
from typing import Any

from django import forms

from varangian.kernel.results import Refused

from ..library import FactRule, PhotoRule
from ..queries.survey_views import FactView, PhotoView, SectionView
from ..standing import Standing, alike
from ..values import LONGEST, checked_value


def waits(standing: Standing, only: str) -> bool:
    """Is this one of the questions that are asked for? ``verify``, ``never``, or all."""
    if only == "never":
        return not standing.known
    return only != "verify" or (standing.known and not standing.good)


@dataclass(frozen=True)
class Row:
    """A question with the fields that answer it."""

    fact: FactView
    value: forms.BoundField
    note: forms.BoundField
    changed: forms.BoundField
    absent: forms.BoundField


@dataclass(frozen=True)
class Slot:
    """A picture with the fields that replace it."""

    view: PhotoView
    file: forms.BoundField
    caption: forms.BoundField


class SectionForm(forms.Form):
    """Only what differs from what is known is an answer; the rest was merely shown."""

    def __init__(self, *args: Any, section: SectionView, only: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.section, self.only = section, only
        for fact in section.facts:
            self._ask(fact)
        for photo in section.photos:
            self._picture(photo.rule)

    def _ask(self, fact: FactView) -> None:
        item, title = fact.rule.id, fact.rule.title
        known = fact.standing.claims[-1].said if fact.standing.known else {}
        single = not fact.standing.disputed
        self.fields[f"v-{item}"] = _field(fact.rule, known.get("value") if single else None)
        self.fields[f"n-{item}"] = forms.CharField(
            label=f"Note on {title.lower()}",
            required=False,
            max_length=LONGEST,
            initial=known.get("note", "") if single else "",
        )
        self.fields[f"c-{item}"] = forms.BooleanField(
            label="It was as written and has changed since", required=False
        )
        self.fields[f"a-{item}"] = forms.BooleanField(
            label="Does not apply here (say why in the note)",
            required=False,
            initial=bool(known.get("absent")) and single,
        )

    def _picture(self, rule: PhotoRule) -> None:
        self.fields[f"p-{rule.id}"] = forms.FileField(
            label=rule.title,
            required=False,
            widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        )
        self.fields[f"d-{rule.id}"] = forms.CharField(
            label=f"Caption of {rule.title.lower()}", required=False, max_length=400
        )

    @property
    def rows(self) -> list[Row]:
        return [
            Row(fact, *(self[f"{mark}-{fact.rule.id}"] for mark in "vnca"))
            for fact in self.section.facts
            if waits(fact.standing, self.only)
        ]

    @property
    def slots(self) -> list[Slot]:
        """Pictures are left out where only some questions are shown."""
        if self.only:
            return []
        return [
            Slot(view, self[f"p-{view.rule.id}"], self[f"d-{view.rule.id}"])
            for view in self.section.photos
        ]

    def answers(self) -> list[dict[str, Any]]:
        """As ``services.answer_many`` takes them."""
        found = []
        for fact in self.section.facts:
            item = fact.rule.id
            row = {
                "item": item,
                "value": self.cleaned_data.get(f"v-{item}"),
                "note": self.cleaned_data.get(f"n-{item}", ""),
                "has_changed": self.cleaned_data.get(f"c-{item}", False),
                "absent": self.cleaned_data.get(f"a-{item}", False),
            }
            if _says_something(fact, row):
                found.append(row)
        return found

    def pictures(self) -> list[tuple[str, Any, str]]:
        """Slot, file and caption of each picture that was chosen."""
        given = self.cleaned_data
        items = [view.rule.id for view in self.section.photos]
        return [(i, given[f"p-{i}"], given.get(f"d-{i}", "")) for i in items if given.get(f"p-{i}")]

    def blame(self, item: str, problem: str) -> None:
        self.add_error(f"v-{item}" if f"v-{item}" in self.fields else f"p-{item}", problem)


def _says_something(fact: FactView, row: dict[str, Any]) -> bool:
    if row["has_changed"]:
        return True
    known = fact.standing.claims[-1].said if fact.standing.known else {}
    if row["absent"]:
        return fact.standing.disputed or not known.get("absent")
    if row["value"] in (None, "", []):
        return False
    if not known or fact.standing.disputed or row["note"] != known.get("note", ""):
        return True
    try:
        return not alike(known, {"value": checked_value(fact.rule, row["value"])})
    except Refused:
        return True


def _field(rule: FactRule, known: Any) -> forms.Field:
    common = {"label": rule.title, "required": False, "help_text": rule.ask}
    if rule.type == "several":
        return forms.MultipleChoiceField(
            choices=list(rule.options.items()),
            widget=forms.CheckboxSelectMultiple,
            initial=known,
            **common,
        )
    if rule.type in ("choice", "yes_no"):
        options = rule.options or {"yes": "Yes", "no": "No"}
        initial = {True: "yes", False: "no"}.get(known, known) if rule.type == "yes_no" else known
        choices = [("", "Not answered"), *options.items()]
        return forms.ChoiceField(choices=choices, initial=initial, **common)
    if rule.type == "text":
        widget: forms.Widget = forms.Textarea(attrs={"rows": 2})
    else:
        modes = {"number": "decimal", "phone": "tel"}
        widget = forms.TextInput(attrs={"inputmode": modes[rule.type], "autocomplete": "off"})
    return forms.CharField(max_length=LONGEST, widget=widget, initial=known, **common)

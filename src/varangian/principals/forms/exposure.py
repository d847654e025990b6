"""What a person may type about an item, a task and a file. Masked fields come empty."""

from typing import Any

from django import forms

from ..exposure_rules import LONGEST, masked
from ..library import exposure as library
from ..models import Exposure, Principal, TakeDown
from ..models.exposure import Kind
from ..queries.exposure import owners
from ..reading.table import FIELDS
from ..rules import SHORTEST_PURPOSE
from .people import KEEP, REMOVE

DAY = {"type": "date"}
LEFT = "-1"


def _long(rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(
        max_length=LONGEST, widget=forms.Textarea({"rows": rows}), **{"required": False, **more}
    )


def _day(**more: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(DAY), **{"required": False, **more})


class ExposureForm(forms.Form):
    kind = forms.ChoiceField(choices=Kind.choices)
    detail = forms.ChoiceField(
        required=False,
        label="Detail of a footprint",
        help_text="Only for a digital footprint.",
    )
    what = _long(label="What is public", required=True)
    where = forms.CharField(
        max_length=1000, required=False, label="Where", help_text="The source in words."
    )
    link = forms.CharField(
        max_length=2000, required=False, help_text="Kept as text; the house never opens it."
    )
    seen_on = _day(label="Seen there on")
    found_by = forms.CharField(max_length=200, required=False)
    sensitivity = forms.ChoiceField(help_text="What somebody who means harm could do with it.")
    recheck_due = _day(label="Look again on", help_text="Empty: as long as the kind lets it stand.")
    notes = _long()

    def __init__(self, *args: Any, item: Exposure | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item = item
        details = [(one.id, one.title) for one in library().details]
        scale = [(one.id, f"{one.title}: {one.meaning}") for one in library().sensitivities]
        self.fields["detail"].choices = [("", "none"), *details]  # pyright: ignore
        self.fields["sensitivity"].choices = scale  # pyright: ignore
        if item is None:
            return
        self.hidden = ("what", "link", "notes") if masked(item) else ()
        for name in self.fields:
            if name not in self.hidden:
                self.initial[name] = getattr(item, name)
        for name in self.hidden:
            self.fields[name].required = False
            self.fields[name].help_text = KEEP

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("detail") and given.get("kind") != Kind.FOOTPRINT:
            self.add_error("detail", "Only a digital footprint has a detail.")
        return given

    def fields_of(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        if self.item is None:
            return given
        kept = {n: v for n, v in given.items() if n not in self.hidden or v}
        return {
            name: "" if name in self.hidden and name != "what" and value == REMOVE else value
            for name, value in kept.items()
        }


class TakeDownForm(forms.Form):
    counter = forms.ChoiceField(required=False, label="Counter-measure")
    what = _long(
        rows=2, label="What is to be done", help_text="Empty: the words of the counter-measure."
    )
    owner = forms.ChoiceField(label="Who")
    due = _day(label="By when", help_text="Empty: as the counter-measure says, or two weeks.")
    sent_to = forms.CharField(max_length=400, required=False, label="Sent to")

    def __init__(
        self, *args: Any, actor: Any, principal: Principal, kind: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        known = [(one.id, one.title) for one in library().kind(kind).counters]
        self.people = {str(one.pk): one for one in owners(actor, principal)}
        people = [(pk, one.name) for pk, one in self.people.items()]
        self.fields["counter"].choices = [("", "own words"), *known]  # pyright: ignore
        self.fields["owner"].choices = people  # pyright: ignore
        self.initial.setdefault("owner", str(getattr(actor, "pk", "")))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not given.get("counter") and not given.get("what"):
            self.add_error("what", "Say what is to be done, or choose a counter-measure.")
        return given

    def fields_of(self) -> dict[str, Any]:
        return {**self.cleaned_data, "owner": self.people[self.cleaned_data["owner"]]}


class TaskForm(forms.Form):
    """What became of a task so far; who may give tasks may also give it anew."""

    sent_to = forms.CharField(max_length=400, required=False, label="Sent to")
    sent_on = _day(label="Sent on")
    answer = _long(rows=3, label="Answer")

    def __init__(
        self, *args: Any, task: TakeDown, actor: Any, may_give: bool, hidden: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.task, self.hidden = task, hidden
        self.people = {str(one.pk): one for one in owners(actor, task.principal)}
        if may_give:
            people = [(pk, one.name) for pk, one in self.people.items()]
            self.fields["owner"] = forms.ChoiceField(label="Who", choices=people)
            self.fields["due"] = _day(label="By when", required=True)
        self.initial.update({"sent_to": task.sent_to, "sent_on": task.sent_on, "due": task.due})
        self.initial["owner"] = str(task.owner_id)
        if hidden:
            self.fields["answer"].help_text = KEEP
        else:
            self.initial["answer"] = task.answer

    def fields_of(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        if self.hidden and not given["answer"]:
            given.pop("answer")
        if "owner" in given:
            given["owner"] = self.people[given["owner"]]
        return given


class UploadForm(forms.Form):
    file = forms.FileField(
        label="Table or card", help_text="CSV with a first row of names, or vCard 3 or 4."
    )
    where = forms.CharField(
        max_length=400,
        required=False,
        label="Source of the whole file",
        help_text="Stands where a row does not say its own.",
    )
    found_by = forms.CharField(max_length=200, required=False)
    seen_on = _day(label="Seen there on")


class ColumnsForm(forms.Form):
    """Which column means what; columns without a meaning go into the notes."""

    def __init__(self, *args: Any, head: list[str], reading: dict[str, Any], **kw: Any) -> None:
        super().__init__(*args, **kw)
        columns = [(str(n), name or f"Column {n + 1}") for n, name in enumerate(head)]
        for name, words in FIELDS.items():
            chosen = reading["columns"].get(name)
            self.fields[f"column_{name}"] = forms.ChoiceField(
                label=words,
                choices=columns if name == "what" else [(LEFT, "none"), *columns],
                initial=LEFT if chosen is None else str(chosen),
            )
        self.fields["kind"] = forms.ChoiceField(
            label="Kind of rows that say none",
            choices=[("", "refuse them"), *Kind.choices],
            required=False,
            initial=reading.get("kind", ""),
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        used: dict[str, str] = {}
        for name, value in list(given.items()):
            if name.startswith("column_") and value != LEFT:
                if value in used:
                    self.add_error(name, "This column was chosen already.")
                used[value] = name
        return given

    def fields_of(self) -> dict[str, Any]:
        columns = {
            name: int(self.cleaned_data[f"column_{name}"])
            for name in FIELDS
            if self.cleaned_data[f"column_{name}"] != LEFT
        }
        return {"columns": columns, "kind": self.cleaned_data["kind"]}


class ReasonForm(forms.Form):
    purpose = forms.CharField(
        min_length=SHORTEST_PURPOSE,
        max_length=400,
        label="Reason",
        help_text="Recorded with your name. No personal detail: the reason stays readable.",
    )

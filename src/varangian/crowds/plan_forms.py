"""The parts of a crowd plan as forms: one field a value, two empty rows under each list.

The fields of a row bear the key of the row where it has one, so that two people who write on one
list at once meet in the rows that both changed, and nowhere else.
"""

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from varangian.kernel.results import Refused
from varangian.platform.ui.both import Versioned

from .models import CrowdAgreement
from .plan.content import ASPECTS, CELLS, PHASES, STATES, TITLES
from .plan.rules import LANGUAGES

STAMP = "%Y-%m-%dT%H:%M"
SPARE = 2
Spec = tuple[str, str, str]
"""Name, label, kind: line, words, whole, number, tick, time, lines, or choices as a|b."""
STAFF = "team=The team|organiser=Organiser|venue=Venue"
SIDES = "|".join(f"{side.value}={side.label}" for side in CrowdAgreement.Side)
FLAT: dict[str, list[Spec]] = {
    "event": [
        ("people", "People expected", "whole"),
        ("profile", "Who comes, and how they behave", "words"),
        ("opens", "Doors open", "time"), ("starts", "Starts", "time"), ("ends", "Ends", "time"),
        ("clear", "All clear", "time"),
    ],
    "show_stop": [
        ("who", "Who may stop the show", "line"), ("reach", "Reached by", "line"),
        ("deputies", "Deputies, a line each, the first first", "lines"),
        ("words", "The words", "words"), ("how", "How it is stopped", "words"),
        ("restart", "How it starts again", "words"),
    ],
    "routes": [
        ("ingress", "Coming in", "words"), ("egress", "Going out", "words"),
        ("emergency", "In an emergency", "words"), ("accessible", "Without steps", "words"),
        ("signage", "Signs", "words"),
    ],
    "medical": [
        ("aiders", "First aiders", "whole"), ("posts", "First aid posts", "whole"),
        ("ambulances", "Ambulances", "whole"), ("where", "Where they are", "words"),
        ("hospital", "Hospital", "line"), ("casualty_way", "Way of a casualty out", "words"),
        ("who_orders", "Who orders evacuation", "line"), ("evacuation", "Evacuation", "words"),
        ("assembly", "Where people gather", "words"), ("staying_in", "Staying inside", "words"),
        ("wheelchairs", "People who cannot use stairs", "words"),
    ],
    "principal": [
        ("safe_room", "Safe room", "words"), ("way_out", "Way out", "words"),
        ("vehicle_point", "Vehicle point", "words"),
        ("words", "What else the team must know", "words"),
        ("hidden", "Shapes of the drawing that tell of it, an id a line", "lines"),
    ],
}  # fmt: skip
ROWS: dict[str, list[Spec]] = {
    "zones": [
        ("name", "Zone", "line"), ("measure", "Measured in", "count=People|density=People on a m²"),
        ("amber", "Amber at", "number"), ("amber_do", "At amber", "words"),
        ("red", "Red at", "number"), ("red_do", "At red", "words"),
    ],
    "posts": [
        ("title", "Post", "line"), ("call_sign", "Call sign", "line"),
        ("zone", "Zone, by its key", "line"),
        ("place", "Place", "line"), ("people", "People", "whole"),
        ("staffed_by", "Staffed by", STAFF),
        ("tasks", "Task", "words"), ("call", "Whom to call", "line"),
        ("ours_alone", "For the team alone", "tick"),
    ],
    "kit": [("what", "What", "line"), ("count", "How many", "whole"), ("where", "Where", "line")],
    "parties": [
        ("party", "Side", SIDES), ("organisation", "Organisation", "line"),
        ("name", "Name", "line"),
        ("role", "Role", "line"), ("reach", "Reached by", "line"),
    ],
    "messages": [
        ("title", "Announcement", "line"), ("when", "When", "line"),
        *((code, name, "words") for code, name in LANGUAGES.items()),
    ],
}  # fmt: skip
FIRST = {"zones": "name", "posts": "title", "kit": "what", "parties": "name", "messages": "title"}
"""A row whose first word is taken away is taken out; one that never had it was never there."""
KEYED = ("zones", "posts", "messages")


def _field(label: str, kind: str) -> forms.Field:
    given: dict[str, Any] = {"label": label, "required": False}
    if "=" in kind:
        pairs = [(value, words) for value, _, words in (o.partition("=") for o in kind.split("|"))]
        return forms.ChoiceField(choices=pairs, **given)
    if kind in ("words", "lines"):
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), max_length=2000, **given)
    if kind == "whole":
        return forms.IntegerField(min_value=0, max_value=2_000_000, **given)
    if kind == "number":
        return forms.FloatField(min_value=0, max_value=2_000_000, **given)
    if kind == "tick":
        return forms.BooleanField(**given)
    if kind == "time":
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=STAMP)
        return forms.DateTimeField(widget=widget, input_formats=[STAMP], **given)
    return forms.CharField(max_length=200, **given)


class PartForm(Versioned):
    """One part of a plan. ``version`` counts the saves of the draft."""

    def __init__(
        self, data: Any, *, section: str, content: dict[str, Any], saved: int, zone: str
    ) -> None:
        self.section, self.zone, self.before = section, ZoneInfo(zone), content[section]
        self.rows: list[Any] = []
        self.kept: list[str] = []
        self.again = {"section": section, "content": content, "saved": saved, "zone": zone}
        super().__init__(data, initial={"version": saved})
        if section == "matrix":
            for name in CELLS:
                self._add(name, "", "words", self.before[name]["text"])
        elif section in FLAT:
            for name, label, kind in FLAT[section]:
                self._add(name, label, kind, self.before.get(name))
        else:
            self._rows()

    def _add(self, name: str, label: str, kind: str, value: Any) -> None:
        self.fields[name] = _field(label, kind)
        if kind == "lines":
            value = "\n".join(value or [])
        if kind == "time" and value:
            value = datetime.fromisoformat(value).astimezone(self.zone).replace(tzinfo=None)
        if kind == "number" and value is not None and float(value).is_integer():
            value = int(value)
        self.initial[name] = value

    def _rows(self) -> None:
        if self.section == "messages":
            fills = "\n".join(f"{k}: {v}" for k, v in self.before["fills"].items())
            self._add("fills", "Fill-ins, a line each: name: words", "words", fills)
        items = self._items()
        for number, row in enumerate([*items, *({} for _ in range(SPARE))]):
            names, mark = [], _mark(row, number, len(items))
            for name, label, kind in ROWS[self.section]:
                self._add(f"{mark}-{name}", label, kind, self._value(row, name))
                names.append(f"{mark}-{name}")
            self.rows.append((number, row, names))

    def _items(self) -> list[dict[str, Any]]:
        return self.before["items"] if self.section == "messages" else self.before

    def _value(self, row: dict[str, Any], name: str) -> Any:
        if self.section == "messages" and name in LANGUAGES:
            return row.get("texts", {}).get(name, "")
        return row.get(name)

    def shown_rows(self) -> list[dict[str, Any]]:
        """For the page: the row as it is kept, and its fields."""
        return [
            {
                "title": row.get(FIRST[self.section]) or row.get("party") or "New",
                "key": row.get("key", ""),
                "fields": [self[name] for name in names],
            }
            for _, row, names in self.rows
        ]

    def cells(self) -> list[dict[str, Any]]:
        """The matrix row by row."""
        return [
            {
                "words": f"{phase.capitalize()}, {state}",
                "cells": [
                    {"field": self[f"{state}.{phase}.{a}"], "name": f"{state}.{phase}.{a}",
                     "aspect": a, **self.before[f"{state}.{phase}.{a}"]}
                    for a in ASPECTS
                ],
            }
            for state in STATES
            for phase in PHASES
        ]  # fmt: skip

    def value(self) -> Any:
        """As the services take it."""
        given = self.cleaned_data
        if self.section == "matrix":
            return {name: {"text": given[name]} for name in CELLS}
        if self.section in FLAT:
            return {name: self._told(kind, given[name]) for name, _, kind in FLAT[self.section]}
        made = [(names, self._row(number, row, names)) for number, row, names in self.rows]
        rows = [row for _, row in made if row is not None]
        self.kept = [names[0].rpartition("-")[0] for names, row in made if row is not None]
        if self.section != "messages":
            return rows
        return {"fills": _pairs(given["fills"]), "items": rows}

    def _told(self, kind: str, value: Any) -> Any:
        if kind == "lines":
            return [line.strip() for line in value.splitlines() if line.strip()]
        if kind == "time" and value:
            return value.replace(tzinfo=self.zone).isoformat()
        return value

    def _row(self, number: int, row: dict[str, Any], names: list[str]) -> dict[str, Any] | None:
        specs = zip(ROWS[self.section], names, strict=True)
        told = {spec[0]: self.cleaned_data[field] for spec, field in specs}
        if not told[FIRST[self.section]] and not (self.section == "parties" and row):
            return None
        if self.section == "posts":
            told["people"] = told["people"] or 1
        if self.section == "messages":
            texts = {code: told[code] for code in LANGUAGES if told[code]}
            told = {k: v for k, v in told.items() if k not in LANGUAGES}
            told["texts"] = texts
        if self.section in KEYED:
            told["key"] = row.get("key") or _key(str(told[FIRST[self.section]]), number)
        kept = {k: v for k, v in row.items() if k not in told}
        return kept | {k: v for k, v in told.items() if v is not None}

    def shown(self) -> dict[str, str]:
        """A row that somebody made meanwhile was not on the screen: it is as they left it."""
        found = super().shown()
        if self.is_bound:
            fresh, was = self.fresh().shown(), self.was()
            unseen = [name for name in found if name not in was and name not in self.data]
            found |= {name: fresh[name] for name in unseen}
        return found

    def fresh(self) -> "PartForm":
        """As the part stands now, without what was typed."""
        return PartForm(None, **self.again)

    def named(self) -> "PartForm":
        """Each field says of which row or cell it is, for a page that shows some of them alone."""
        for (_, _, names), shown in zip(self.rows, self.shown_rows(), strict=True):
            for name in names:
                self[name].label = f"{shown['title']}: {self.fields[name].label}"
        for line in self.cells() if self.section == "matrix" else ():
            for cell in line["cells"]:
                self[cell["name"]].label = f"{line['words']}, {cell['aspect']}"
        return self

    def lost(self) -> list[str]:
        """What was typed in rows that somebody took out meanwhile."""
        return [
            str(self.data[name])
            for name, before in self.was().items()
            if name not in self.fields and self.data.get(name, before) not in ("", before)
        ]

    def refuse(self, refused: Refused) -> None:
        """Beside the field that it speaks of, else above the form."""
        parts = refused.where.split(".")[1:]
        if self.section == "messages" and parts[:1] == ["items"]:
            parts = [p for p in parts[1:] if p != "texts"]
        name = ".".join(parts)
        if parts and parts[0].isdecimal():
            mark = self.kept[int(parts[0])]
            name = f"{mark}-{parts[1] if len(parts) > 1 else self._said_of()}"
        self.add_error(name if name in self.fields else None, f"{refused.what}. {refused.mend}")

    def _said_of(self) -> str:
        """Where what is wrong with a whole row is said."""
        return "amber" if self.section == "zones" else FIRST[self.section]


def _mark(row: dict[str, Any], number: int, kept: int) -> str:
    """What the fields of a row are named by."""
    if number >= kept:
        return f"new{number - kept}"
    return str(row.get("key") or number)


def _pairs(text: str) -> dict[str, str]:
    found = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        name, colon, words = line.partition(":")
        if not colon or not re.fullmatch(r"[a-z_]+", name.strip()):
            raise Refused(f"This is no fill-in: {line}", "messages.fills", "Write name: words.")
        found[name.strip()] = words.strip()
    return found


def _key(words: str, number: int) -> str:
    made = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:40]
    return f"{made or 'row'}-{number + 1}"


def part_form(data: Any, section: str, plan: Any) -> PartForm:
    if section not in TITLES:
        raise Refused(f"A plan has no part {section}", "section")
    return PartForm(
        data, section=section, content=plan.content, saved=plan.saved,
        zone=plan.operation.time_zone,
    )  # fmt: skip


class AgreementForm(forms.Form):
    side = forms.ChoiceField(label="Side", choices=CrowdAgreement.Side.choices)
    name = forms.CharField(label="Who agreed", max_length=120)
    role = forms.CharField(label="Role", max_length=120, required=False)
    agreed_on = forms.DateField(
        label="Day", required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Else today.",
    )  # fmt: skip
    signed_copy = forms.FileField(
        label="Signed copy", required=False, help_text="PDF, PNG or JPEG, at most 25 MB."
    )


class ForceForm(forms.Form):
    without = forms.CharField(
        label="Why it counts though not all have agreed", max_length=400, required=False
    )

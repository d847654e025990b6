"""What a planner may type about communications, and what anybody reports of a test."""

from typing import Any

from django import forms

from varangian.platform.ui.both import Versioned

from ..library import actions_on
from ..models import CommsTest, CommsVersion
from ..rules import RANKS

HINTS = {
    "primary": "Channel or number, dead spots, and when to change to the alternate.",
    "alternate": "Fails for another reason than the primary.",
    "contingency": "Slower, but there.",
    "emergency": "When nothing of ours works.",
}


class CommsForm(Versioned):
    """Words are left empty when they stay as they are: they are not shown here."""

    check_minutes = forms.IntegerField(
        min_value=5, max_value=240, initial=30, label="Check call every (minutes)"
    )
    missed = forms.IntegerField(
        min_value=1, max_value=5, initial=2, label="Missed calls that open a search"
    )
    check_words = forms.CharField(
        max_length=400, required=False, label="Who calls whom, and what follows a missed call"
    )
    why = forms.CharField(max_length=200, required=False, label="What changed and why")
    new_words = forms.BooleanField(required=False, label="Set new code and duress words")
    own_words = forms.CharField(
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        label="Further words",
        help_text="A line each: meaning: WORD",
    )
    duress_word = forms.CharField(required=False, max_length=40, label="Duress word of the team")

    def __init__(self, *args: Any, version: CommsVersion | None = None, **kwargs: Any) -> None:
        names = ("check_minutes", "missed", "check_words")
        if version is not None:
            kwargs["initial"] = {name: getattr(version, name) for name in names}
            kwargs["initial"]["version"] = version.number
        super().__init__(*args, **kwargs)
        means = version.bearers if version else {}
        for rank in RANKS:
            self.fields[rank] = forms.CharField(
                label=rank.capitalize(),
                max_length=400,
                required=rank == "primary",
                initial=means.get(rank, ""),
                help_text=HINTS[rank],
            )
        self.slots = {f"word-{slot.id}": slot.id for slot in actions_on().code_words}
        for slot in actions_on().code_words:
            self.fields[f"word-{slot.id}"] = forms.CharField(
                label=slot.meaning, max_length=40, required=False
            )

    def bearer_fields(self) -> list[Any]:
        return [self[rank] for rank in RANKS]

    def word_fields(self) -> list[Any]:
        return [self[name] for name in self.slots]

    def fields_of(self) -> dict[str, Any]:
        given = self.cleaned_data
        found = {
            "bearers": {rank: given[rank] for rank in RANKS},
            **{name: given[name] for name in ("check_minutes", "missed", "check_words", "why")},
        }
        if given["new_words"]:
            found["code_words"] = {slot: given[name] for name, slot in self.slots.items()} | {
                meaning.strip(): word.strip()
                for meaning, colon, word in (
                    line.rpartition(":") for line in given["own_words"].splitlines()
                )
                if colon and meaning.strip()
            }
            found["duress_word"] = given["duress_word"]
        return found


class TestForm(forms.Form):
    rank = forms.ChoiceField(choices=[(rank, rank.capitalize()) for rank in RANKS], label="Means")
    result = forms.ChoiceField(choices=CommsTest.Result.choices)
    post = forms.ChoiceField(required=False, label="From")
    note = forms.CharField(max_length=400, required=False)

    def __init__(self, *args: Any, posts: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.posts = {str(post.pk): post for post in posts}
        named = [(pk, f"{p.call_sign} {p.title}".strip()) for pk, p in self.posts.items()]
        self.fields["post"].choices = [("", "Operations room"), *named]  # pyright: ignore

    def fields_of(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        return {**given, "post": self.posts.get(given["post"])}


class PurposeForm(forms.Form):
    purpose = forms.CharField(max_length=200, label="What you need the words for")

"""What a planner may spend, and what the principal accepts."""

from typing import Any

from django import forms

from ..library import measures as library
from ..queries.paying import Ask, Candidate


class AskForm(forms.Form):
    money = forms.DecimalField(required=False, min_value=0, max_digits=12, label="Money at most")
    hours = forms.DecimalField(
        required=False, min_value=0, max_digits=8, decimal_places=1, label="Person-hours at most"
    )
    people = forms.IntegerField(required=False, min_value=0, label="People at most")
    day_fee = forms.DecimalField(
        required=False,
        min_value=0,
        max_digits=10,
        label="Fee of one officer a day",
        help_text="Turns low and medium of the library into money",
    )
    axis = forms.ChoiceField(
        required=False,
        choices=[("money", "Money"), ("hours", "Person-hours")],
        label="Frontier against",
    )
    must = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label="Must be in"
    )

    def __init__(self, *args: Any, candidates: list[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["must"].choices = [  # pyright: ignore
            (one.key, f"{one.key}: {one.title}") for one in candidates if not one.shape.kept
        ]

    def ask(self) -> Ask:
        given = self.cleaned_data
        return Ask(
            money=given["money"],
            hours=given["hours"],
            people=given["people"],
            day_fee=given["day_fee"],
            axis=given["axis"] or "money",
            must=frozenset(given["must"]),
        )


class WishesForm(forms.Form):
    each = forms.TypedChoiceField(
        required=False,
        coerce=int,
        empty_value=None,
        label="Discomfort of any one measure",
        choices=lambda: [
            ("", "No limit"),
            *[(n, f"At most {n}: {w}") for n, w in library().discomfort_words.items()],
        ],
    )
    most = forms.IntegerField(
        required=False, min_value=0, max_value=99, label="Discomfort of all together"
    )
    agreed_with = forms.CharField(required=False, max_length=200)
    refused = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label="Not accepted"
    )
    why = forms.CharField(required=False, max_length=200, label="Why not, in one line")

    def __init__(
        self, *args: Any, candidates: list[Candidate], wishes: dict[str, Any], **kwargs: Any
    ) -> None:
        kwargs.setdefault(
            "initial",
            {
                **{name: wishes[name] for name in ("each", "most", "agreed_with")},
                "refused": list(wishes["refused"]),
            },
        )
        super().__init__(*args, **kwargs)
        self.before = wishes["refused"]
        shown = {_key(one): one.title for one in candidates if not one.shape.kept}
        shown |= {key: "not in question now" for key in self.before if key not in shown}
        self.fields["refused"].choices = [  # pyright: ignore
            (key, f"{key}: {title}") for key, title in shown.items()
        ]

    def fields_of(self) -> dict[str, Any]:
        given = self.cleaned_data
        refused = {key: self.before.get(key) or given["why"] for key in given["refused"]}
        return {
            "refused": refused,
            **{name: given[name] for name in ("each", "most", "agreed_with")},
        }


def _key(one: Candidate) -> str:
    """A measure of the library keeps its refusal when it becomes one of the operation."""
    return (one.measure.library_id if one.measure else "") or one.key

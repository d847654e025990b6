"""What a planner may type: one text for each heading that no other record fills."""

from typing import Any

from django import forms

from varangian.platform.ui.both import Versioned

from ..queries.plans import RANKS


class PlanForm(Versioned):
    """``parts`` as queries.plans.plan gives them; a field is named by the heading."""

    def __init__(self, *args: Any, parts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = parts
        for _, headings in parts:
            for heading, text in headings:
                self.fields[heading.id] = forms.CharField(
                    label=heading.title,
                    help_text=heading.holds,
                    required=False,
                    max_length=8000,
                    initial=text,
                    widget=forms.Textarea(attrs={"rows": 3}),
                )

    def texts(self) -> dict[str, str]:
        given = self.cleaned_data
        return {h.id: given[h.id] for _, headings in self.parts for h, _ in headings}

    def paragraphs(self) -> list[tuple[Any, list[Any]]]:
        return [(part, [self[h.id] for h, _ in headings]) for part, headings in self.parts]


class RoutesForm(Versioned):
    primary = forms.CharField(max_length=400, required=False)
    alternate = forms.CharField(max_length=400, required=False)
    emergency = forms.CharField(max_length=400, required=False)

    def fields_of(self) -> dict[str, str]:
        return {rank: self.cleaned_data[rank] for rank in RANKS}

"""What a person may type about a principal. Masked fields are never shown in a form."""

from typing import Any

from django import forms

from ..models import Principal
from ..rules import BLOOD_GROUPS, LONGEST_TEXT, MASKABLE, MEDICAL, SECTIONS, SHORTEST_PURPOSE

LONG = {"rows": 4}
SHORT = ("name", "code_word", "duress_word")
KEEP = "Masked. Leave it empty to keep what is there; a single hyphen removes it."
REMOVE = "-"
GROUPS = [(group, group) for group in BLOOD_GROUPS]


def _text(name: str) -> forms.CharField:
    if name in SHORT:
        return forms.CharField(max_length=200, required=False)
    return forms.CharField(max_length=LONGEST_TEXT, required=False, widget=forms.Textarea(LONG))


MASKED_FIELDS = tuple(
    field for name in MASKABLE for field in SECTIONS[name].fields if field != "medical"
)
OPEN_FIELDS = tuple(
    field for section in SECTIONS.values() for field in section.fields if not section.unmask
)


class PrincipalForm(forms.Form):
    """Open fields come filled; masked ones come empty and change only when something is typed."""

    code_name = forms.CharField(
        max_length=40, help_text="Said on the radio and shown everywhere: no hint of the person."
    )
    slug = forms.SlugField(
        max_length=48,
        required=False,
        label="Short name",
        help_text="Stands in addresses. Empty takes the code name.",
    )

    def __init__(self, *args: Any, principal: Principal | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in (*OPEN_FIELDS, *MASKED_FIELDS):
            self.fields[name] = _text(name)
        if principal is None:
            return
        del self.fields["slug"]
        for name in ("code_name", *OPEN_FIELDS):
            self.initial[name] = getattr(principal, name)
        for name in MASKED_FIELDS:
            self.fields[name].help_text = KEEP

    def fields_of(self) -> dict[str, str]:
        given = dict(self.cleaned_data)
        if "slug" in self.fields:
            return given
        return _changed(given, MASKED_FIELDS)


class MedicalForm(forms.Form):
    """Filled only in the one answer that shows the card; ``whole`` tells that it was."""

    whole = forms.BooleanField(required=False, widget=forms.HiddenInput)
    blood_group = forms.ChoiceField(required=False, choices=[("", "as it is"), *GROUPS])

    def __init__(self, *args: Any, card: dict[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hint = "" if card is not None else KEEP
        for name in MEDICAL:
            if name != "blood_group":
                self.fields[name] = forms.CharField(
                    max_length=2000,
                    required=False,
                    widget=forms.Textarea({"rows": 2}),
                    help_text=hint,
                )
        if card is not None:
            self.initial.update(card, whole=True)
            self.fields["blood_group"].choices = [("", "unknown"), *GROUPS]  # pyright: ignore

    def fields_of(self) -> dict[str, str]:
        given = dict(self.cleaned_data)
        return given if given.pop("whole") else _changed(given, tuple(MEDICAL))


def _changed(given: dict[str, str], masked: tuple[str, ...]) -> dict[str, str]:
    kept = {name: value for name, value in given.items() if name not in masked or value}
    return {name: "" if value == REMOVE else value for name, value in kept.items()}


class ContactForm(forms.Form):
    role = forms.CharField(max_length=60, help_text="Spouse, assistant, doctor, lawyer …")
    name = forms.CharField(max_length=200)
    phone = forms.CharField(max_length=60, required=False)
    email = forms.EmailField(max_length=254, required=False, label="E-mail")
    notes = forms.CharField(max_length=2000, required=False, widget=forms.Textarea({"rows": 2}))
    emergency = forms.BooleanField(required=False, label="Call in an emergency")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not (given.get("phone") or given.get("email") or self.errors):
            self.add_error("phone", "A contact needs a phone or an e-mail address.")
        return given


class WindowForm(forms.Form):
    starts = forms.DateTimeField(
        widget=forms.DateTimeInput({"type": "datetime-local"}), help_text="UTC"
    )
    ends = forms.DateTimeField(
        widget=forms.DateTimeInput({"type": "datetime-local"}), help_text="UTC"
    )
    rule = forms.CharField(max_length=400, required=False, help_text="Empty: duress only.")
    agreed_with = forms.CharField(max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        starts, ends = given.get("starts"), given.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", "The window ends before it starts.")
        return given


class UnmaskForm(forms.Form):
    section = forms.ChoiceField(choices=[(name, SECTIONS[name].words) for name in MASKABLE])
    purpose = forms.CharField(
        min_length=SHORTEST_PURPOSE,
        max_length=400,
        label="Reason",
        help_text="Recorded with your name. No personal detail: the reason stays readable.",
    )


class EraseForm(forms.Form):
    reason = forms.CharField(
        min_length=SHORTEST_PURPOSE,
        max_length=400,
        help_text="Recorded with your name. No personal detail: the reason stays readable.",
    )
    slug = forms.CharField(max_length=50, label="Type the short name to confirm")

    def __init__(self, *args: Any, expected: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expected = expected

    def clean_slug(self) -> str:
        if self.cleaned_data["slug"] != self.expected:
            raise forms.ValidationError("This is not the short name of this principal.")
        return self.expected


class PreferencesForm(forms.Form):
    preferences = forms.CharField(
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea({"rows": 5}),
        help_text="Food, temperature, company, what makes a day good.",
    )

"""What a person says of a TAK client they bring in."""

from typing import Any

from django import forms


class ClientForm(forms.Form):
    person = forms.ChoiceField(required=False, label="Who carries it")
    label = forms.CharField(
        required=False, max_length=80, label="Name", help_text="Such as Phone of car 2"
    )

    def __init__(self, *args: Any, people: dict[str, Any], changer: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        shown = [(pk, str(person)) for pk, person in people.items()]
        nobody = [("", "Nobody: a car or a thing")] if changer else []
        self.fields["person"].choices = [*shown, *nobody]  # pyright: ignore
        self.fields["person"].required = not changer

    def fields_of(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {"person": self.people.get(given["person"]), "label": given["label"]}

"""What a person may say about an alert."""

from typing import Any

from django import forms


class DismissForm(forms.Form):
    reason = forms.CharField(max_length=1000, label="Why it needs nobody")


class CloseForm(forms.Form):
    reason = forms.CharField(max_length=1000, required=False, label="What was done")


class AssignForm(forms.Form):
    to = forms.ChoiceField(label="Member")

    def __init__(self, *args: Any, people: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        self.fields["to"] = forms.ChoiceField(
            label="Member", choices=[(pk, str(person)) for pk, person in self.people.items()]
        )

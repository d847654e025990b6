"""What a person may say about an alert."""

from typing import Any

from django import forms


class DismissForm(forms.Form):
    reason = forms.CharField(max_length=1000, label="Why it needs nobody")


class CloseForm(forms.Form):
    reason = forms.CharField(max_length=1000, required=False, label="What was done")


class ShelveForm(forms.Form):
    minutes = forms.IntegerField(min_value=1, max_value=1440, label="For how long")
    reason = forms.CharField(max_length=400, label="Why it may wait")


class NuisanceForm(forms.Form):
    words = forms.CharField(max_length=400, required=False, label="What was wrong with it")


class ChannelForm(forms.Form):
    url = forms.CharField(max_length=500, label="Address")
    label = forms.CharField(max_length=60, required=False, label="Name")
    from_urgency = forms.ChoiceField(
        label="Ring for",
        choices=[
            ("now", "Act now only"),
            ("attention", "Attention and above"),
            ("inform", "Everything"),
        ],
    )


class SwitchForm(forms.Form):
    on = forms.BooleanField(required=False, label="On")
    hosts = forms.CharField(max_length=1000, required=False, label="Servers of your own")

    def clean_hosts(self) -> list[str]:
        return self.cleaned_data["hosts"].replace(",", " ").split()


class AssignForm(forms.Form):
    to = forms.ChoiceField(label="Member")

    def __init__(self, *args: Any, people: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        self.fields["to"] = forms.ChoiceField(
            label="Member", choices=[(pk, str(person)) for pk, person in self.people.items()]
        )

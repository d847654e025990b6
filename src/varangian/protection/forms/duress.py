"""What is typed about calls for help, PINs, buttons and check calls."""

from typing import Any

from django import forms

from varangian.operations.models import Duty

from ..services.pins import LONGEST, SHORTEST

DIGITS = {"inputmode": "numeric", "autocomplete": "off", "pattern": "[0-9]*"}


def _pin(label: str, **more: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs=DIGITS)
    return forms.CharField(
        min_length=SHORTEST, max_length=LONGEST, label=label, widget=widget, strip=True, **more
    )


class VouchForm(forms.Form):
    words = forms.CharField(min_length=5, max_length=300, label="How you made sure")


class EndForm(forms.Form):
    reason = forms.CharField(
        min_length=5, max_length=300, label="Where they are, who has seen them"
    )


class PinForm(forms.Form):
    pin = _pin("PIN")


class PinsForm(forms.Form):
    own = _pin("Your PIN")
    forced = _pin("Duress PIN", help_text="Looks the same, and calls for help")


class ButtonForm(forms.Form):
    label = forms.CharField(max_length=80, label="Name", help_text="Such as button on the belt")
    alive_every_s = forms.IntegerField(
        min_value=10,
        max_value=7 * 24 * 3600,
        required=False,
        label="Says it is there every",
        help_text="Empty: it never does, and nobody will know that its battery is flat",
    )


class RuleForm(forms.Form):
    post = forms.ChoiceField(required=False, label="Post")
    phase = forms.ChoiceField(
        required=False, label="Phase", choices=[("", "Every phase"), *Duty.Status.choices]
    )
    minutes = forms.IntegerField(min_value=0, max_value=24 * 60, label="Every")

    def __init__(self, *args: Any, posts: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.posts = {str(post.pk): post for post in posts}
        shown = [(pk, post.title) for pk, post in self.posts.items()]
        self.fields["post"].choices = [("", "All posts"), *shown]  # pyright: ignore

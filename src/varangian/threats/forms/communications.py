"""What a person may type about communications."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from varangian.operations.forms import LocalTime

from ..letter_picture import WORDS
from ..models import Communication, ImportLine
from ..queries.communications import SIGNS, Filter
from .threats import Text

CHANNELS = Communication.Channel.choices
ACCEPTED = ".mbox,.eml,.msg,.txt,.pdf,.html"


class LetterFilter(forms.Form):
    channel = forms.ChoiceField(choices=[("", "Every channel"), *CHANNELS], required=False)
    sign = forms.ChoiceField(
        choices=[("", "Any words"), *((one, WORDS[one].capitalize()) for one in SIGNS)],
        required=False,
        label="Words found",
    )
    triaged = forms.ChoiceField(
        choices=[("", "Looked at or not"), ("no", "Not triaged"), ("yes", "Triaged")],
        required=False,
        label="Triage",
    )
    doubt = forms.ChoiceField(
        choices=[("", "Any time"), ("yes", "Time in doubt")], required=False, label="Time"
    )
    writer = forms.CharField(required=False, widget=forms.HiddenInput)

    @classmethod
    def wanted(cls, given: Any) -> Filter:
        """What is no choice is refused by the query, in words."""
        return Filter(**{name: given.get(name, "")[:60] for name in cls.base_fields})


class ImportForm(forms.Form):
    file = forms.FileField(
        label="Mailbox, mail or letter",
        help_text="mbox, .eml, .msg, text or PDF; at most 25 MB here. "
        "Larger ones and folders: varangian comms import at the console.",
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
    )


class LetterForm(forms.Form):
    """By hand. The clock is UTC, since a principal is nowhere in particular."""

    channel = forms.ChoiceField(choices=CHANNELS, label="How it came")
    direction = forms.ChoiceField(choices=Communication.Direction.choices)
    at = LocalTime(required=False, label="When", help_text="Time zone UTC. Empty: not known.")
    about = forms.BooleanField(required=False, label="About this time, not exactly")
    writer_name = forms.CharField(max_length=200, required=False, label="Name of the writer")
    writer_address = forms.CharField(
        max_length=320,
        required=False,
        label="Address, number or handle",
        help_text="As it was used. It tells contacts of one writer from others.",
    )
    subject = forms.CharField(max_length=400, required=False, label="In one line")
    text = Text(label="What was said, word for word where known")
    scan = forms.FileField(
        required=False,
        label="Scan, picture or voice note",
        help_text="PDF, JPEG, PNG, WebP, TIFF, HEIC or audio. Words of a picture are not read: "
        "type them above.",
    )

    def fields_of(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        scan = given.pop("scan", None)
        if given["at"] is not None:
            given["at"] = given["at"].replace(tzinfo=ZoneInfo("UTC"))
        if scan is not None:
            given |= {"scan": scan.read(), "scan_name": scan.name or ""}
        return given


class TakeOutForm(forms.Form):
    purpose = forms.CharField(
        max_length=400,
        label="What it is needed for",
        help_text="Stays readable in the audit: no personal detail.",
    )


class TieForm(forms.Form):
    other = forms.CharField(max_length=12, label="Number of the other", help_text="Such as W4.")
    joined = forms.ChoiceField(
        choices=[("yes", "They are one writer"), ("no", "They are not one writer")],
        label="What you know",
    )
    words = forms.CharField(max_length=1000, label="What tells it")


LINES = [("", "Everything reported"), *ImportLine.Kind.choices]

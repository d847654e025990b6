"""What a person fills in about a deployment record and an entry of the face watchlist."""

from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms

from varangian.kernel.clock import now
from varangian.operations.forms import LocalTime
from varangian.platform.access.queries import members
from varangian.platform.access.roles import roles_for
from varangian.platform.access.scope import Actor
from varangian.platform.thread import registry

from .forms import Refusable
from .models import FaceDeployment
from .services.faces.watchlist import CASES


class Zoned(Refusable):
    """Times are typed on the clock of the operation."""

    times: tuple[str, ...] = ()

    def __init__(self, *args: Any, operation: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.operation, self.zone = operation, ZoneInfo(operation.time_zone)
        for name in self.times:
            self.fields[name].label = f"{self.fields[name].label} ({operation.time_zone})"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name in self.times:
            if given.get(name):
                given[name] = given[name].replace(tzinfo=self.zone)
        return given


def _text(label: str, help_text: str, rows: int = 2) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(max_length=2000, label=label, help_text=help_text, widget=widget)


class RecordForm(Zoned):
    times = ("valid_from", "valid_until")
    purpose = _text("Purpose", "What faces are compared for here, and for nothing else.")
    legal_basis = _text("Legal basis", "The ground in the law of this place. Ask counsel.")
    necessity = _text("Necessity", "Why nothing milder does, and what was weighed against it.", 3)
    dpia = _text("Impact assessment", "Where it is, of what day, and who made it.", 1)
    assessment = forms.FileField(
        required=False,
        label="The assessment itself",
        help_text="PDF, up to 25 MB. It may be laid later; nobody signs without it",
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
    )
    places = _text("Places", "Which doors, roads or rooms the cameras see.", 1)
    signage = _text("Signs", "Where they tell people before they are in the picture.", 1)
    cameras = forms.MultipleChoiceField(
        required=False,
        label="Cameras",
        widget=forms.CheckboxSelectMultiple,
        help_text="All others compare nothing",
    )
    begins = forms.TimeField(
        required=False,
        label="From (daily)",
        help_text="Empty for all hours",
        widget=forms.TimeInput(attrs={"type": "time"}),
    )
    ends = forms.TimeField(
        required=False, label="Until (daily)", widget=forms.TimeInput(attrs={"type": "time"})
    )
    valid_from = LocalTime(label="Valid from")
    valid_until = LocalTime(label="Valid until", help_text="At most a year")
    deletion_days = forms.IntegerField(
        min_value=1,
        max_value=30,
        initial=2,
        label="Erase undecided candidates after (days)",
    )

    def __init__(self, *args: Any, cameras: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(one.pk): one for one in cameras}
        self.fields["cameras"].choices = [  # pyright: ignore
            (pk, one.name if one.operation_id else f"{one.name} (of the engagement)")
            for pk, one in self.known.items()
        ]

    def fields_of(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        file = given.pop("assessment")
        if file:
            given |= {"assessment": file.read(), "assessment_name": file.name or ""}
        return {**given, "cameras": [self.known[pk] for pk in given["cameras"]]}


def record_initial(operation: Any, record: FaceDeployment | None = None) -> dict[str, Any]:
    zone = ZoneInfo(operation.time_zone)
    if record is None:
        begins = now().astimezone(zone)
        return {"valid_from": begins, "valid_until": begins + timedelta(days=7)}
    plain = ("purpose", "legal_basis", "necessity", "dpia", "places", "signage")
    return {
        **{name: getattr(record, name) for name in (*plain, "begins", "ends", "deletion_days")},
        "cameras": [str(one.camera_id) for one in record.named.all()],  # pyright: ignore
        "valid_from": record.valid_from.astimezone(zone),
        "valid_until": record.valid_until.astimezone(zone),
    }


class EntryForm(Zoned):
    times = ("expires_at",)
    title = forms.CharField(max_length=120, label="Who", help_text="As it is said on the radio")
    case = forms.ChoiceField(required=False, help_text="The threat or BOLO card that asks for it")
    reference = forms.CharField(
        max_length=400, required=False, help_text="Where the case is kept, when it is not linked"
    )
    purpose = _text("Purpose", "What it is for, and for nothing else.")
    legal_basis = _text("Legal basis", "On what ground this face may be kept.")
    proportionality = _text("Proportionality", "Why nothing milder does.", 3)
    drill = forms.CharField(
        max_length=300, label="On a confirmed match", help_text="Such as: observe and report"
    )
    reviewer = forms.ChoiceField(help_text="Another person; nothing is compared before they accept")
    expires_at = LocalTime(label="Ends", help_text="At most in 90 days; then it is erased")

    def __init__(self, *args: Any, actor: Actor, cases: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seats = members(actor, self.operation.compartment_id)
        roles = roles_for("face_entry.review")
        self.people = {
            str(seat.user_id): seat.user
            for seat in seats
            if seat.role in roles and seat.user_id != actor.pk
        }
        people = [(pk, str(user)) for pk, user in self.people.items()]
        self.fields["reviewer"].choices = [("", "Choose"), *people]  # pyright: ignore
        self.fields["case"].choices = [("", "Kept elsewhere"), *cases]  # pyright: ignore

    def fields_of(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        kind, _, pk = given.pop("case").partition(":")
        given["reviewer"] = self.people[given["reviewer"]]
        return {**given, "case_kind": kind, "case_id": UUID(pk) if pk else None}


def cases_of(found: dict[str, Any]) -> list[tuple[str, str]]:
    """Choices for the records of each kind that a case may be."""
    return [
        (f"{kind}:{row.pk}", registry.kind(kind).caption(row))
        for kind in CASES
        for row in found.get(kind, ())
    ]

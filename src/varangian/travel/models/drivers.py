"""Drivers: what they may drive, when they drove, and which vehicle they have on which leg."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from varangian.kernel.clock import now
from varangian.kernel.ids import new_id
from varangian.platform.access.scope import Actor, ScopedModel, circles
from varangian.platform.crypto.models import SealedField, SealedModel


class DriverQuerySet(models.QuerySet[Any]):
    """For the driver, and for who plans where the driver is a member."""

    def visible_to(self, user: Actor, action: str = "driver.change") -> Self:
        if user.is_system:
            return self
        allowed = circles(user, action)
        if allowed is None:
            return self.none()
        people = self.model._meta.get_field("person").related_model.objects
        members = people.filter(memberships__compartment__in=allowed)
        return self.filter(Q(person_id=user.pk) | Q(person__in=members.values("pk")))


DriverManager = models.Manager.from_queryset(DriverQuerySet)


class DriverFile(SealedModel):
    """Licences, courses, medical, languages, places known; sealed with a key of the driver's."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.OneToOneField("access.User", on_delete=models.PROTECT, related_name="+")
    facts = SealedField(shape=dict)
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    objects = DriverManager()


class Wheel(models.Model):
    """A stretch at the wheel, waiting, at other duty or at a break, as it was."""

    class Kind(models.TextChoices):
        DRIVING = "driving", "Driving"
        WAITING = "waiting", "Waiting"
        DUTY = "duty", "Other duty"
        BREAK = "break", "Break"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    starts = models.DateTimeField(default=now)
    ends = models.DateTimeField(null=True)
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    objects = DriverManager()

    class Meta:
        ordering = ["-starts"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gt=models.F("starts")), name="wheel_passes"
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(ends=None), name="one_wheel_now"
            ),
        ]
        indexes = [models.Index(fields=["person", "-starts"])]


class Allotment(SealedModel, ScopedModel):
    """A vehicle and its driver on a leg. Nobody and nothing twice: the database holds that."""

    view_action = "vehicle.view"
    row_security = True

    class Part(models.TextChoices):
        PRINCIPAL = "principal_car", "Principal's car"
        LEAD = "lead", "Lead car"
        FOLLOW = "follow", "Follow car"
        SPARE = "spare", "Spare car"

    class State(models.TextChoices):
        SET = "set", "Assigned"
        CLASH = "clash", "Times clash"
        OVER = "over", "Over"

    movement = models.ForeignKey(
        "operations.Movement", on_delete=models.CASCADE, related_name="allotments"
    )
    vehicle = models.ForeignKey(
        "travel.Vehicle", on_delete=models.PROTECT, related_name="allotments"
    )
    plate_digest = models.CharField(max_length=64)
    driver = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=20, choices=Part, default=Part.PRINCIPAL)
    state = models.CharField(max_length=10, choices=State, default=State.SET)
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    override = SealedField()
    """Why it was assigned although the driving hours or the advice spoke against it."""
    against = models.JSONField(default=list)
    """What spoke against it then."""
    cues = SealedField(shape=list)
    """Turns of the route card, as ``turns.cues`` gives them; empty: none yet."""
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["starts", "part"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=models.F("starts")), name="allotment_passes"
            )
        ]


class FleetHold(models.Model):
    """Which vehicle and which driver is taken when. Written by a trigger on allotments alone, so
    that the exclusion holds over all operations; it says when, and nothing of where or for whom."""

    audited = False
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    source = models.UUIDField(db_index=True)
    person = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    vehicle = models.CharField(max_length=64, null=True)
    starts = models.DateTimeField()
    ends = models.DateTimeField()

"""One key per subject. Destroying it erases everything sealed with it, everywhere."""

from django.db import models

from varangian.kernel.clock import now
from varangian.kernel.ids import new_id

from .fields import SealedField

__all__ = ["HouseKey", "SealedField", "SealedModel", "SubjectKey"]


class SubjectKey(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    wrapped = models.BinaryField(null=True)
    created_at = models.DateTimeField(default=now)
    destroyed_at = models.DateTimeField(null=True)


class SealedModel(models.Model):
    """A record whose sealed fields are encrypted with the key of its subject."""

    key = models.ForeignKey(SubjectKey, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class HouseKey(models.Model):
    """The print of a key that every machine of the house holds as a file; not the key."""

    append_only = True
    name = models.CharField(primary_key=True, max_length=40)
    print = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=now)

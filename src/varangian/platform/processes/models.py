"""Which machine runs which part of the house, as each supervisor says every few seconds."""

from django.db import models


class Part(models.Model):
    audited = False
    machine = models.CharField(max_length=100)
    part = models.CharField(max_length=10)
    version = models.CharField(max_length=40)
    library = models.CharField(max_length=64, blank=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["machine", "part"], name="part_once_a_machine")
        ]

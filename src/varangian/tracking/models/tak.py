"""TAK clients: how they come in, as what they are known, whom they called, what they share."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel

from .devices import Device


class TakInvitation(ScopedModel):
    """A secret with which one client asks for its certificate; only its digest is kept."""

    view_action = "device.view"
    row_security = True
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    client_uid = models.CharField(max_length=256, blank=True)
    """Whoever used it first; an answer that was lost on the way may be asked for again."""
    standing = models.BooleanField(default=False)
    """A sign-in for a client that asks for it again and again, such as CloudTAK."""


class TakCertificate(ScopedModel):
    """What the house has signed for a device. One at a time is good."""

    view_action = "device.view"
    row_security = True
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="certificates")
    fingerprint = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-issued_at"]


class TakPresence(ScopedModel):
    """Who was last seen on the stream, and with what."""

    view_action = "device.view"
    row_security = True
    audited = False
    device = models.OneToOneField(Device, on_delete=models.CASCADE, related_name="presence")
    uid = models.CharField(max_length=256)
    callsign = models.CharField(max_length=256, blank=True)
    client = models.CharField(max_length=160, blank=True)
    since = models.DateTimeField()
    seen_at = models.DateTimeField()
    host = models.CharField(max_length=80, blank=True)


class Beacon(ScopedModel):
    """A call for help from a TAK client, open until it or the house takes it back.

    A client repeats it every few seconds with a new time; it is one call all the same.
    """

    view_action = "position.view"
    row_security = True
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="beacons")
    uid = models.CharField(max_length=256)
    kind = models.CharField(max_length=64)
    raised_at = models.DateTimeField(default=now)
    cancelled_at = models.DateTimeField(null=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    event = models.BinaryField()

    class Meta:
        ordering = ["-raised_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["device", "uid"],
                condition=models.Q(cancelled_at=None),
                name="one_open_beacon_per_uid",
            )
        ]


class TakPackage(SealedModel, ScopedModel):
    """A data package that the members of an operation hand to each other."""

    view_action = "position.view"
    row_security = True
    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="tak_packages"
    )
    device = models.ForeignKey(Device, null=True, on_delete=models.SET_NULL, related_name="+")
    file = models.ForeignKey("storage.StoredFile", on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    name = SealedField()
    creator_uid = models.CharField(max_length=256, blank=True)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    tool = models.CharField(max_length=40, default="public")
    sent_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-sent_at"]
        constraints = [
            models.UniqueConstraint(fields=["operation", "digest"], name="one_package_per_digest")
        ]

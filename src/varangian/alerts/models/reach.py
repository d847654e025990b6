"""The devices and addresses on which a person lets themselves be reached."""

from django.db import models

from varangian.kernel.clock import now
from varangian.kernel.ids import new_id
from varangian.platform.crypto.models import SealedField, SealedModel

from .alert import Alert


class PushSubscription(SealedModel):
    """A browser that agreed to web push. The address is a secret of the browser's maker and us."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(
        "access.User", on_delete=models.CASCADE, related_name="push_subscriptions"
    )
    endpoint_digest = models.CharField(max_length=64, unique=True)
    endpoint = SealedField()
    p256dh = SealedField()
    auth = SealedField()
    label = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(default=now)
    last_sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=120, blank=True)


class PersonalChannel(SealedModel):
    """An address of a message service, as one URL that names the service first."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(
        "access.User", on_delete=models.CASCADE, related_name="personal_channels"
    )
    service = models.CharField(max_length=20)
    """ntfy, mailto, signal ... as in channels.yaml."""
    url = SealedField()
    label = models.CharField(max_length=60)
    from_urgency = models.CharField(max_length=12, choices=Alert.Urgency, default=Alert.Urgency.NOW)
    created_at = models.DateTimeField(default=now)
    last_sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["label"]


class PushIdentity(SealedModel):
    """The key pair by which push services know this house; made once, the same on every host."""

    only = models.BooleanField(primary_key=True, default=True)
    private = SealedField()
    public = models.CharField(max_length=120)
    created_at = models.DateTimeField(default=now)


class ChannelSwitch(models.Model):
    """A way out of the house. It calls nobody until an administrator has switched it on by name."""

    service = models.CharField(primary_key=True, max_length=20)
    on = models.BooleanField(default=False)
    hosts = models.JSONField(default=list)
    """Hosts it may call besides those of channels.yaml; empty: for a service of our own, any."""
    by = models.CharField(max_length=120)
    at = models.DateTimeField(default=now)

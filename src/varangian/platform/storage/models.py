"""Files by content, encrypted with the key of their subject."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel


class StoredFile(SealedModel, ScopedModel):
    view_action = "operation.view"
    row_security = True
    name = SealedField()
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    blob = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=now)

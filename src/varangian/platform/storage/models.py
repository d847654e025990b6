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


class Blob(models.Model):
    """A sealed file in the database. Its name tells nothing, its content opens with the key of its
    subject only; who may ask for it is decided by the StoredFile that names it."""

    audited = False
    name = models.CharField(primary_key=True, max_length=64)
    sealed = models.BinaryField()
    created_at = models.DateTimeField(default=now)

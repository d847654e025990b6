"""What a person likes to see again."""

from django.conf import settings
from django.db import models


class SavedView(models.Model):
    """A filter of one list under a name, for one person."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    page = models.CharField(max_length=200)
    """The path of the list."""
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=600)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "page", "name"], name="one_view_per_name")
        ]

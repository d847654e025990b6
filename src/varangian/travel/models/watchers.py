"""Who else needs to know the way of a leg: named one by one by the detail leader."""

from typing import Any

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import Actor, ScopedModel, ScopedQuerySet, circles


class NamedWatchers(ScopedQuerySet):
    """Who plans sees who watches which leg; everybody else sees where they are named themselves."""

    def visible_to(self, user: Actor, action: str | None = None) -> Any:
        found = super().visible_to(user, action)
        planned = None if user.is_system else circles(user, "route.change")
        if planned is None:
            return found
        return found.filter(models.Q(compartment_id__in=planned) | models.Q(person=user.pk))


WatcherManager = models.Manager.from_queryset(NamedWatchers)


class RouteWatcher(ScopedModel):
    """Somebody who follows the leg without driving it, such as the counter-surveillance team."""

    view_action = "route.view"
    row_security = True
    movement = models.ForeignKey(
        "operations.Movement", on_delete=models.CASCADE, related_name="route_watchers"
    )
    person = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    named_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    named_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)
    objects = WatcherManager()

    class Meta:
        ordering = ["named_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["movement", "person"],
                condition=models.Q(ended_at=None),
                name="one_watcher_a_leg",
            )
        ]

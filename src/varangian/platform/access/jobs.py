"""Sign-in links and remembered answers do not outlive their use."""

from datetime import timedelta

from django.db import connection

from varangian.kernel.clock import now
from varangian.platform.jobs.app import app

from .context import acting
from .models import Replay, SignInLink
from .scope import SYSTEM

OLD_COUNTS = "delete from house_cache where expires < now()"
REPLAYS_KEPT = timedelta(hours=24)


def prune() -> tuple[int, int]:
    """Delete what has expired; returns (links, replays)."""
    with connection.cursor() as cursor:
        cursor.execute(OLD_COUNTS)
    links, _ = SignInLink.objects.filter(expires_at__lt=now()).delete()
    replays, _ = Replay.objects.filter(at__lt=now() - REPLAYS_KEPT).delete()
    return links, replays


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="prune-access", name="access.prune")
def prune_access(timestamp: int) -> None:
    with acting(SYSTEM, purpose="delete expired links and replays"):
        prune()

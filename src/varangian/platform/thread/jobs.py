"""The clock of the thread."""

from varangian.platform.access.context import acting
from varangian.platform.access.scope import SYSTEM
from varangian.platform.jobs.app import app


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="expire-thread", name="thread.expire")
def expire(timestamp: int) -> None:
    """Facts, waivers and reviews that have run out mark what depends on them."""
    from .expiry import expire_due

    with acting(SYSTEM, purpose="mark what has run out"):
        expire_due()

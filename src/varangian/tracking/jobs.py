"""Partitions ahead of time, thinning and dropping, every hour."""

from varangian.platform.access.context import acting
from varangian.platform.access.scope import SYSTEM
from varangian.platform.jobs.app import app

from .services.keeping import forget, make_days, thin


@app.periodic(cron="7 * * * *")
@app.task(queueing_lock="keep-positions", name="tracking.keep")
def keep_positions(timestamp: int) -> None:
    with acting(SYSTEM, purpose="keep positions"):
        make_days()
        thin()
        forget()

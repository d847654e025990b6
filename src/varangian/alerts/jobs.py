"""How an alert travelled is kept for a while; that it was raised and answered is kept with it."""

from varangian.platform.access.context import acting
from varangian.platform.access.scope import SYSTEM
from varangian.platform.jobs.app import app

from .services.forgetting import forget_deliveries


@app.periodic(cron="37 * * * *")
@app.task(queueing_lock="keep-deliveries", name="alerts.keep")
def keep_deliveries(timestamp: int) -> None:
    with acting(SYSTEM, purpose="keep deliveries"):
        forget_deliveries()

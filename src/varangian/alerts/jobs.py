"""Alerts that wait too long are raised again, every minute."""

from varangian.platform.access.context import acting
from varangian.platform.access.scope import SYSTEM
from varangian.platform.jobs.app import app

from .services import escalate


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="escalate-alerts", name="alerts.escalate")
def escalate_alerts(timestamp: int) -> None:
    with acting(SYSTEM, purpose="escalate alerts"):
        escalate()

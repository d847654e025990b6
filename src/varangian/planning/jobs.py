"""What the advance has to look at follows the clock as well as the programme."""

from varangian.platform.access.context import acting
from varangian.platform.access.scope import SYSTEM
from varangian.platform.jobs.app import app

from .services.advance import bring_up_all


@app.periodic(cron="23 * * * *")
@app.task(queueing_lock="advance-tasks", name="planning.advance_tasks")
def advance_tasks(timestamp: int) -> None:
    with acting(SYSTEM, purpose="bring the tasks of the advance up to date"):
        bring_up_all()

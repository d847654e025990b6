"""Facts about a person age: what was verified long ago asks to be looked at again."""

from varangian.kernel.clock import now
from varangian.platform.access.context import acting
from varangian.platform.access.scope import SYSTEM
from varangian.platform.jobs.app import app

from .services import mark_reviews_due


@app.periodic(cron="5 3 * * *")
@app.task(queueing_lock="principal-reviews", name="principals.reviews_due")
def reviews_due(timestamp: int) -> None:
    with acting(SYSTEM, purpose="mark principals whose review is due"):
        mark_reviews_due(today=now().date())


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="exposure-overdue", name="principals.takedowns_overdue")
def takedowns_overdue(timestamp: int) -> None:
    """Take-downs whose day has passed ask for a person."""
    from .services.exposure import tell_overdue

    with acting(SYSTEM, purpose="tell of overdue take-downs"):
        tell_overdue()

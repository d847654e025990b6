"""The clock of the register."""

from varangian.platform.access.context import acting
from varangian.platform.access.scope import SYSTEM
from varangian.platform.jobs.app import app


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="expire-threats", name="threats.expire")
def expire(timestamp: int) -> None:
    """Threat sources, acceptances and BOLO cards that have run out."""
    from .services import expire_due
    from .services.bolo import expire_cards

    with acting(SYSTEM, purpose="expire threats"):
        expire_due()
        expire_cards()

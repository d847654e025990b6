"""The clock of the register."""

from uuid import UUID

from varangian.platform.access.context import acting
from varangian.platform.access.scope import SYSTEM
from varangian.platform.jobs.app import app


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="expire-threats", name="threats.expire")
def expire(timestamp: int) -> None:
    """Threat sources, acceptances, BOLO cards and files of persons that have run out."""
    from .services import expire_due
    from .services.bolo import expire_cards
    from .services.judgements import ask_about_late_tasks
    from .services.persons import ask_about_ended

    with acting(SYSTEM, purpose="expire threats"):
        expire_due()
        expire_cards()
        ask_about_ended()
        ask_about_late_tasks()


@app.task(name="threats.letters", retry=2)
def read_letters(work: str) -> None:
    """A mailbox that somebody handed in; it goes on where an earlier try got to."""
    from .services.communications import import_now

    import_now(UUID(work))

"""What follows the clock, and what takes longer than a page may."""

from uuid import UUID

from varangian.platform.access.context import acting
from varangian.platform.access.scope import SYSTEM
from varangian.platform.jobs.app import app

from .services.actions import remind_overdue
from .services.advance import bring_up_all
from .services.exercises import deliver_due
from .services.packs import record_visit, shut_expired
from .services.roster_publishing import relieve
from .services.roster_runs import alert_elsewhere, run_now
from .services.unread import ask_for_unread


@app.periodic(cron="23 * * * *")
@app.task(queueing_lock="advance-tasks", name="planning.advance_tasks")
def advance_tasks(timestamp: int) -> None:
    with acting(SYSTEM, purpose="bring the tasks of the advance up to date"):
        bring_up_all()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="exercise-injects", name="planning.exercise_injects")
def exercise_injects(timestamp: int) -> None:
    with acting(SYSTEM, purpose="inject what is due into exercises"):
        deliver_due()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="unread-orders", name="planning.unread_orders")
def unread_orders(timestamp: int) -> None:
    with acting(SYSTEM, purpose="ask for orders that nobody has acknowledged"):
        ask_for_unread()


@app.periodic(cron="41 * * * *")
@app.task(queueing_lock="debrief-actions", name="planning.overdue_actions")
def overdue_actions(timestamp: int) -> None:
    with acting(SYSTEM, purpose="ask about actions that are overdue"):
        remind_overdue()


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="expired-packs", name="planning.expired_packs")
def expired_packs(timestamp: int) -> None:
    with acting(SYSTEM, purpose="close contractor packs that have run out"):
        shut_expired()


@app.task(name="planning.tell_of_visit", retry=3)
def tell_of_visit(visit: str) -> None:
    with acting(SYSTEM, purpose="a contractor's page was opened or read"):
        record_visit(visit)


@app.task(queueing_lock="roster-relief", name="planning.relieve")
def relieve_posts(timestamp: int) -> None:
    with acting(SYSTEM, purpose="relieve posts by the roster"):
        relieve()


@app.task(name="planning.solve_roster")
def solve_roster(run: str) -> None:
    run_now(UUID(run))


@app.task(name="planning.sick_elsewhere", retry=3)
def sick_elsewhere(person: str, operation: str, since: str, until: str) -> None:
    with acting(SYSTEM, purpose="tell who plans a sick officer's other duties"):
        alert_elsewhere(person=person, operation=operation, since=since, until=until)

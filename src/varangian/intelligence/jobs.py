"""Feeds and matching in the background."""

from uuid import UUID

from varangian.platform.access.context import acting
from varangian.platform.access.scope import SYSTEM
from varangian.platform.jobs.app import app

from . import queries, services


@app.task(name="intelligence.match_signals", retry=3)
def match_signals_job(ids: list[str]) -> None:
    with acting(SYSTEM, purpose="match signals to movements"):
        services.match_signals([UUID(pk) for pk in ids])


@app.task(name="intelligence.match_movement", retry=3)
def match_movement_job(movement: str) -> None:
    with acting(SYSTEM, purpose="match a changed leg to signals"):
        services.match_movements([UUID(movement)])


@app.periodic(cron="* * * * *")
@app.task(name="intelligence.poll_feeds", queueing_lock="poll-feeds")
def poll_feeds(timestamp: int) -> None:
    with acting(SYSTEM, purpose="poll feeds"):
        due = list(queries.due_connectors(SYSTEM))
    for connector in due:
        answer = services.ask(connector)
        with acting(SYSTEM, purpose=f"poll {connector.name}"):
            services.keep(connector, answer)

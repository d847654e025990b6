"""Answers of a survey run out: what depends on them is marked within the hour."""

from varangian.kernel.clock import now
from varangian.platform.access.context import acting
from varangian.platform.access.scope import SYSTEM
from varangian.platform.jobs.app import app

from .services import tell_expired


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="survey-expiry", name="places.survey_expiry")
def survey_expiry(timestamp: int) -> None:
    with acting(SYSTEM, purpose="mark what rests on answers that have run out"):
        tell_expired(at=now())

"""Travel in the background."""

from typing import Any
from uuid import UUID

from varangian.platform.access.context import acting
from varangian.platform.access.scope import SYSTEM
from varangian.platform.jobs.app import app


@app.task(name="travel.build_map", retry=3)
def build_map(road_map: str) -> None:
    from .services.map_building import build_now

    build_now(UUID(road_map))


@app.task(name="travel.plan_routes", retry=2)
def plan_routes(work: str) -> None:
    from .services.route_work import plan_now

    plan_now(UUID(work))


@app.task(name="travel.spread_advisories", retry=3)
def spread_advisories(risen: list[dict[str, Any]]) -> None:
    """Tell every team of what rose, not only that of the person who imported it."""
    from .services.advisories import Risen, spread

    rows = [Risen(UUID(row["advisory"]), row["country"], row["reason"]) for row in risen]
    with acting(SYSTEM, purpose="tell dossiers what rose"):
        spread(actor=SYSTEM, risen=rows)


@app.periodic(cron="17 * * * *")
@app.task(name="travel.fetch_advisories", queueing_lock="fetch-advisories")
def fetch_advisories(timestamp: int) -> None:
    """Each source that is switched on, when its day is over."""
    from .services.advisory_fetch import ask_source, due, keep_answer

    with acting(SYSTEM, purpose="which advisories are due"):
        waiting = due()
    for source, countries in waiting:
        answered = ask_source(source, countries)
        with acting(SYSTEM, purpose=f"fetch {source}"):
            keep_answer(source=source, answered=answered)


@app.periodic(cron="*/5 * * * *")
@app.task(name="travel.fetch_flights", queueing_lock="fetch-flights")
def fetch_flights(timestamp: int) -> None:
    """Flights of the next day and a half, from sources that a person has switched on."""
    from .services.flight_fetch import ask_source, due, keep_answer

    with acting(SYSTEM, purpose="which flights are due"):
        waiting = due()
    for source, asked in waiting:
        answered = ask_source(source, asked)
        with acting(SYSTEM, purpose=f"flight status of {source}"):
            keep_answer(source=source, answered=answered)

"""The house in which the principal reads tonight and the square before it.

Its plan in force with the principal's way (arrival, rope line, stage, departure) and what overlooks
it; how it empties, and which posts see that way. Everybody in it is invented.
"""

from pathlib import Path

from varangian.crowds import services as crowds
from varangian.crowds.queries import venues as queries
from varangian.kernel.results import Refused
from varangian.operations.models import Operation
from varangian.places import queries as place_queries
from varangian.platform.access.context import acting
from varangian.platform.access.models import User
from varangian.platform.access.queries import user_by_email

from .travel import LEADER

PLACE, PEOPLE, RUNS = "Northern House", 550, 30
POSTS, REACH_M = 4, 15.0
"""Officers beside those drawn; in a full hall nobody watches hands much farther than this."""


def fill(operation: Operation, leader: User) -> None:
    places = place_queries.places(leader).filter(compartment_id=operation.engagement.compartment_id)
    plan = crowds.new_plan(
        actor=leader,
        data=Path(__file__).with_name("venue.json").read_bytes(),
        file_name="northern-house.geojson",
        place=next(place for place in places if place.name == PLACE),
        operation=operation,
        note="Measured at the advance",
    )
    crowds.put_in_force(actor=leader, version=queries.newest(leader, plan))


def empty() -> None:
    """Everybody leaves, then posts for cover: computed once, what a detail looks at first."""
    leader = user_by_email(LEADER)
    if leader is None:
        return
    with acting(leader, purpose="how the hall of the worked operation empties"):
        plan = queries.plans(leader).first()
        if plan is None or plan.current is None:
            return
        run = crowds.ask_run(actor=leader, version=plan.current, people=PEOPLE, runs=RUNS)
    crowds.run_now(run.pk)
    with acting(leader, purpose="posts for cover of the worked operation"):
        try:
            cover = crowds.ask_cover(actor=leader, version=plan.current, posts=POSTS, reach=REACH_M)
        except Refused:
            return  # a house without the extra `planning` has no solver; the page says so
    crowds.cover_now(cover.pk)

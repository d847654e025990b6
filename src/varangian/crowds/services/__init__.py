"""What is written of venues."""

from .live import (
    add_counter,
    add_trigger,
    click,
    count,
    end_watch,
    place_principal,
    remove_counter,
    remove_trigger,
    start_watch,
)
from .plan_people import post_stewards, record_agreement
from .plans import (
    approve_plan,
    draft_plan,
    put_plan_in_force,
    refresh_plan,
    stand_down_plan,
    write_plan,
)
from .runs import ask_run, run_later, run_now, stop_run
from .seeing import add_camera, offered
from .venues import import_version, new_plan, put_in_force, save_version

__all__ = [
    "add_camera",
    "add_counter",
    "add_trigger",
    "approve_plan",
    "ask_run",
    "click",
    "count",
    "draft_plan",
    "end_watch",
    "import_version",
    "new_plan",
    "offered",
    "place_principal",
    "post_stewards",
    "put_in_force",
    "put_plan_in_force",
    "record_agreement",
    "refresh_plan",
    "remove_counter",
    "remove_trigger",
    "run_later",
    "run_now",
    "save_version",
    "stand_down_plan",
    "start_watch",
    "stop_run",
    "write_plan",
]

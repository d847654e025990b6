"""What is written of venues."""

from .cover import accept_cover_posts, ask_cover, cover_later, cover_now, stop_cover
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
    "accept_cover_posts",
    "add_camera",
    "add_counter",
    "add_trigger",
    "approve_plan",
    "ask_cover",
    "ask_run",
    "click",
    "count",
    "cover_later",
    "cover_now",
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
    "stop_cover",
    "stop_run",
    "write_plan",
]

"""The only writers of travel."""

from .accept import accept_draft, reject_draft
from .advisories import import_advisories
from .advisory_fetch import switch_advisories
from .allotments import assign_vehicle, withdraw_vehicle, write_cues
from .custody import hand_over
from .destinations import (
    add_destination,
    add_fact,
    approve_destination,
    change_destination,
    check_number,
    drop_destination,
    keep_snapshot,
    withdraw_approval,
    write_statement,
)
from .doors import add_door, change_door, retire_door
from .drivers import add_wheel, leave_wheel, take_wheel, write_driver
from .finds import release_find, report_find
from .fleet import (
    add_armour,
    add_vehicle,
    block_defect,
    change_vehicle,
    clear_defect,
    note_equipment,
    raise_defect,
    read_odometer,
    remove_armour,
    remove_equipment,
    retire_vehicle,
)
from .flight_fetch import switch_flights
from .flight_status import dismiss_news, read_status, take_news
from .imports import import_itinerary, take_in
from .inspections import add_check_photo, begin_check, finish_check, leave_check, sign_second
from .map_building import build_now
from .maps import add_map, build_later, drop_map, rebuild_map, stop_map
from .modes import begin_comparison, choose_mode, drop_comparison, tell_line
from .movement_holds import take_hold
from .movement_simulation import simulate_leg
from .movement_watch import arrive, begin_leg, report_line
from .movement_ways import divert, take_route
from .refused import put_away_refused
from .route_day_closures import close_road
from .route_days import approve_day, draw_day, plan_day
from .route_draws import draw_route, release_route, report_driven
from .route_watchers import drop_watcher, name_watcher
from .route_work import (
    ask_closure,
    ask_day,
    ask_replan,
    ask_routes,
    plan_later,
    plan_now,
    stop_work,
)
from .routes import approve_routes, plan_routes, replan_routes, set_route_role, withdraw_routes
from .stays import (
    add_house,
    add_wish,
    answer_item,
    begin_choice,
    choose_house,
    drop_choice,
    drop_house,
    drop_wish,
    weigh,
)
from .tracking_plans import make_tracking_plan

__all__ = [
    "accept_draft",
    "add_armour",
    "add_check_photo",
    "add_destination",
    "add_door",
    "add_fact",
    "add_house",
    "add_map",
    "add_vehicle",
    "add_wheel",
    "add_wish",
    "answer_item",
    "approve_day",
    "approve_destination",
    "approve_routes",
    "arrive",
    "ask_closure",
    "ask_day",
    "ask_replan",
    "ask_routes",
    "assign_vehicle",
    "begin_check",
    "begin_choice",
    "begin_comparison",
    "begin_leg",
    "block_defect",
    "build_later",
    "build_now",
    "change_destination",
    "change_door",
    "change_vehicle",
    "check_number",
    "choose_house",
    "choose_mode",
    "clear_defect",
    "close_road",
    "dismiss_news",
    "divert",
    "draw_day",
    "draw_route",
    "drop_choice",
    "drop_comparison",
    "drop_destination",
    "drop_house",
    "drop_map",
    "drop_watcher",
    "drop_wish",
    "finish_check",
    "hand_over",
    "import_advisories",
    "import_itinerary",
    "keep_snapshot",
    "leave_check",
    "leave_wheel",
    "make_tracking_plan",
    "name_watcher",
    "note_equipment",
    "plan_day",
    "plan_later",
    "plan_now",
    "plan_routes",
    "put_away_refused",
    "raise_defect",
    "read_odometer",
    "read_status",
    "rebuild_map",
    "reject_draft",
    "release_find",
    "release_route",
    "remove_armour",
    "remove_equipment",
    "replan_routes",
    "report_driven",
    "report_find",
    "report_line",
    "retire_door",
    "retire_vehicle",
    "set_route_role",
    "sign_second",
    "simulate_leg",
    "stop_map",
    "stop_work",
    "switch_advisories",
    "switch_flights",
    "take_hold",
    "take_in",
    "take_news",
    "take_route",
    "take_wheel",
    "tell_line",
    "weigh",
    "withdraw_approval",
    "withdraw_routes",
    "withdraw_vehicle",
    "write_cues",
    "write_driver",
    "write_statement",
]

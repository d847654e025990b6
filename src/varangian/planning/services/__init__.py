"""The only writers of planning."""

from .acknowledging import acknowledge_order
from .actions import end_action, plan_action, remind_overdue
from .advance import add_stop, assign_tasks, plan_advance, verify_task
from .brief_issuing import issue_brief, read_brief
from .brief_writing import (
    add_judgement,
    change_judgement,
    leave_out,
    mend_judgement,
    move_item,
    remove_judgement,
    take_in,
    write_brief,
)
from .briefs import draft_brief, redraft_brief, withdraw_brief
from .calendar_links import revoke_link, rotate_link
from .cards import change_card, put_in_force, record_rehearsal, take_cards, withdraw_card
from .changing import draft_change, drop_change, send_change, together
from .comms import record_test, reveal_words, write_comms
from .confirming import confirm_artefact, withdraw_waiver
from .debrief import (
    add_observation,
    close_debrief,
    confirm_observation,
    open_debrief,
    release_words,
)
from .deciding import decide
from .exercises import (
    acknowledge_inject,
    begin_exercise,
    deliver_due,
    deliver_now,
    end_exercise,
    start_exercise,
)
from .issuing import approve_order, close_order, issue_order
from .lessons import answer_lesson, send_lesson
from .measures import (
    add_measure,
    change_measure,
    propose_for_risk,
    propose_standard,
    set_effects,
    set_measure_state,
)
from .orders import draft_fragmentary_order, draft_order, redraft_order
from .packs import make_pack, renew_link, revoke_pack
from .plans import write_plan, write_routes
from .roster_duties import answer, assign, move, unassign
from .roster_people import add_absence, remove_absence, write_officer
from .roster_publishing import publish, relieve
from .roster_runs import call_sick, drop_run, plan, stop_run, take_run
from .roster_shifts import add_shift, change_shift, make_shifts, open_roster, remove_shift
from .roster_ways import set_ways

__all__ = [
    "acknowledge_inject",
    "acknowledge_order",
    "add_absence",
    "add_judgement",
    "add_measure",
    "add_observation",
    "add_shift",
    "add_stop",
    "answer",
    "answer_lesson",
    "approve_order",
    "assign",
    "assign_tasks",
    "begin_exercise",
    "call_sick",
    "change_card",
    "change_judgement",
    "change_measure",
    "change_shift",
    "close_debrief",
    "close_order",
    "confirm_artefact",
    "confirm_observation",
    "decide",
    "deliver_due",
    "deliver_now",
    "draft_brief",
    "draft_change",
    "draft_fragmentary_order",
    "draft_order",
    "drop_change",
    "drop_run",
    "end_action",
    "end_exercise",
    "issue_brief",
    "issue_order",
    "leave_out",
    "make_pack",
    "make_shifts",
    "mend_judgement",
    "move",
    "move_item",
    "open_debrief",
    "open_roster",
    "plan",
    "plan_action",
    "plan_advance",
    "propose_for_risk",
    "propose_standard",
    "publish",
    "put_in_force",
    "read_brief",
    "record_rehearsal",
    "record_test",
    "redraft_brief",
    "redraft_order",
    "release_words",
    "relieve",
    "remind_overdue",
    "remove_absence",
    "remove_judgement",
    "remove_shift",
    "renew_link",
    "reveal_words",
    "revoke_link",
    "revoke_pack",
    "rotate_link",
    "send_change",
    "send_lesson",
    "set_effects",
    "set_measure_state",
    "set_ways",
    "start_exercise",
    "stop_run",
    "take_cards",
    "take_in",
    "take_run",
    "together",
    "unassign",
    "verify_task",
    "withdraw_brief",
    "withdraw_card",
    "withdraw_waiver",
    "write_brief",
    "write_comms",
    "write_officer",
    "write_plan",
    "write_routes",
]

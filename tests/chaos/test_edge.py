"""A vehicle without a link goes on by itself; when the link is back, calls for help come first,
the rest follows in order, nothing is lost, nothing is there twice, and what clashes is shown."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator

import pytest
from tests.edge import Edge, edge
from tests.stack import patience

pytestmark = pytest.mark.chaos
PRESSES = "select count(*) from protection_press"
ENTRIES = "select count(*) from log_logentry where kind = 'entry'"
SECONDS = 2
"""From the return of the link to the press at the hub."""


@pytest.fixture(scope="module")
def car(tmp_path_factory) -> Iterator[Edge]:
    with edge(tmp_path_factory.mktemp("edge")) as found:
        yield found


def test_with_the_link_what_is_done_at_the_node_is_at_the_hub(car):
    told = car.at_node(car.act("duty_start"), car.act("log", text="n-000"))
    assert [row["state"] for row in told] == ["done", "done"], told
    car.hub.await_rows(ENTRIES, 1)
    [(person, operation)] = car.hub.ask(
        "select u.email, o.slug from operations_duty d join access_user u on u.id = d.person_id "
        "join operations_operation o on o.id = d.operation_id"
    )
    assert (person, operation) == (car.officer, car.team.operation)


def test_a_link_cut_loses_nothing_and_calls_for_help_come_first(car):
    car.cut()
    for number in range(1, 31):
        [told] = car.at_node(car.act("log", text=f"n-{number:03}"))
        assert told["state"] == "done", told
    set_at_node = car.act("status", status="moving")
    time.sleep(0.1)
    _status_at_hub(car, "rest")
    [told] = car.at_node(set_at_node)
    assert told["state"] == "done", told
    car.node.press(car.officer, "cut-1")
    assert car.node.ask(PRESSES) == [(1,)] and car.hub.ask(PRESSES) == [(0,)]
    _waits_at_node(car, 32)

    begun = car.join()
    car.hub.await_rows(PRESSES, 1)
    took = time.monotonic() - begun
    assert took < patience(SECONDS), f"{took:.2f} s"
    car.hub.await_rows(ENTRIES, 31, seconds=patience(60))
    _all_once_in_order(car, 31)


def test_what_clashes_is_a_conflict_at_both(car):
    car.hub.await_rows("select count(*) from protection_nodeact where outcome <> 'done'", 1)
    [row] = car.hub.cli("node", "conflicts", car.team.operation, actor=car.team.leader)
    assert (row["kind"], row["person"], row["outcome"]) == ("status", car.officer, "overtaken")
    assert car.hub.ask("select status from operations_duty") == [("rest",)]
    at_node = "select count(*) from protection_parcel where state = 'overtaken'"
    car.node.await_rows(at_node, 1)
    settled = car.hub.cli("node", "settle", row["id"], "Rest holds", actor=car.team.leader)
    assert settled["settled"] == "Rest holds"


def test_killed_while_it_catches_up_it_neither_loses_nor_doubles(car):
    car.cut()
    for number in range(31, 71):
        car.at_node(car.act("log", text=f"n-{number:03}"))
    car.node.press(car.officer, "cut-2", "cut-3")
    car.join()
    car.hub.await_rows(ENTRIES, 32, seconds=patience(30))
    for house, part in ((car.node, "live"), (car.hub, "web"), (car.node, "postgres")):
        for pid in house.pids(part):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    car.hub.await_rows(ENTRIES, 71, seconds=patience(90))
    _all_once_in_order(car, 71)
    car.hub.await_rows(PRESSES, 3, seconds=patience(30))
    assert car.hub.ask(PRESSES) == [(3,)]
    waiting = "select count(*) from protection_parcel where state <> 'waiting'"
    car.node.await_rows(waiting, 75, seconds=patience(30))


def _waits_at_node(car: Edge, wanted: int) -> None:
    """The call for help among them, and the node says by itself that it is alone."""
    end = time.monotonic() + patience(30)
    while time.monotonic() < end:
        [told] = car.node.cli("node", "status")
        if told["waiting"] >= wanted and told["state"] != "in touch":
            return
    raise AssertionError(told)


def _status_at_hub(car: Edge, status: str) -> None:
    """The officer reports by another way, over the air to the hub."""
    car.hub.cli("duty", "status", status, actor=car.officer)


def _all_once_in_order(car: Edge, wanted: int) -> None:
    rows = car.hub.ask(
        "select a.kind, a.number, e.serial from protection_nodeact a "
        "join protection_fieldreport f on f.act = a.key "
        "join log_logentry e on e.id = f.entry_id order by e.serial"
    )
    assert len(rows) == wanted
    assert [row[1] for row in rows] == sorted(row[1] for row in rows)
    assert car.hub.ask(ENTRIES) == [(wanted,)]

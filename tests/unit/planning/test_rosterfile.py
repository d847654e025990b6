"""Roster files: what is read, what is refused, what is told and left out."""

import copy
import json
import re
from pathlib import Path

import pytest

from varangian.engines.rostering import Need
from varangian.kernel.results import NotFound, Refused
from varangian.planning.rosterfile.reading import read_roster, sick_call

PAGE = Path(__file__).parents[3] / "docs/how-to/solve-a-roster.md"
SMALL = {
    "format": "varangian-roster/1",
    "zone": "Europe/Helsinki",
    "jurisdiction": "eu",
    "officers": [{"id": "one"}, {"id": "two"}],
    "shifts": [{"id": "a", "post": "gate", "start": "2027-05-03T08:00", "end": "2027-05-03T16:00"}],
}


def read(change=lambda document: None):
    document = copy.deepcopy(SMALL)
    change(document)
    return read_roster(json.dumps(document).encode())


def test_the_example_of_the_how_to_page_is_read_without_a_fault():
    example = re.search(r"```json\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert example
    found = read_roster(example[1].encode())
    assert found.faults == [] and len(found.problem.officers) == 3
    gate, flight = found.problem.shifts
    assert gate.needs == (Need("firearms", "pistol", 1),) and gate.start.hour == 15
    assert (flight.end - flight.start).total_seconds() == 8 * 3600
    assert found.problem.locked == {("reed", "gate-mon-late")}
    assert found.problem.officers[0].history == (610, 106)


def test_times_are_on_the_clock_of_their_zone():
    def change(document):
        document["shifts"][0] |= {"zone": "America/New_York"}

    assert read(change).problem.shifts[0].start.hour == 12


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        (lambda d: d["shifts"].append({"id": "b"}), "shifts[1] b.post", "Is missing"),
        (
            lambda d: d["shifts"].append(d["shifts"][0] | {"id": "b", "start": "2027-05-03T17:00"}),
            "shifts[1] b",
            "ends before it starts",
        ),
        (lambda d: d["shifts"].append(d["shifts"][0]), "shifts[1] a", "stands twice"),
        (
            lambda d: d["shifts"].append(d["shifts"][0] | {"id": "b", "start": "2027-03-28T03:30"}),
            "shifts[1] b: Europe/Helsinki",
            "skipped when clocks go forward",
        ),
        (
            lambda d: d["officers"].append(
                {"id": "x", "licences": [{"name": "a", "until": "soon"}]}
            ),
            "officers[2] x.licences[0].until",
            "date",
        ),
        (
            lambda d: d["officers"].append(
                {"id": "x", "away": [{"from": "2027-05-04", "to": "2027-05-03"}]}
            ),
            "officers[2] x.away[0]",
            "is before 'from'",
        ),
        (
            lambda d: d["officers"].append({"id": "x", "zone": "Mars"}),
            "officers[2] x: Mars",
            "zone",
        ),
        (lambda d: d["officers"].append({"id": "x", "pay": 1}), "officers[2] x.pay", "not a field"),
        (lambda d: d["officers"].append("x"), "officers[2]", "valid dictionary"),
        (
            lambda d: d.update(assignments=[{"officer": "nobody", "shift": "a"}]),
            "assignments[0]",
            "no officer nobody",
        ),
    ],
)
def test_a_bad_item_is_told_and_the_rest_goes_on(change, where, what):
    found = read(change)
    assert [(o.id) for o in found.problem.officers] == ["one", "two"]
    assert [s.id for s in found.problem.shifts] == ["a"]
    assert any(fault.where.startswith(where) and what in fault.what for fault in found.faults), (
        found.faults
    )


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda d: d.update(format="other"), "no roster"),
        (lambda d: d.update(zone="Nowhere"), "no such time zone"),
        (lambda d: d.update(jurisdiction="xx"), "no jurisdiction"),
        (lambda d: d.update(officers=[]), "no officers that can be used"),
        (lambda d: d.update(shifts=[{}]), "no shifts that can be used"),
        (lambda d: d.update(shifts=3), "should be a list"),
        (lambda d: d.update(people=[]), "a field that is not known"),
    ],
)
def test_what_leaves_nothing_sensible_is_refused(change, what):
    with pytest.raises(Refused, match=what):
        read(change)


@pytest.mark.parametrize("data", [b"{", b"\xff\xfe", b"[]", b"[" * 100_000])
def test_what_is_no_roster_file_is_refused(data):
    with pytest.raises(Refused):
        read_roster(data)


def test_unknown_ways_are_said():
    def change(document):
        document["officers"][0]["home"] = "town"
        document["shifts"][0]["site"] = "villa"

    assert read(change).notes == ["1 way is not known and counted as 0 minutes: town to villa"]


def test_sick_calls():
    problem = read().problem
    assert sick_call("one", problem)[0] == "one"
    name, since, until = sick_call("two:2027-05-03T06:00/2027-05-05", problem)
    assert (name, since.hour, until.day) == ("two", 3, 4)
    with pytest.raises(NotFound, match="no such officer"):
        sick_call("three:2027-05-03", problem)
    with pytest.raises(Refused, match="no time"):
        sick_call("one:monday", problem)
    with pytest.raises(Refused, match="well before"):
        sick_call("one:2027-05-04/2027-05-03", problem)

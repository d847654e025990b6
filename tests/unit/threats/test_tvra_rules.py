"""Pure rules of a TVRA."""

from types import SimpleNamespace

from varangian.threats.library.tvra import tvra
from varangian.threats.tvra_heat import heat
from varangian.threats.tvra_rules import (
    counted,
    differences,
    direction,
    level_changes,
    lowers,
    touches,
)


def risk(**fields):
    known = {"state": "open", "movement": None, "library_id": ""}
    return SimpleNamespace(**{**known, **fields})


def leg(pk=1, origin="home", destination="hall"):
    return SimpleNamespace(pk=pk, origin_id=origin, destination_id=destination)


def test_what_touches_which_subject():
    home, trip, who = (tvra().subject(kind) for kind in ("residence", "trip", "principal"))
    assert touches(home, "home", None, risk(movement=leg()))
    assert not touches(home, "house", None, risk(movement=leg()))
    assert not touches(home, "home", None, risk(movement=leg(), state="closed"))
    assert touches(trip, None, 1, risk(movement=leg()))
    assert not touches(trip, None, 2, risk(movement=leg()))
    assert touches(trip, None, None, risk(movement=leg()))
    assert touches(who, None, None, risk(movement=leg()))
    assert touches(home, "home", None, risk()), "an own line is shown rather than missed"
    assert touches(home, "home", None, risk(library_id="fixated-person-approach"))
    assert touches(home, "home", None, risk(library_id="no-longer-in-the-library"))


def test_a_level_is_raised_or_kept():
    taken = {"likelihood": 3, "impact": 4}
    assert direction(taken, None, None) == ""
    assert direction(taken, 3, 4) == "kept"
    assert direction(taken, 4, 4) == "raised"
    assert lowers(taken, 3, 3) and lowers(taken, 2, 5) and not lowers(taken, 3, 4)


def test_unknown_is_counted_as_unknown():
    assert counted(["met", "unknown", "unknown"])["unknown"] == 2
    assert counted([])["met"] == 0


def test_what_changed_is_told_level_by_level():
    taken = {"title": "Letter writer", "intent": "low", "state": "draft"}
    now = {**taken, "intent": "high"}
    assert [one.words for one in level_changes("T1", taken, now)] == ["intent low to high"]
    assert [one.words for one in level_changes("T1", taken, {**taken, "title": "X"})] == [
        "worded otherwise"
    ]
    assert level_changes("T1", taken, dict(taken)) == []


def test_the_heat_map_counts_places_and_names_what_waits():
    def row(key, likelihood, impact, left_out=False):
        return {"key": key, "likelihood": likelihood, "impact": impact, "left_out": left_out}

    drawn = heat([row("R1", 4, 4), row("R2", 4, 4), row("R3", None, None), row("R4", 1, 1, True)])
    head, spots = drawn.rows[1]
    assert head.startswith("4 ") and spots[3].labels == ("R1", "R2") and spots[3].band == "high"
    assert drawn.waiting == ("R3",)
    assert sum(len(spot.labels) for _, row_ in drawn.rows for spot in row_) == 2


def test_two_versions_side_by_side():
    def told(line, **facts):
        row = {"key": "R1", "title": "R1 Approach", "line": line}
        empty = {"threats": [], "checks": [], "treatments": []}
        return {"facts": facts, "risks": [row] if line else [], **empty}

    rows = differences(told("high", Title="A"), told("moderate", Title="A"))
    assert [(one.what, one.same) for one in rows] == [("Title", True), ("R1 Approach", False)]
    gone = differences(told("high", Title="A"), told("", Title="A"))[1]
    assert gone.after == "not in it"

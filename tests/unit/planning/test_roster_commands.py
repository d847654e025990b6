"""``varangian roster``: files in, JSON out, words on standard error, exit codes; no database."""

import json
from pathlib import Path

import django
import pytest

from varangian.cli import needs_database
from varangian.kernel.results import Refused

django.setup()

from varangian.config.commands import root  # noqa: E402

TEAM = {
    "format": "varangian-roster/1",
    "zone": "Europe/Helsinki",
    "jurisdiction": "eu",
    "officers": [
        {"id": "armed", "firearms": [{"name": "pistol", "until": "2027-05-04"}]},
        {"id": "plain"},
        {"id": "lost", "zone": "Mars"},
    ],
    "shifts": [
        {
            "id": f"day{k}", "post": "gate", "everyone": {"firearms": ["pistol"]} if k else {},
            "start": f"2027-05-0{3 + k}T08:00", "end": f"2027-05-0{3 + k}T16:00",
        }
        for k in range(3)
    ],
}  # fmt: skip


@pytest.fixture
def team(tmp_path):
    path = tmp_path / "team.json"
    path.write_text(json.dumps(TEAM))
    return path


def answer(capsys, *words):
    assert root(["roster", *map(str, words), "--json"]) == 0
    shown = capsys.readouterr()
    return json.loads(shown.out), shown.err


def test_solve_answers_in_json_and_tells_the_rest_on_standard_error(team, capsys):
    found, told = answer(capsys, "solve", team, "--seconds", 1, "--explain")
    assert found["summary"] == {
        "officers": 2, "shifts": 3, "places": 3, "filled": 2, "needs_unmet": 0, "proven": True,
    }  # fmt: skip
    assert "officers[2] lost" in told and "first roster" in told
    (gap,) = found["gaps"]
    assert (gap["shift"], gap["missing"], gap["could"]) == ("day2", 1, [])
    rules = {row["officer"]: row["rules"] for row in gap["cannot"]}
    assert rules == {"armed": ["firearms_expired"], "plain": ["firearms_missing"]}
    assert found["conflicts"][0]["smallest"] and "nobody can" in found["conflicts"][0]["words"]
    impossible = {row["officer"]: row["rules"] for row in found["impossible"]}
    assert impossible == {
        "armed": {"firearms_expired": ["day2"]},
        "plain": {"firearms_missing": ["day1", "day2"]},
    }


def test_repair_takes_the_roster_of_an_answer(team, tmp_path, capsys):
    solved, _ = answer(capsys, "solve", team, "--seconds", 1)
    earlier = tmp_path / "answer.json"
    earlier.write_text(json.dumps(solved))
    first = next(a["officer"] for a in solved["assignments"] if a["shift"] == "day0")
    other = {"armed": "plain", "plain": "armed"}[first]
    until = "2027-05-04T00:00"
    found, _ = answer(
        capsys, "repair", team, "--from", earlier, "--sick", f"{first}:2027-05-03T00:00/{until}"
    )
    assert {"officer": other, "shift": "day0", "change": "added"} in found["changes"]


def test_a_table_for_people(team, capsys):
    assert root(["roster", "solve", str(team), "--seconds", "1"]) == 0
    shown = capsys.readouterr()
    assert "day0" in shown.out and "2 of 3 places filled" in shown.err
    assert "open: day2: 1 missing" in shown.err


def test_what_is_refused_and_what_is_wrong_use(team, tmp_path):
    with pytest.raises(Refused, match="no roster to repair"):
        root(["roster", "repair", str(team), "--sick", "plain"])
    with pytest.raises(Refused, match="no such file"):
        root(["roster", "solve", str(tmp_path / "nothing.json")])
    with pytest.raises(Refused, match="holds no roster"):
        root(["roster", "solve", str(team), "--from", str(team)])
    assert root(["roster", "repair", str(team)]) == 2
    assert root(["roster", "solve", str(team), "--seconds", "-1"]) == 2


def test_rosters_from_files_need_no_database():
    assert not needs_database(["roster", "solve", "team.json"])
    assert not needs_database(["roster", "schema"])
    assert needs_database(["roster", "publish"])


def test_the_schema_of_the_reference_is_that_of_the_program(capsys):
    assert root(["roster", "schema"]) == 0
    page = Path(__file__).parents[3] / "docs/reference/roster.schema.json"
    assert json.loads(page.read_text()) == json.loads(capsys.readouterr().out)

"""``varangian behaviours``: files only, no database."""

import json
from random import Random

import pytest
from tests.unit.engines.behaviours.behaviour_scenes import Play, intrusion, rules_text

from varangian.cli import main, needs_database


def run(capsys, *words):
    with pytest.raises(SystemExit) as end:
        main(["behaviours", *map(str, words)])
    return end.value.code, capsys.readouterr()


def files(tmp_path):
    rules, tracks = tmp_path / "rules.yaml", tmp_path / "tracks.jsonl"
    rules.write_text(rules_text())
    script = intrusion("zone", 1)
    rows = []
    for at, seen in Play(list(script.actors), script.seconds, seed=1).frames():
        rows.append(json.dumps({"at": at}))
        rows += [
            json.dumps({"at": at, "track": one.track, "kind": one.kind, "box": one.box})
            for one in seen
        ]
    tracks.write_text("\n".join([*rows, "no line"]))
    return rules, tracks


def test_no_database_is_needed():
    assert not needs_database(["behaviours", "check", "rules.yaml"])


def test_check_tells_faults_and_notes(tmp_path, capsys):
    rules, _ = files(tmp_path)
    code, said = run(capsys, "check", rules, "--json")
    answer = json.loads(said.out)
    assert code == 0 and answer["rules"] == 9 and answer["faults"] == []
    assert any("miss by" in note for note in answer["notes"])
    rules.write_text(rules_text().replace("rule: running", "rule: runing"))
    code, said = run(capsys, "check", rules, "--size", "1536,864")
    assert code == 1 and "running" in said.out and "8 rules can be used, 1 fault" in said.err
    code, said = run(capsys, "check", rules, "--size", "wide")
    assert code == 1 and "768,432" in said.err


def test_run_gives_an_event_a_line_and_tells_what_it_left_out(tmp_path, capsys):
    rules, tracks = files(tmp_path)
    code, said = run(capsys, "run", rules, "--tracks", tracks, "--json")
    events = [json.loads(line) for line in said.out.splitlines()]
    assert code == 0 and "yard" in {event["detail"]["rule"] for event in events}
    assert "1 line left out" in said.err and "line" in said.err
    code, said = run(capsys, "run", rules, "--tracks", tracks)
    assert code == 0 and "yard" in said.out


def test_a_time_without_a_zone_is_refused(tmp_path, capsys):
    rules, tracks = files(tmp_path)
    code, said = run(capsys, "run", rules, "--tracks", tracks, "--began", "2027-03-01T22:00")
    assert code == 1 and "no zone" in said.err


def test_the_schema(capsys):
    code, said = run(capsys, "schema")
    assert code == 0 and "behaviours/1" in json.loads(said.out)["title"]


class Sees:
    """A detector that finds the bright box of the invented clip."""

    def detect(self, image):
        from varangian.engines.vision.model import Detection

        rows, columns = (image[:, :, 2] > 180).nonzero()
        if not len(rows):
            return []
        box = columns.min(), rows.min(), columns.max(), rows.max()
        return [Detection(tuple(float(side) for side in box), "person", 0.9)]


ANYWHERE = """format: 1
picture: [640, 360]
rules:
  - {id: yard, title: In the yard, rule: zone, area: [[0, 0], [640, 0], [640, 360], [0, 360]]}
  - {id: line, title: Over the line, rule: line, line: [[300, 0], [300, 360]]}
"""


def test_rules_are_tried_on_a_clip_and_leave_stills_or_a_clip(tmp_path, capsys, monkeypatch):
    av = pytest.importorskip("av")
    from tests.clips import clip

    from varangian.engines.vision import catalogue

    monkeypatch.setattr(catalogue, "detector", lambda *_, **__: Sees())
    film = clip(tmp_path / "film.mp4", seconds=5)
    rules, stills, made = tmp_path / "rules.yaml", tmp_path / "stills", tmp_path / "made.mp4"
    rules.write_text(ANYWHERE)
    code, said = run(capsys, "run", rules, film, "--out", stills, "--json")
    told = [json.loads(line)["detail"]["rule"] for line in said.out.splitlines()]
    assert code == 0 and set(told) == {"yard", "line"}
    assert len(list(stills.glob("*.jpg"))) == int(said.err.split(" stills")[0].split()[-1]) >= 1
    code, said = run(capsys, "run", rules, film, "--out", made)
    assert code == 0
    with av.open(str(made)) as opened:
        assert sum(1 for _ in opened.decode(video=0)) == pytest.approx(25, abs=2)
    (tmp_path / "none.mp4").write_bytes(b"no clip")
    for words, fault in (
        ((rules, tmp_path / "none.mp4"), "has failed"),
        ((rules, tmp_path / "gone.mp4"), "no such recording"),
        ((rules,), "One recording"),
    ):
        code, said = run(capsys, "run", *words)
        assert code == 1 and fault in said.err


def test_following_reads_tracks_on_the_ground(tmp_path, capsys):
    draw = Random(3)

    def line(camera, track, at, x, y):
        x, y = x + draw.gauss(0, 0.3), y + draw.gauss(0, 0.3)
        return json.dumps({"camera": camera, "track": track, "at": at, "x": x, "y": y})

    def way(at):
        """East, a stop, then north, a stop, and east again."""
        if at < 40:
            return at * 1.2, 0.0
        if at < 55:
            return 48.0, 0.0
        if at < 95:
            return 48.0, (at - 55) * 1.2
        if at < 110:
            return 48.0, 48.0
        return 48.0 + (at - 110) * 1.2, 48.0

    principal, others = tmp_path / "principal.jsonl", tmp_path / "others.jsonl"
    principal.write_text("\n".join(line("a", "p", at, *way(at)) for at in range(160)))
    rows = [line("a" if at < 60 else "b", "f", at + 15, *way(at)) for at in range(150)]
    others.write_text("\n".join([*rows, "{", json.dumps({"at": 1, "x": "east", "y": 0})]))
    code, said = run(capsys, "following", principal, others, "--json")
    (found,) = json.loads(said.out)
    assert code == 0 and found["lag_s"] == pytest.approx(15, abs=2) and found["cameras"] == 2
    assert "2 left" not in said.err and "left out" in said.err and "1 follower" in said.err
    code, said = run(capsys, "following", principal, others, "--lag", "soon")
    assert code == 1 and "2,60" in said.err


def test_people_of_a_recording_are_counted_by_zone(tmp_path, capsys, monkeypatch):
    pytest.importorskip("av")
    from tests.clips import clip

    from varangian.engines.vision import catalogue

    monkeypatch.setattr(catalogue, "detector", lambda *_, **__: Sees())
    film, rules = clip(tmp_path / "film.mp4", seconds=5), tmp_path / "rules.yaml"
    rules.write_text(ANYWHERE)
    words = ["vision", "counts", str(film), "--rules", str(rules), "--json"]
    assert not needs_database(words) and needs_database(["vision", "counts", "0192-no-file"])
    with pytest.raises(SystemExit) as end:
        main(words)
    rows = {row["zone"]: row for row in json.loads(capsys.readouterr().out)}
    assert end.value.code == 0 and rows["yard"]["entered"] == rows["picture"]["entered"] >= 1
    assert rows["line"]["entered"] + rows["line"]["left"] >= 1
    with pytest.raises(SystemExit) as end:
        main(["vision", "counts", str(film), "--since", "x", "--rules", str(tmp_path / "none")])
    assert end.value.code == 1

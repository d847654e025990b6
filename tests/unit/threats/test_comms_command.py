"""``varangian comms read``, ``writers`` and ``record``: from files, without a database."""

import json

import pytest
from tests import letters as b

from varangian.cli import needs_database
from varangian.config.commands import root
from varangian.kernel.results import Refused
from varangian.threats.commands import communications


@pytest.fixture
def inbox(tmp_path):
    words = "I want to meet you. I have written about the harbour and the bridge so many times."
    path = tmp_path / "in.mbox"
    path.write_bytes(
        b.mbox(
            b.plain(words, subject="one", reply_to="b@x.example"),
            b.plain(words, subject="two\x1b[31m", sender="Anna Berg <b@x.example>"),
            b.plain("Hello.", subject="three", date=""),
        )
    )
    return path


def lines(capsys) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_no_database_is_asked_for():
    assert not needs_database(["comms", "read", "x.mbox"])
    assert not needs_database(["comms", "writers", "x.mbox"])
    assert needs_database(["comms", "show", "an-operation"])


def test_one_line_a_mail_and_a_summary(inbox, capsys):
    assert root(["comms", "read", str(inbox), "--json", "--target", "harbour"]) == 0
    found = lines(capsys)
    assert [one["line"] for one in found] == ["mail", "mail", "mail", "summary"]
    assert found[0]["subject"] == "one" and found[1]["same"]["how"] == "near"
    assert {"asks-to-meet", "target"} <= {one["kind"] for one in found[0]["facts"]}
    assert found[2]["faults"][0]["where"] == "Date"
    assert (
        found[3]["mails"] == 3 and found[3]["with_faults"] == 1 and found[3]["same"] == {"near": 1}
    )


def test_for_people_and_what_a_stranger_wrote_does_not_steer_the_terminal(inbox, capsys):
    assert root(["comms", "read", str(inbox)]) == 0
    out = capsys.readouterr()
    assert "\x1b" not in out.out and "three" in out.out and "The mail has no date" in out.out
    assert "3 mails" in out.err


def test_it_goes_on_from_a_bookmark(inbox, tmp_path, capsys):
    mark = tmp_path / "mark.json"
    words = ["comms", "read", str(inbox), "--json", "--resume", str(mark)]
    assert root(words) == 0
    capsys.readouterr()
    with inbox.open("ab") as out:
        out.write(b.mbox(b.plain("late", subject="four")))
    assert root(words) == 0
    assert [one.get("subject") for one in lines(capsys)] == ["four", None]
    mark.write_text("{}")
    with pytest.raises(Refused, match="bookmark cannot be read"):
        root(words)


def test_a_cancelled_run_keeps_its_place(inbox, tmp_path, capsys, monkeypatch):
    mark = tmp_path / "mark.json"
    words = ["comms", "read", str(inbox), "--json", "--resume", str(mark)]
    plain = communications._tell

    def stop_at_two(message, *rest):
        if message.subject.startswith("two"):
            raise KeyboardInterrupt
        plain(message, *rest)

    monkeypatch.setattr(communications, "_tell", stop_at_two)
    assert root(words) == 1
    found = capsys.readouterr()
    assert json.loads(found.out.splitlines()[-1])["cancelled"] and "go on with" in found.err
    monkeypatch.setattr(communications, "_tell", plain)
    assert root(words) == 0
    assert [one["subject"][:3] for one in lines(capsys)[:-1]] == ["two", "thr"]


def test_candidates_of_writers(inbox, capsys):
    assert root(["comms", "writers", str(inbox), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["candidates"]
    assert {one["reason"] for one in found} == {"reply address", "name", "near-same text"}
    assert root(["comms", "writers", str(inbox)]) == 0
    assert "answers go to 'b@x.example'" in capsys.readouterr().out


def test_the_record_of_a_writer(inbox, capsys):
    who = ["--address", "anna.berg@post.example", "--address", "B@x.example"]
    assert root(["comms", "record", str(inbox), *who, "--json"]) == 0
    found = {one["id"]: one for one in json.loads(capsys.readouterr().out)["signals"]}
    assert found["addresses"]["state"] == "present" and len(found["asks-to-meet"]["evidence"]) == 2
    assert root(["comms", "record", str(inbox), *who]) == 0
    assert "Dietz and others 1991" in " ".join(capsys.readouterr().out.split())
    with pytest.raises(Refused, match="No mail is from"):
        root(["comms", "record", str(inbox), "--address", "x@y.example"])

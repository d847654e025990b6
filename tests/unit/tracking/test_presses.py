"""The same press, delivered twice, keeps its name; another one never gets it."""

from varangian.tracking.gateway.presses import MOST, Presses, mark_of

TOPIC = "shellies/b1/input_event/0"


def test_a_press_keeps_its_name_over_a_restart_only_when_the_broker_says_again(tmp_path):
    mark = mark_of(TOPIC, b'{"event": "L", "event_cnt": 7}')
    assert Presses(tmp_path).name(mark, "7:1", again=False) == "7:1"
    assert Presses(tmp_path).name(mark, "7:2", again=True) == "7:1"
    assert Presses(tmp_path).name(mark, "7:3", again=False) == "7:3"
    assert Presses(tmp_path).name(mark, "7:4", again=True) == "7:3"


def test_what_was_never_heard_gets_a_name_of_its_own(tmp_path):
    assert mark_of(TOPIC, b"x") != mark_of(TOPIC + "x", b"")
    assert Presses(tmp_path).name("other", "8:1", again=True) == "8:1"


def test_few_are_kept_and_a_broken_file_or_a_full_disk_holds_nothing_up(tmp_path):
    known = Presses(tmp_path)
    for number in range(MOST + 5):
        known.name(str(number), f"n{number}", again=False)
    assert len(Presses(tmp_path).names) == MOST
    (tmp_path / "presses.json").write_text("{broken")
    assert Presses(tmp_path).names == {}
    assert Presses(tmp_path / "gone").name("a", "a1", again=False) == "a1"

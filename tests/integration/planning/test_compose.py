"""From records to numbered lines."""

from varangian.operations import services as operations
from varangian.planning.compose import compose
from varangian.planning.library import order_structure
from varangian.planning.queries.material import material


def lines_of(team, **wanted):
    lines = compose(material(team.leader, team.operation), **wanted)
    return lines, {line.heading: [x for x in lines if x.heading == line.heading] for line in lines}


def test_every_heading_speaks_in_the_order_of_the_doctrine(team):
    lines, by_heading = lines_of(team)
    assert list(by_heading) == [heading.id for heading in order_structure().headings()]
    numbers = [tuple(int(part) for part in line.number.split(".")) for line in lines]
    assert numbers == sorted(numbers) and len(set(numbers)) == len(numbers)


def test_what_nothing_fills_is_an_explicit_gap(team):
    _, by_heading = lines_of(team)
    crowd = by_heading["crowd"]
    assert [line.gap for line in crowd] == [True]
    assert crowd[0].text == order_structure().heading("crowd").when_empty
    assert not by_heading["task"][0].gap


def test_lines_say_why_they_are_there(team):
    _, by_heading = lines_of(team)
    assert by_heading["programme"][0].reason == ("movement", team.drive.pk)
    assert ("place", team.hotel.pk) in by_heading["programme"][0].ties
    assert by_heading["threat_sources"][0].reason == ("threat", team.source.pk)
    measure = next(x for x in by_heading["tasks"] if x.reason == ("measure", team.measure.pk))
    assert measure.post == team.wheel.pk
    assert set(measure.editions) == {"driver", "detail_leader", "controller"}


def test_times_are_local_and_counted_back_from_the_departure(team):
    operations.change_operation(actor=team.leader, operation=team.operation, threat_level="severe")
    _, by_heading = lines_of(team)
    cells = by_heading["timings"][0].cells
    minutes = {name: _minutes(cells[name]) for name in ("staged", "call_forward", "warning")}
    leaves = _minutes(cells["depart"])
    assert {name: (leaves - at) % 1440 for name, at in minutes.items()} == {
        "staged": 30,
        "call_forward": 20,
        "warning": 2,
    }
    assert "EET" in by_heading["programme"][0].text or "EEST" in by_heading["programme"][0].text


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def test_no_edition_of_a_driver_carries_medical_or_source_detail(team):
    lines, _ = lines_of(team)
    for edition in ("driver", "client"):
        words = "\n".join(line.text for line in lines if edition in line.editions)
        for secret in (
            "penicillin",
            "insulin",
            "green ink",
            "MARIGOLD" if edition == "client" else "O-",
        ):
            assert secret not in words
    client = {line.heading for line in lines if "client" in line.editions}
    assert client == {"programme", "preferences"}


def test_a_proposed_or_dropped_measure_is_not_ordered(team):
    from varangian.planning import services

    services.set_measure_state(actor=team.leader, measure=team.measure, state="dropped")
    lines, _ = lines_of(team)
    assert not [line for line in lines if line.reason == ("measure", team.measure.pk)]


def test_a_warning_order_is_short(team):
    warning, headings = lines_of(team, kind="warning_order")
    whole, _ = lines_of(team)
    assert {"programme", "task", "timings", "chain"} <= set(headings)
    assert "actions_on" not in headings and len(warning) < len(whole) / 2


def test_code_words_reach_the_cards(team):
    _, by_heading = lines_of(team)
    assert any(
        line.text.startswith("Medical emergency. Code word WILLOW")
        for line in by_heading["actions_on"]
    )
    assert any(line.text.startswith("THUNDER:") for line in by_heading["code_words"])

"""Ways and houses: compared from the records, told, decided by a leader, kept as they were."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from tests import factories

from varangian.kernel.clock import frozen, now
from varangian.kernel.results import Conflict, Denied, NotFound, Refused
from varangian.log.models import LogEntry
from varangian.operations.services import add_movement, change_movement, set_operation_state
from varangian.places.services import answer_fact
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.travel import services
from varangian.travel.models import FlightNews, FlightSource, ModeComparison, StayChoice
from varangian.travel.queries import modes, stays
from varangian.travel.services import flight_fetch
from varangian.travel.shapes.modes import comparison_shape
from varangian.travel.shapes.stays import choice_shape

pytestmark = pytest.mark.django_db
AT = datetime(2026, 12, 2, 9, 0, tzinfo=UTC)
HELSINKI, LONDON = [60.17, 24.94], [51.51, -0.13]


@pytest.fixture(autouse=True)
def that_day():
    with frozen(AT - timedelta(hours=20)):
        yield


@pytest.fixture
def leader():
    return factories.person("Lea Leader")


@pytest.fixture
def operation(leader):
    return factories.operation(leader)


@pytest.fixture
def officer(operation):
    return factories.member(operation, Role.OFFICER)


@pytest.fixture
def flight(operation, leader):
    ends = [
        factories.place(operation, leader, name=name, position=at, kind="airport")
        for name, at in (("Helsinki airport", [60.317, 24.963]), ("Heathrow", [51.47, -0.461]))
    ]
    return add_movement(
        actor=leader, operation=operation, kind="flight", title="To London", origin=ends[0],
        destination=ends[1], starts=AT, ends=AT + timedelta(hours=3),
        details={"flight_number": "AY 1331", "party": ["A", "B"]},
    )  # fmt: skip


def town(operation, leader, name, at, kind="hotel"):
    return factories.place(operation, leader, name=name, position=at, kind=kind)


@pytest.fixture
def comparison(operation, leader, flight):
    town(operation, leader, "North trauma", [60.19, 24.91], "trauma_centre")
    town(operation, leader, "South trauma", [51.50, -0.12], "trauma_centre")
    return services.begin_comparison(
        actor=leader, operation=operation, origin=town(operation, leader, "Quay", HELSINKI),
        destination=town(operation, leader, "Strand", LONDON), starts=AT, party=3,
    )  # fmt: skip


def column(leader, row, mode):
    return next(one for one in modes.table(leader, row) if one.mode.id == mode)


def said(operation, words):
    rows = LogEntry.objects.filter(operation=operation)
    return any(words in row.body["event"] for row in rows)


def test_the_records_speak_in_the_table(comparison, leader):
    one = column(leader, comparison, "flight")
    assert one.standing == "possible" and "leg 1, To London" in one.why[0]
    time = one.cells["time"]
    assert time.basis == "record" and any("Helsinki airport" in words for words in time.reasons)
    assert 80 + 180 < time.low < time.high
    trauma = one.cells["trauma"]
    assert trauma.basis == "reckoned" and any("North trauma" in words for words in trauma.reasons)
    assert one.cells["light"].reasons[0].startswith("Sun from")
    assert "airports within 60 km" in column(leader, comparison, "private").cells["diversion"].words
    rail = column(leader, comparison, "rail")
    assert rail.standing == "doubtful" and rail.cells["time"].unknown
    assert column(leader, comparison, "car").standing == "no"


def test_a_leg_begins_a_comparison_and_its_change_is_told(flight, leader, operation):
    made = services.begin_comparison(actor=leader, operation=operation, movement=flight)
    assert (made.party, made.starts, made.origin.name) == (2, AT, "Helsinki airport")
    assert not modes.moved_on(made)
    change_movement(actor=leader, movement=flight, title="To London, later")
    assert modes.moved_on(modes.comparison(leader, made.pk))


def test_a_word_of_a_person_is_kept_with_the_name(comparison, leader):
    who = {"actor": leader, "comparison": comparison}
    services.tell_line(**who, mode="rail", line="time", text="", low=1500, high=1800)
    services.tell_line(**who, mode="car", line="possible", text="yes, by ferry, two drivers")
    row = modes.comparison(leader, comparison.pk)
    cell = column(leader, row, "rail").cells["time"]
    assert cell.basis == "told" and cell.low == 1500 and "Lea Leader" in cell.reasons[0]
    assert column(leader, row, "car").standing == "possible"
    services.tell_line(**who, mode="rail", line="time")
    row = modes.comparison(leader, comparison.pk)
    assert column(leader, row, "rail").cells["time"].unknown
    for wrong, words in (
        ({"mode": "sledge", "line": "time"}, "no way of travelling"),
        ({"mode": "rail", "line": "charm"}, "no line of the comparison"),
        ({"mode": "rail", "line": "crowd", "low": 3}, "words, not minutes"),
        ({"mode": "rail", "line": "time", "low": 30, "high": 20}, "least to the most"),
        ({"mode": "rail", "line": "possible", "text": "perhaps"}, "yes or no"),
    ):
        with pytest.raises(Refused, match=words):
            services.tell_line(**who, **wrong)


def test_a_leader_decides_and_the_table_stays_as_it_was(comparison, leader, operation, officer):
    who = {"comparison": comparison, "mode": "private", "reason": "Least public minutes"}
    with pytest.raises(Denied):
        services.choose_mode(actor=officer, **who)
    with pytest.raises(Refused, match="named person"):
        services.choose_mode(actor=SYSTEM, **who)
    with pytest.raises(Refused, match="Car cannot be taken"):
        services.choose_mode(actor=leader, **{**who, "mode": "car"})
    services.choose_mode(actor=leader, **who)
    row = modes.comparison(leader, comparison.pk)
    assert (row.state, row.chosen, row.decided_by) == ("decided", "private", leader)
    assert said(operation, "Private flight by FBO chosen")
    before = comparison_shape(row, modes.table(leader, row))
    town(operation, leader, "New jet centre", [60.2, 24.9], "fbo")
    after = comparison_shape(row, modes.table(leader, row))
    assert after["ways"] == before["ways"] and after["reason"] == "Least public minutes"
    assert "score" not in json.dumps(after, default=str) and "total" not in after
    with pytest.raises(Conflict, match="decided"):
        services.tell_line(actor=leader, comparison=row, mode="rail", line="time", text="x")


def test_bad_journeys_are_refused_in_words(operation, leader):
    here = town(operation, leader, "Quay", HELSINKI)
    there = town(operation, leader, "Bank", LONDON)
    for given, words in (
        ({"origin": here}, "no destination"),
        ({"origin": here, "destination": here}, "ends where it begins"),
        (
            {"origin": here, "destination": there, "party": 0},
            "party",
        ),
    ):
        with pytest.raises(Refused, match=words):
            services.begin_comparison(actor=leader, operation=operation, **given)
    assert not ModeComparison.objects.exists()


def test_strangers_see_no_choice(comparison, leader, operation):
    stranger = factories.person()
    with pytest.raises(NotFound):
        modes.comparison(stranger, comparison.pk)
    driver = factories.member(operation, Role.DRIVER)
    assert not modes.comparisons(driver).exists()
    choice = services.begin_choice(actor=leader, operation=operation, kind="hotel", title="Two")
    with pytest.raises(NotFound):
        stays.choice(stranger, choice.pk)


# Flights


def answers(**given):
    row = {"ident_iata": "AY1331", "scheduled_out": "2026-12-02T09:00:00Z", **given}
    return json.dumps({"flights": [row]}).encode()


LATE = {"estimated_out": "2026-12-02T10:30:00Z", "estimated_in": "2026-12-02T13:25:00Z"}


def heard(leader, operation, **given):
    return services.read_status(actor=leader, operation=operation, data=answers(**given))


def test_a_delay_proposes_and_changes_nothing_by_itself(flight, leader, operation):
    found = heard(leader, operation, **LATE, status="Delayed")
    news = found["proposed"][0]
    flight.refresh_from_db()
    assert flight.starts == AT and flight.version == 1 and news.state == "open"
    assert heard(leader, operation, **LATE, status="Delayed")["proposed"] == []
    services.take_news(actor=leader, news=news)
    flight.refresh_from_db()
    assert flight.starts == AT + timedelta(minutes=90) and flight.ends.minute == 25
    with pytest.raises(Conflict, match="taken"):
        services.dismiss_news(actor=leader, news=news)
    assert heard(leader, operation, **LATE)["proposed"] == []


def test_newer_news_overtakes_what_waits_and_a_cancelled_flight_is_for_people(
    flight, leader, operation, officer
):
    first = heard(leader, operation, **LATE)["proposed"][0]
    second = heard(leader, operation, cancelled=True)["proposed"][0]
    first.refresh_from_db()
    assert first.state == "overtaken" and second.said["what"] == "cancelled"
    with pytest.raises(Refused, match="is cancelled"):
        services.take_news(actor=leader, news=second)
    with pytest.raises(Denied):
        services.dismiss_news(actor=officer, news=second)
    services.dismiss_news(actor=leader, news=second)
    flight.refresh_from_db()
    assert flight.state == "planned" and flight.starts == AT
    assert heard(leader, operation, estimated_out="2026-12-02T09:02:00Z")["proposed"] == []


def test_sources_are_off_until_somebody_says_for_what(leader, officer, operation):
    assert flight_fetch.due() == [] and not FlightSource.objects.exists()
    with pytest.raises(Refused, match="for what purpose"):
        services.switch_flights(actor=leader, source="aeroapi", on=True)
    with pytest.raises(Denied):
        services.switch_flights(actor=officer, source="aeroapi", on=True, purpose="To know delays")
    with pytest.raises(Refused, match="no such source"):
        services.switch_flights(actor=leader, source="crystal", on=True, purpose="To know delays")


def test_a_source_that_is_on_is_asked_about_flights_ahead_alone(
    flight, leader, operation, monkeypatch
):
    services.switch_flights(actor=leader, source="aeroapi", on=True, purpose="Delays of this week")
    assert flight_fetch.due() == [("aeroapi", {})]
    set_operation_state(actor=leader, operation=operation, state="planned")
    assert flight_fetch.due() == [("aeroapi", {flight.pk: "AY1331"})]
    monkeypatch.delenv("VARANGIAN_AEROAPI_KEY", raising=False)
    nothing = flight_fetch.ask_source("aeroapi", {flight.pk: "AY1331"})
    assert nothing.files == {} and "VARANGIAN_AEROAPI_KEY" in nothing.fault
    assert flight_fetch.keep_answer(source="aeroapi", answered=nothing) == "failed"
    row = FlightSource.objects.get(name="aeroapi")
    assert row.failures == 1 and row.next_at > now() and flight_fetch.due() == []
    answered = flight_fetch.Answered({flight.pk: answers(**LATE)})
    assert flight_fetch.keep_answer(source="aeroapi", answered=answered) == "good"
    assert FlightNews.objects.get().source == "aeroapi"
    broken = flight_fetch.Answered({flight.pk: b"<html>"})
    assert flight_fetch.keep_answer(source="aeroapi", answered=broken) == "failed"
    services.switch_flights(actor=leader, source="aeroapi", on=False)
    assert flight_fetch.due() == []


# Houses

NO_VETO = (
    "single_exit", "no_second_entrance", "no_controlled_floor", "floor_only_low",
    "floor_too_high", "no_fire_precautions", "unknown_owner", "adversary_inside", "no_stand_off",
)  # fmt: skip


@pytest.fixture
def choice(operation, leader):
    return services.begin_choice(
        actor=leader, operation=operation, kind="hotel", title="Two nights"
    )


def clear(leader, choice, house):
    for item in NO_VETO:
        services.answer_item(actor=leader, choice=choice, house=house, item=item, value="no")


def table(leader, choice):
    return stays.matrix(leader, stays.choice(leader, choice.pk))


def test_a_survey_answers_and_a_person_goes_before_it(choice, leader, operation):
    place = town(operation, leader, "Hotel Quay", HELSINKI)
    for item, value in (("room_floor", 4), ("police_minutes", 6), ("phone_cover", "gaps")):
        answer_fact(actor=leader, place=place, item=item, value=value, seen_at=now())
    services.add_house(actor=leader, choice=choice, place=place)
    known = table(leader, choice).rows[0].candidate
    assert known.value("floor") == "good" and known.value("police") == "6"
    assert known.answers["cover"].origin == "survey" and known.value("floor_too_high") == "no"
    services.answer_item(
        actor=leader, choice=choice, house="Hotel Quay", item="floor", value="poor", note="only 9th"
    )
    typed = table(leader, choice).rows[0].candidate.answers["floor"]
    assert typed.value == "poor" and "Lea Leader" in typed.note
    services.answer_item(actor=leader, choice=choice, house="Hotel Quay", item="floor", value="")
    assert table(leader, choice).rows[0].candidate.value("floor") == "good"
    with frozen(now() + timedelta(days=400)):
        late = table(leader, choice).rows[0].candidate
    assert late.value("police") == "" and late.value("floor") == ""


def test_a_leader_chooses_what_is_not_ruled_out(choice, leader, operation, officer):
    for name in ("Alpha", "Bravo"):
        services.add_house(actor=leader, choice=choice, name=name)
    clear(leader, choice, "Alpha")
    given = {"actor": leader, "choice": choice, "house": "Bravo"}
    services.answer_item(**given, item="single_exit", value="yes")
    rows = table(leader, choice).rows
    assert [(row.candidate.name, row.standing) for row in rows] == [
        ("Alpha", "clear"), ("Bravo", "out")
    ]  # fmt: skip
    with pytest.raises(Refused, match="Bravo is ruled out"):
        services.choose_house(**given, reason="Nearer")
    with pytest.raises(Denied):
        services.choose_house(**{**given, "actor": officer, "house": "Alpha"}, reason="Nearer")
    services.choose_house(**{**given, "house": "Alpha"}, reason="Two ways out of each floor")
    row = stays.choice(leader, choice.pk)
    shape = choice_shape(stays.matrix(leader, row))
    assert shape["chosen"] == "Alpha" and shape["decided_by"] == "Lea Leader"
    assert shape["rows"][0]["standing"] == "clear" and shape["frozen_at"]
    assert said(operation, "Alpha chosen")
    with pytest.raises(Conflict, match="decided"):
        services.add_house(actor=leader, choice=row, name="Charlie")


def test_what_is_not_cleared_stands_beside_the_decision(choice, leader, operation):
    services.add_house(actor=leader, choice=choice, name="Alpha")
    services.choose_house(actor=leader, choice=choice, house="Alpha", reason="The only one")
    assert said(operation, "not cleared: One way out only")


def test_wishes_and_weights(choice, leader):
    who = {"actor": leader, "choice": choice}
    for name in ("Alpha", "Bravo"):
        services.add_house(**who, name=name)
        clear(leader, choice, name)
    services.add_wish(**who, words="A pool", must=True)
    wish = stays.choice(leader, choice.pk).content["wishes"][0]["key"]
    services.answer_item(**who, house="Bravo", item=wish, value="no")
    rows = table(leader, choice).rows
    assert [row.standing for row in rows] == ["open", "out"] and rows[0].open == ["A pool"]
    services.drop_wish(**who, wish=wish)
    assert [row.standing for row in table(leader, choice).rows] == ["clear", "clear"]
    services.weigh(**who, weights={"exits": 9, "arrival": 0})
    assert table(leader, choice).weights["exits"] == 9.0
    services.answer_item(**who, house="Bravo", item="exits", value="three")
    found = table(leader, choice)
    assert found.rows[0].candidate.name == "Bravo" and found.rests[0].rival == "Alpha"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"item": "charm", "value": "yes"}, "no such line"),
        ({"item": "single_exit", "value": "perhaps"}, "none of the answers"),
        ({"item": "exits", "value": "nine"}, "none of the answers"),
        ({"item": "police", "value": "soon"}, "no number"),
        ({"item": "police", "value": "nan"}, "no number"),
        ({"item": "exits", "value": "two", "house": "Nowhere"}, "not among them"),
    ],
)
def test_bad_answers_are_refused_in_words(choice, leader, given, words):
    services.add_house(actor=leader, choice=choice, name="Alpha")
    with pytest.raises(Refused, match=words):
        services.answer_item(**{"actor": leader, "choice": choice, "house": "Alpha"} | given)


def test_bad_houses_and_weights(choice, leader, operation):
    who = {"actor": leader, "choice": choice}
    services.add_house(**who, name="Alpha")
    with pytest.raises(Refused, match="in it already"):
        services.add_house(**who, name="alpha")
    with pytest.raises(Refused, match="no hotel"):
        services.add_house(**who, place=town(operation, leader, "Hall", HELSINKI, "venue"))
    for weights, words in (({"exits": "much"}, "0 to 10"), ({"charm": 1}, "no such item")):
        with pytest.raises(Refused, match=words):
            services.weigh(**who, weights=weights)
    with pytest.raises(Refused, match="no order"):
        services.weigh(**who, weights=dict.fromkeys(table(leader, choice).weights, 0))
    with pytest.raises(Refused, match="hotel or a restaurant"):
        services.begin_choice(actor=leader, operation=operation, kind="tent", title="Camp")
    services.drop_choice(**who, reason="Stays at home")
    assert StayChoice.objects.get().state == "dropped"

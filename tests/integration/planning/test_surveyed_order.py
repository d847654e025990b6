"""What the advance found reaches the order and the readiness light of the places."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from tests import factories

from varangian.kernel.clock import frozen, now
from varangian.places import services as places
from varangian.places.queries.surveys import survey
from varangian.planning import services
from varangian.planning.compose import compose
from varangian.planning.queries.material import material
from varangian.planning.queries.readiness import readiness
from varangian.platform.thread.queries import stale_by_record


def found(team, heading, words=""):
    lines = compose(material(team.leader, team.operation))
    return [line for line in lines if line.heading == heading and words in line.text]


def light(team):
    lights = readiness(team.leader, team.operation)
    return next(row for row in lights if row.artefact.id == "place_surveyed")


def sign(team, *stops):
    for place in stops:
        gaps = {gap.item: "Not allowed" for gap in survey(team.leader, place).gaps()}
        places.sign_survey(actor=team.leader, place=place, gaps=gaps)


def test_an_answer_is_a_line_under_its_heading_with_the_day_it_was_seen(team):
    places.answer_fact(actor=team.officer, place=team.hotel, item="safe_room", value="Room 514")
    seen = now().astimezone(ZoneInfo(team.operation.time_zone)).strftime("%b %Y")
    (line,) = found(team, "havens", "Room 514")
    assert line.text.startswith("Hotel Invented. Safe room: Room 514 (seen ")
    assert seen in line.text and "client" not in line.editions
    fact = survey(team.leader, team.hotel).fact("safe_room").record
    assert line.reason == ("survey_fact", fact)
    assert not found(team, "havens", "Invented Hall. Safe room")


def test_both_sides_of_a_dispute_are_read(team):
    places.answer_fact(actor=team.officer, place=team.hotel, item="stairs", value="Two, north")
    places.answer_fact(actor=team.leader, place=team.hotel, item="stairs", value="Only one")
    (line,) = found(team, "places", "Stairs")
    assert "DISPUTED Two, north" in line.text and "Only one (Lena Leader)" in line.text


def test_an_answer_that_changes_makes_its_own_line_stale(team):
    for item, value in (("stairs", "Two"), ("arrival_point", "South door")):
        places.answer_fact(actor=team.officer, place=team.hotel, item=item, value=value)
    order = services.draft_order(actor=team.leader, operation=team.operation)
    order = services.approve_order(actor=team.leader, order=order)
    order = services.issue_order(actor=team.leader, order=order)
    places.answer_fact(
        actor=team.officer, place=team.hotel, item="stairs", value="One", has_changed=True
    )
    lines = {line.text: line.pk for line in order.lines.all()}
    stale = stale_by_record(team.leader, "order_line", list(lines.values()))
    by_words = {text for text, pk in lines.items() if pk in stale}
    assert any("Stairs: Two" in text for text in by_words)
    assert not any("South door" in text for text in by_words)


def test_the_light_of_the_places_follows_the_surveys(team):
    assert light(team).state == "missing"
    assert set(light(team).missing) == {"Hotel Invented not surveyed", "Invented Hall not surveyed"}
    for place in (team.hotel, team.hall):
        factories.surveyed(place, team.officer, days_ago=1)
    assert "Hotel Invented survey not signed" in light(team).missing
    sign(team, team.hotel, team.hall)
    assert light(team).state == "fresh"
    with frozen(now() + timedelta(days=7)):
        shown = light(team)
    assert shown.state == "due" and "to verify" in shown.why

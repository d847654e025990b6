"""The parts of a crowd plan: what fits, what is filled first, what it still lacks, what leaks."""

import pytest
from tests.unit.engines.crowdflow.plans import feature, hall, text

from varangian.crowds.library import announcements
from varangian.crowds.plan.content import CELLS, Content, Zone, plain, read_content
from varangian.crowds.plan.known import known_of
from varangian.crowds.plan.prefill import prefilled, refreshed
from varangian.crowds.plan.rules import BLANK, FILL, LANGUAGES, filled, gaps
from varangian.crowds.plan.secrets import hidden_items, leaks, secret_words
from varangian.engines.crowdflow.venue import read_venue
from varangian.kernel.results import Refused

RUN = {
    "t95": [100.0, 120.0, 140.0],
    "worst": [
        {"near": "door west", "per_m2": [2.0, 3.0, 4.5], "called": "critical",
         "minute": [1.0, 2.0, 3.0]}
    ],
}  # fmt: skip
WISH = {"people": 600, "runs": 8, "blocked": [], "surge_gate": "", "incident": []}


def venue():
    document = hall(people=600)
    document["features"] += [
        feature("car", "vehicle", "Point", [46, 6], name="Blue van"),
        feature("room", "safe_room", "Point", [38, 23], name="Green room"),
        feature("p1", "post", "Point", [20, 2]),
        feature("p2", "post", "Point", [38, 20], name="Side door"),
        feature("lane", "screening", "Point", [9, -8]),
    ]
    return read_venue(text(document)).venue


@pytest.fixture(scope="module")
def known():
    shut = {**WISH, "blocked": ["west"]}
    return known_of(
        venue(), "version 3", [], plain=(RUN, WISH, "run of today"), trouble=(RUN, shut, "then")
    )


@pytest.fixture(scope="module")
def content(known):
    return prefilled(known, name="Hall")


def test_every_cell_is_filled_with_figures_and_sources(content):
    assert tuple(content.matrix) == CELLS and len(CELLS) == 18
    assert all(cell.text for cell in content.matrix.values())
    told = content.matrix["normal.egress.management"].facts
    assert told[0].words == "95 in 100 are out after 100 to 140 s"
    assert told[0].source == "egress of 600 people, 8 runs, run of today"
    assert "near door west: 2.0 to 4.5 people on a square metre" in told[1].words
    assert "west shut" in content.matrix["emergency.egress.management"].facts[0].words
    entry = content.matrix["normal.ingress.design"].facts
    assert entry[0].source == "venue plan, version 3" and "Green Guide" in entry[-1].source
    assert all(f.source for cell in content.matrix.values() for f in cell.facts)


def test_zones_are_counted_by_what_the_standard_holds(content):
    zone = content.zones[0]
    assert (zone.measure, zone.red, zone.amber) == ("count", zone.holds, round(0.9 * zone.holds))
    assert zone.source and zone.amber_do and zone.red_do


def test_posts_are_those_drawn_and_the_moving_stewards(content):
    first, second, moving = content.posts
    assert (first.key, first.zone, first.ours_alone) == ("p1", "floor", False)
    assert second.ours_alone, "it stands at the safe room"
    assert (moving.people, moving.staffed_by) == (3, "organiser")


def test_figures_anew_leave_what_was_written(content, known):
    content = content.model_copy(deep=True)
    content.matrix["normal.ingress.design"].text = "Two lanes."
    content.zones[0].amber_do = "Ours."
    content.posts = content.posts[:1]
    again = refreshed(content, known)
    assert again.matrix["normal.ingress.design"].text == "Two lanes."
    assert again.matrix["normal.ingress.design"].facts
    assert again.zones[0].amber_do == "Ours." and len(again.posts) == 3


@pytest.mark.parametrize(
    ("given", "where", "said"),
    [
        ({"zones": [{"key": "a", "name": "A", "amber": 5, "red": 5}]}, "zones.0", "amber"),
        ({"zones": [{"key": "a", "name": "A", "amber": 5.5, "red": 9}]}, "zones.0", "whole"),
        ({"zones": [{"key": "a", "name": "A", "measure": "density", "amber": 3, "red": 30}]},
         "zones.0", "square metre"),
        ({"zones": [{"key": "a", "name": "A", "amber": float("nan"), "red": 9}]},
         "zones.0.amber", ""),
        ({"matrix": {"normal.nowhere.design": {}}}, "matrix", "no cell"),
        ({"posts": [{"key": "a", "title": "A"}, {"key": "a", "title": "B"}]}, "posts", "twice"),
        ({"posts": [{"key": "a", "title": " "}]}, "posts.0.title", ""),
        ({"event": {"opens": "2027-06-01T18:00"}}, "event.opens", "offset"),
        ({"event": {"opens": "2027-06-01T18:00Z", "clear": "2027-06-01T17:00Z"}}, "event", "then"),
        ({"messages": {"items": [{"key": "a", "title": "A", "texts": {"xx": "?"}}]}},
         "messages.items.0.texts.xx.[key]", ""),
        ({"nothing": {}}, "nothing", ""),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_with_its_place(given, where, said):
    with pytest.raises(Refused) as told:
        read_content(given)
    assert told.value.where == where and said in told.value.what and told.value.mend


def test_an_empty_plan_says_all_that_it_lacks():
    found = gaps(Content())
    barring = {gap.section for gap in found if gap.bars}
    assert barring == {"show_stop", "zones", "messages", "matrix", "medical"}
    assert [gap.bars for gap in found] == sorted((gap.bars for gap in found), reverse=True)


def test_content_survives_as_json(content):
    assert read_content(plain(content)) == content


def test_what_is_secret_is_found_wherever_it_was_typed(content):
    content = content.model_copy(deep=True)
    drawn = venue()
    assert {"car", "room", "p2"} <= hidden_items(drawn, content)
    words = secret_words(drawn, content, "HERON")
    assert {"Blue van", "Green room", "HERON"} <= set(words)
    assert leaks(content, words) == []
    content.routes.egress = "Past the green room."
    content.posts[0].tasks = "Watch for Heron."
    content.posts[1].tasks = "Green room."
    content.principal.safe_room = "Green room."
    assert leaks(content, words) == [("routes.egress", "Green room"), ("posts 1.tasks", "HERON")]
    assert any(gap.bars and gap.section == "posts" for gap in gaps(content, leaks(content, words)))


def test_a_door_of_the_way_out_can_be_hidden(content):
    content = content.model_copy(deep=True)
    content.principal.hidden = ["east"]
    assert "east" in secret_words(venue(), content)


def test_each_announcement_speaks_all_languages_with_the_same_gaps():
    for message in announcements().messages:
        assert set(message.texts) == set(LANGUAGES), message.id
        gaps_in = {frozenset(FILL.findall(text)) for text in message.texts.values()}
        assert len(gaps_in) == 1, message.id
        assert all(len(text) < 400 for text in message.texts.values())


def test_a_gap_that_nobody_filled_is_seen():
    assert (
        filled("Leave {venue} by {exit}.", {"venue": "the Hall"}) == f"Leave the Hall by {BLANK}."
    )


def test_a_density_zone():
    zone = Zone(key="q", name="Queue", measure="density", amber=3, red=4)
    assert zone.red == 4

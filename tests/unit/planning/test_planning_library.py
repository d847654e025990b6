import itertools
from collections import Counter
from importlib import resources
from typing import get_args

import pytest

from varangian.kernel.library import Responsibility, parse_yaml
from varangian.kernel.results import Refused
from varangian.operations.library import Edition, kinds
from varangian.planning.library import (
    actions_on,
    measures,
    order_structure,
    readiness_policy,
    references,
)
from varangian.planning.library.references import broken_references
from varangian.planning.library.standards import MeasureLibrary
from varangian.planning.library.structure import OrderStructure
from varangian.planning.library.survey_lines import SurveyLines
from varangian.threats.library import LEVELS, grading, levels, risks

FOLDER = resources.files("varangian.planning.library")
MEDICAL = {"medical_card", "medical_alerts"}


def test_enough_measures_in_each_responsibility():
    count = Counter(measure.responsibility for measure in measures().measures)
    assert len(measures().measures) >= 50
    assert set(count) == set(get_args(Responsibility))
    assert min(count.values()) >= 5


def test_nothing_refers_to_what_is_not_there():
    assert broken_references() == []


def test_a_broken_reference_is_reported(tmp_path, monkeypatch):
    text = FOLDER.joinpath("measures.yaml").read_text("utf-8")
    text = text.replace("id: close-cover\n", "id: near-cover\n")
    text = text.replace("role: sd_team", "role: watchers")
    text = text.replace("order_heading: bolo", "order_heading: poster")
    text = text.replace("order_heading: medical_plan", "order_heading: watch")
    text = text.replace("order_paragraph: service_support\n    order_heading: watch",
                        "order_paragraph: execution\n    order_heading: watch")  # fmt: skip
    changed = parse_yaml(text, "measures.yaml", MeasureLibrary)
    monkeypatch.setattr(references, "measures", lambda: changed)
    found = "\n".join(broken_references())
    assert "names measure 'close-cover', unknown" in found
    assert "owned by 'watchers', unknown" in found
    assert "situation/poster, unknown" in found
    assert "'medic-with-detail' stands where its owner 'medic' cannot read it" in found


def test_every_measure_is_used_by_a_risk():
    used = {measure for risk in risks().risks for measure in risk.measures}
    assert {measure.id for measure in measures().measures} - used == set()


def test_a_measure_that_lowers_nothing_is_refused():
    text = FOLDER.joinpath("measures.yaml").read_text("utf-8")
    text = text.replace("lowers: {likelihood: 1}", "lowers: {likelihood: 0}", 1)
    with pytest.raises(Refused, match="lowers likelihood or impact"):
        parse_yaml(text, "measures.yaml", MeasureLibrary)


def test_what_costs_the_principal_comfort_gives_notice():
    for measure in measures().measures:
        if measure.effort.discomfort == 3:
            assert measure.effort.lead_time_hours >= 24, measure.id


def test_six_paragraphs_in_order():
    assert [paragraph.title for paragraph in order_structure().paragraphs] == [
        "Ground",
        "Situation",
        "Mission",
        "Execution",
        "Service support",
        "Command and signal",
    ]


def test_every_edition_has_rules_and_a_known_marking():
    rules = order_structure().editions
    assert {rule.id for rule in rules} == set(get_args(Edition))
    assert {rule.tlp for rule in rules} <= {mark.id for mark in grading().tlp}


def test_driver_sees_neither_medical_detail_nor_sources():
    carried = order_structure().readable("driver")
    assert not carried & (MEDICAL | {"threat_sources", "enemy_forces"})
    assert {"routes", "timings", "vehicles", "medical_plan", "actions_on"} <= carried


def test_medic_sees_medical():
    assert order_structure().readable("medic") >= MEDICAL | {"medical_plan"}


def test_medical_card_goes_to_two_editions_only():
    assert set(order_structure().heading("medical_card").editions) == {"detail_leader", "medic"}


def test_client_sees_programme_and_own_preferences_only():
    assert order_structure().readable("client") == {"programme", "preferences"}


def test_sources_go_to_detail_leader_and_analyst_only():
    assert set(order_structure().heading("threat_sources").editions) == {
        "detail_leader",
        "analyst",
    }


def test_detail_leader_reads_everything():
    every = {heading.id for heading in order_structure().headings()}
    assert order_structure().readable("detail_leader") == every


def test_heading_twice_in_two_paragraphs_is_refused():
    text = FOLDER.joinpath("order.yaml").read_text("utf-8")
    with pytest.raises(Refused, match="used twice"):
        parse_yaml(text.replace("- id: routes", "- id: havens"), "order.yaml", OrderStructure)


def test_unknown_edition_is_refused_with_its_line():
    text = FOLDER.joinpath("order.yaml").read_text("utf-8")
    wrong = text.replace("editions: [detail_leader, medic]", "editions: [detail_leader, nurse]")
    line = wrong[: wrong.index("nurse")].count("\n") + 1
    with pytest.raises(Refused) as caught:
        parse_yaml(wrong, "order.yaml", OrderStructure)
    assert caught.value.where == f"order.yaml, line {line}"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "editions: [detail_leader, medic]",
            "editions: [detail_leader, medic, driver]",
            "'medical_card' must not go to: driver",
        ),
        (
            "editions: [detail_leader, analyst]",
            "editions: [client, analyst]",
            "'threat_sources' must not go to: client",
        ),
        ("- id: mission\n", "- id: ground\n", "twice"),
    ],
)
def test_walls_a_customer_file_cannot_take_down(old, new, says):
    text = FOLDER.joinpath("order.yaml").read_text("utf-8")
    assert old in text
    with pytest.raises(Refused, match=says):
        parse_yaml(text.replace(old, new, 1), "order.yaml", OrderStructure)


def test_a_missing_paragraph_is_refused():
    text = FOLDER.joinpath("order.yaml").read_text("utf-8")
    start, end = text.index("  - id: mission"), text.index("  - id: execution")
    with pytest.raises(Refused, match="in this order"):
        parse_yaml(text[:start] + text[end:], "order.yaml", OrderStructure)


def test_paragraph_of_heading():
    assert order_structure().paragraph_of("routes").id == "execution"


def test_readiness_covers_the_minimum():
    assert {artefact.id for artefact in readiness_policy().artefacts} >= {
        "itinerary_accepted",
        "movements_located",
        "threat_assessment",
        "residual_risk_accepted",
        "operation_order_issued",
        "posts_filled",
        "posts_acknowledged",
        "medical_card",
        "trauma_centre",
        "comms_plan",
        "primary_route",
        "alternate_route",
        "emergency_contacts",
    }


@pytest.mark.parametrize("kind", [kind.id for kind in kinds().kinds])
def test_a_higher_level_never_asks_for_less_nor_lets_it_get_older(kind):
    policy = readiness_policy()
    for lower, higher in itertools.pairwise(LEVELS):
        before, after = policy.required(kind, lower), policy.required(kind, higher)
        assert {a.id for a in before} <= {a.id for a in after}
        for artefact in before:
            old, new = artefact.fresh_for(lower), artefact.fresh_for(higher)
            assert old is None or (new is not None and new <= old), artefact.id


def test_level_without_a_figure_uses_the_nearest_lower_one():
    card = readiness_policy().get("medical_card")
    assert card.fresh_for("moderate") == card.fresh_for("low") == 4320
    assert card.fresh_for("critical") == card.fresh_for("substantial") == 2160
    assert readiness_policy().get("posts_filled").fresh_for("critical") is None


def test_every_required_artefact_that_ages_has_a_figure_from_its_first_level():
    for artefact in readiness_policy().artefacts:
        if artefact.fresh_for_hours:
            assert artefact.fresh_for(artefact.required_from), artefact.id


def test_unset_level_asks_for_what_the_plan_level_asks():
    policy = readiness_policy()
    assert policy.required("visit", None) == policy.required("visit", levels().plan_as_when_unset)


def test_kinds_differ():
    residence = {artefact.id for artefact in readiness_policy().required("residence", "low")}
    assert "itinerary_accepted" not in residence
    event = {artefact.id for artefact in readiness_policy().required("public_event", "low")}
    assert "crowd_plan" in event - residence


def test_seventeen_cards_each_with_what_a_hand_needs():
    cards = actions_on().cards
    assert len(cards) == 17
    for card in cards:
        roles = [drill.role for drill in card.drill]
        assert len(roles) == len(set(roles)), card.id
        assert "team_leader" in roles, card.id
        assert len(card.drill) >= 4 or card.id in {"media_ambush", "separated_vehicle"}, card.id


def test_every_code_word_slot_is_used():
    used = {card.code_word for card in actions_on().cards}
    assert used == {word.id for word in actions_on().code_words}


def test_every_setting_of_an_operation_has_cards():
    for kind in kinds().kinds:
        assert len(actions_on().arising_in(kind.settings)) >= 5, kind.id


def test_the_order_reads_only_answers_that_a_survey_has(monkeypatch):
    text = FOLDER.joinpath("survey_lines.yaml").read_text("utf-8")
    text = text.replace("hotel: [safe_room]", "hotel: [panic_room]")
    text = text.replace("heading: havens", "heading: shelters")
    changed = parse_yaml(text, "survey_lines.yaml", SurveyLines)
    monkeypatch.setattr(references, "survey_lines", lambda: changed)
    assert set(broken_references()) == {
        "survey_lines.yaml: heading 'shelters', unknown to order.yaml",
        "survey_lines.yaml: no question 'panic_room' in 'hotel'",
    }


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("hotel: [safe_room]", "hotel: [safe_room, main_entrance]", "'hotel' stands twice"),
        ("heading: havens", "heading: places", "headings stand twice: places"),
    ],
)
def test_an_answer_stands_once_in_the_order(old, new, words):
    text = FOLDER.joinpath("survey_lines.yaml").read_text("utf-8").replace(old, new)
    with pytest.raises(Refused, match=words):
        parse_yaml(text, "survey_lines.yaml", SurveyLines)

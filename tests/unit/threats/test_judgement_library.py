"""The catalogue of indicators: our words, published sources, no weight and nothing proprietary."""

import re

import pytest

from varangian.kernel.library import parse_yaml
from varangian.kernel.results import NotFound, Refused
from varangian.threats.library import indicators as module
from varangian.threats.library.indicators import GROUPS, JudgementLibrary, indicators

WARNING = {
    "wb_pathway", "wb_fixation", "wb_identification", "wb_novel_aggression", "wb_energy_burst",
    "wb_leakage", "wb_last_resort", "wb_direct_threat",
}  # fmt: skip
PATHWAY = ["grievance", "ideation", "research_planning", "preparation", "breach", "attack"]
NOT_OURS = ("TRAP-18", "WAVR", "HCR-20", "CTAP", "SAM", "SARA", "RAGE-V")


def shipped() -> str:
    from importlib import resources

    return resources.files(module.__package__).joinpath("indicators.yaml").read_text("utf-8")


def test_the_published_models_are_there_whole_and_in_order():
    library = indicators()
    assert [one.id for one in library.of("pathway")] == PATHWAY
    assert {one.id for one in library.of("warning")} == WARNING
    assert len(library.of("questions")) == 10
    assert all(library.of(group) for group in GROUPS)
    assert [one.id for one in library.strategies] == [
        "watch", "monitor", "information", "interview", "administrative", "civil_order", "health",
        "police",
    ]  # fmt: skip
    assert all(one.fits and one.backfires for one in library.strategies)


def test_every_indicator_names_what_it_rests_on():
    library = indicators()
    for one in library.indicators:
        for name in one.sources:
            source = library.source(name)
            assert source.author and source.reference and 1990 < source.year <= 2026
    assert library.source("meloy_2012").reference == "doi:10.1002/bsl.999"
    assert library.source("fein_vossekuil_1998").reference == "NCJ 170612"


def test_nothing_has_a_weight_and_no_licensed_instrument_is_rebuilt():
    words = shipped()
    assert not any(name in words for name in NOT_OURS)
    assert not re.search(r"\b(weight|score|points|percent|probability|rank):", words)
    fields = set(module.Indicator.model_fields) | set(module.Concern.model_fields)
    assert not fields & {"weight", "score", "value", "points", "rank", "order"}


def test_unknown_words_are_refused_with_what_there_is():
    for ask in (indicators().indicator, indicators().level, indicators().strategy):
        with pytest.raises(NotFound):
            ask("nothing-like-it")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("sources: [meloy_2012]", "sources: [nobody]"),
        ("  - id: stressors\n", "  - id: sums\n"),
        ("group: stabilisers", "group: stressors"),
        ("review_days: 90", "review_days: 0"),
        ("  - id: breach\n", "  - id: grievance\n"),
        ("format: 1\n", "format: 1\nweights: 3\n"),
    ],
)
def test_a_catalogue_that_does_not_hold_together_is_refused(old, new):
    with pytest.raises(Refused):
        parse_yaml(shipped().replace(old, new), "indicators.yaml", JudgementLibrary)

"""The shipped words: British spelling, plain, no name of a real thing."""

import re
from importlib import resources

import pytest

FILES = [
    (package, name)
    for package, names in {
        "threats": ["risks", "matrix", "grading", "levels"],
        "planning": ["measures", "order", "readiness", "actions_on"],
        "operations": ["posts", "kinds"],
    }.items()
    for name in names
]
AMERICAN = re.compile(
    r"\b(?:\w*color\w*|armor\w*|behavior\w*|centers?|gray|neighbor\w*|defense|offense|program|"
    r"organiz\w*|recogniz\w*|authoriz\w*|prioritiz\w*|license|analyz\w*|traveler\w*|canceled|"
    r"labor|harbor|sidewalk|trunk|tires?|windshield|elevator|cell phone)\b",
    re.IGNORECASE,
)
JARGON = re.compile(
    r"\b(?:leverag\w*|robust\w*|seamless\w*|holistic\w*|synerg\w*|stakeholder\w*|utili[sz]\w*|"
    r"proactive\w*|actionable|best practice\w*|crowd control)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize(("package", "name"), FILES)
def test_words(package, name):
    folder = resources.files(f"varangian.{package}.library")
    text = folder.joinpath(f"{name}.yaml").read_text("utf-8")
    assert AMERICAN.findall(text) == []
    assert JARGON.findall(text) == []
    assert not re.search(r"https?://|©|™|®", text)

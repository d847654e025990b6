"""The worked operation at the command line, in a house that has nothing yet."""

import json

import pytest

from varangian.config.commands import root
from varangian.demo import play
from varangian.kernel.results import Refused

pytestmark = pytest.mark.django_db


def test_playing_needs_the_story():
    with pytest.raises(Refused, match="not loaded"):
        play.run(speed=1, say=print)


def test_command_line(capsys):
    assert root(["demo", "load", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["state"] == "active"
    assert root(["demo", "play", "--speed", "1000000000"]) == 0
    assert "The day is over" in capsys.readouterr().err
    assert root(["demo", "play", "--speed", "0"]) == 2

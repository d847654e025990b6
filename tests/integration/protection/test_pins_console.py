"""The two PINs at the console: never words of the command."""

import io
import json

import pytest
from tests import factories

from varangian.config.commands import root
from varangian.kernel.results import Denied, Refused
from varangian.platform.access.models import User
from varangian.platform.ui import console
from varangian.protection.models import PinPair
from varangian.protection.services.pins import Verdict, verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    made = factories.person("Otto Officer")
    yield made
    console.act_for("")


def run(officer: User | None, monkeypatch, capsys, said: str, *more: str):
    who = ["--as", officer.email] if officer else []
    monkeypatch.setattr("sys.stdin", io.StringIO(said))
    assert root([*who, "duress", "pins", "--json", *more]) == 0
    return json.loads(capsys.readouterr().out)


def test_two_lines_set_both(officer, monkeypatch, capsys):
    assert run(officer, monkeypatch, capsys, "", "--show") == {"set": False}
    assert run(officer, monkeypatch, capsys, "471100\n471101\n") == {"set": True}
    assert run(officer, monkeypatch, capsys, "", "--show") == {"set": True}
    assert verdict(person=officer, pin="471100") == Verdict.OWN
    assert verdict(person=officer, pin="471101") == Verdict.FORCED


@pytest.mark.parametrize("said", ["", "471100\n", "1\n2\n3\n", "471100\n471100\n", "abcd\n1234\n"])
def test_what_is_no_pair_changes_nothing(officer, monkeypatch, capsys, said):
    with pytest.raises(Refused):
        run(officer, monkeypatch, capsys, said)
    assert not PinPair.objects.exists()


def test_the_house_has_none(monkeypatch, capsys):
    with pytest.raises(Denied):
        run(None, monkeypatch, capsys, "471100\n471101\n")
    assert not PinPair.objects.exists()

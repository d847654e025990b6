"""Principals at the console."""

import json

import pytest
from tests import factories

from varangian.config.commands import root
from varangian.kernel.results import Denied, Refused
from varangian.platform.access.roles import Role
from varangian.platform.ui import console

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_named():
    yield
    console.act_for("")


@pytest.fixture
def contract():
    return factories.engagement(slug="north")


@pytest.fixture
def profile(tmp_path):
    path = tmp_path / "profile.json"
    path.write_text(json.dumps({"name": "Astrid Lindqvist", "family": "Two children"}))
    return path


def run(capsys, *words: str):
    code = root(list(words))
    out = capsys.readouterr().out
    assert code == 0, out
    return json.loads(out)


def test_create_list_and_show_masked(capsys, contract, profile):
    words = ("HERON", "--engagement", "north", "--file", str(profile), "--json")
    assert run(capsys, "principal", "create", *words)["slug"] == "heron"
    rows = run(capsys, "principal", "list", "--json")
    assert [(row["slug"], row["state"], row["code_name"]) for row in rows] == [
        ("heron", "draft", "HERON")
    ]
    seen = run(capsys, "principal", "show", "heron", "--json")
    assert (seen["name"], seen["family"]) == ("Astrid Lindqvist", "masked")


def test_unmask_at_the_console_with_a_reason(capsys, contract, profile):
    run(
        capsys, "principal", "create", "HERON", "--engagement", "north", "--file", str(profile),
        "--json",
    )  # fmt: skip
    why = ("--unmask", "family", "--reason", "school run tomorrow")
    assert run(capsys, "principal", "show", "heron", *why, "--json")["family"] == "Two children"
    with pytest.raises(Refused, match="8 characters"):
        root(["principal", "show", "heron", "--unmask", "family"])


def test_masks_follow_the_person_named(capsys, contract, profile):
    run(
        capsys, "principal", "create", "HERON", "--engagement", "north", "--file", str(profile),
        "--json",
    )  # fmt: skip
    driver = factories.member(contract, Role.DRIVER)
    seen = run(capsys, "--as", driver.email, "principal", "show", "heron", "--json")
    assert (seen["name"], seen["family"]) == ("masked", "masked")
    with pytest.raises(Denied):
        root(
            ["--as", driver.email, "principal", "show", "heron", "--unmask", "family",
             "--reason", "school run tomorrow"]
        )  # fmt: skip


def test_medical_and_contacts(capsys, contract, tmp_path):
    run(capsys, "principal", "create", "HERON", "--engagement", "north", "--json")
    card = tmp_path / "card.json"
    card.write_text(json.dumps({"blood_group": "O-"}))
    kept = run(capsys, "principal", "medical", "heron", "--file", str(card), "--json")
    assert kept["medical"] == "masked"
    why = ("--reason", "allergy before dinner")
    read = run(capsys, "principal", "medical", "heron", *why, "--json")
    assert read == {"medical": {"blood_group": "O-"}}
    given = ("--role", "doctor", "--name", "Dr Invented", "--phone", "+358 1", "--json")
    rows = run(capsys, "principal", "contact", "heron", *given)
    assert [row["name"] for row in rows] == ["Dr Invented"]


def test_erase_needs_a_person(capsys, contract):
    run(capsys, "principal", "create", "HERON", "--engagement", "north", "--json")
    erase = ("principal", "erase", "heron", "--reason", "asked in writing", "--yes", "--json")
    with pytest.raises(Refused, match="named person"):
        root(list(erase))
    leader = factories.member(contract, Role.DETAIL_LEADER)
    assert run(capsys, "--as", leader.email, *erase)["state"] == "erased"


def test_a_broken_file_is_refused(contract, tmp_path):
    path = tmp_path / "broken.json"
    path.write_text('{"name": 7}')
    with pytest.raises(Refused, match="JSON object of texts"):
        root(["principal", "create", "HERON", "--engagement", "north", "--file", str(path)])

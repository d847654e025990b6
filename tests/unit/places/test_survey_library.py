"""The shipped survey forms: whole, in our own manner, and right for their kinds of place."""

import re
from importlib import resources

import pytest

from varangian.kernel.library import parse_yaml
from varangian.kernel.results import Refused
from varangian.places import library
from varangian.places.library import SurveyForm, form_for, forms, shelf_life
from varangian.places.models import Place

ALL = sorted(forms())
WANTED = {
    "airport": {"drop", "staging", "officer_airside", "door_to_gate"},
    "fbo": {"gate", "ramp_access", "aircraft_guard"},
    "hospital": {"trauma_level", "surgery", "heart", "burns", "children", "helipad", "vip"},
    "hotel": {"main_entrance", "alternate_entrance", "stash_car", "lifts", "safe_room"},
    "residence": {"boundary", "overlook", "glazing", "keys", "post", "recommendations"},
    "restaurant": {"table", "allergies", "alternate_entrance"},
    "route": {"primary", "alternate", "emergency", "choke_points", "havens", "dead_spots"},
    "site": {"main_entrance", "safe_room", "police_minutes"},
    "venue": {"holding_room", "press", "armed_policy", "fire_exits", "search_before", "seating"},
}


def test_every_kind_of_place_has_one_form_and_a_city_none():
    for kind in Place.Kind.values:
        takers = [form.id for form in forms().values() if kind in form.place_kinds]
        assert len(takers) == (0 if kind == "city" else 1), kind
    assert form_for("city") is None
    known = set(Place.Kind.values)
    assert all(set(form.place_kinds) <= known for form in forms().values())


@pytest.mark.parametrize("name", ALL)
def test_a_form_asks_what_the_trade_asks(name):
    form = forms()[name]
    assert WANTED[name] <= {fact.id for fact in form.facts()}
    assert any(fact.required for fact in form.facts()) and any(p.required for p in form.photos())
    assert any(fact.life == "passing" for fact in form.facts()), "something is only of this week"
    assert resources.files(library.__name__).joinpath("surveys", f"{form.id}.yaml").is_file()


@pytest.mark.parametrize("name", ALL)
def test_words_are_short_and_plain(name):
    form = forms()[name]
    for rule in (*form.facts(), *form.photos()):
        assert len(rule.title) <= 45 and not rule.ask.endswith("."), rule.id
        assert not re.search(r"!|\b(?:center|color|organiz|license)", rule.ask), rule.id


def test_shelf_lives_are_used_and_ordered_by_sense():
    used = {rule.life for form in forms().values() for rule in (*form.facts(), *form.photos())}
    assert used == {life.id for life in shelf_life().kinds}
    days = {life.id: life.days for life in shelf_life().kinds}
    assert days["passing"] < days["times"] < days["people"] < days["access"] < days["fabric"]


BROKEN = {
    "an unknown shelf life": ("life: passing", "life: forever", "kind of fact"),
    "the same id twice": ("id: gate,", "id: handler,", "used twice"),
    "a choice without choices": ("type: phone", "type: choice", "options belong"),
    "a unit on a text": ("life: people, required: true}", "life: people, unit: km}", "has a unit"),
    "a field nobody knows": ("life: people, required", "life: people, needed", "not known"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_form_is_refused_in_words(name):
    old, new, words = BROKEN[name]
    text = resources.files(library.__name__).joinpath("surveys", "fbo.yaml").read_text("utf-8")
    assert old in text
    with pytest.raises(Refused, match=words):
        parse_yaml(text.replace(old, new, 1), "fbo.yaml", SurveyForm)

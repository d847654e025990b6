"""The parts of the house are found by their usual names."""

from types import ModuleType

import django
import pytest

from varangian.config import features, settings

django.setup()


def test_every_feature_folder_is_a_feature():
    there = {
        path.parent.name
        for path in settings.PACKAGE.glob("*/apps.py")
        if path.parent.name not in ("platform", "config")
    }
    assert there == set(settings.FEATURES), "a feature that is not listed is not loaded"


@pytest.mark.parametrize(
    ("name", "brings"), [("api", "router"), ("commands", "groups"), ("pages", "urlpatterns")]
)
def test_what_each_part_brings(name, brings):
    found = features.modules(name)
    assert len(found) > 8 and all(isinstance(module, ModuleType) for module in found)
    for module in found:
        assert getattr(module, brings) is not None, module.__name__


def test_lower_floors_come_first():
    names = [module.__name__ for module in features.modules("pages")]
    places = [names.index(f"varangian.{part}.pages") for part in ("places", "operations", "travel")]
    assert places == sorted(places)


def test_a_name_that_nobody_brings():
    assert features.modules("no_such_part") == []


def test_no_two_parts_bring_the_same_verb_group():
    groups = [name for module in features.modules("commands") for name in module.groups]
    assert len(groups) == len(set(groups))

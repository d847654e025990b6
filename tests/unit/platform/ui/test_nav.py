from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import include, path

from varangian.platform.access.roles import Role
from varangian.platform.access.scope import Known, Reach
from varangian.platform.ui import find, nav


def page(request):
    return HttpResponse()


def part(name: str):
    return path(f"{name}/", include(([path("", page, name="list")], name)))


urlpatterns = [path("", page, name="board"), part("operations"), part("threats"), part("log")]


@pytest.fixture
def rail(settings, monkeypatch):
    settings.ROOT_URLCONF = __name__
    monkeypatch.setattr(nav, "_counts", {})

    def ask(role: Role | None, at: str = "/"):
        reach = [Reach("c", role)] if role else []  # pyright: ignore
        request = RequestFactory().get(at)
        request.user = SimpleNamespace(
            is_active=True, is_authenticated=True, is_system=False, _reach=Known(whole=reach)
        )
        return nav.shown(request)

    return ask


def names(shown):
    return [one.item.name for one in shown]


def test_parts_that_are_not_built_do_not_show(rail):
    assert names(rail(Role.DETAIL_LEADER)) == ["board", "operations", "threats", "log"]


def test_parts_that_a_person_may_see_nowhere_do_not_show(rail):
    assert names(rail(Role.DRIVER)) == ["board", "operations", "log"]
    assert names(rail(None)) == ["board"]


def test_the_place_one_is_at_is_marked_and_the_board_only_at_home(rail):
    here = [one.item.name for one in rail(Role.DRIVER, "/operations/helsinki/") if one.here]
    assert here == ["operations"]
    assert [one.item.name for one in rail(Role.DRIVER, "/") if one.here] == ["board"]


def test_an_item_carries_the_number_that_waits(rail):
    nav.count("log", lambda actor: 3)
    assert {one.item.name: one.count for one in rail(Role.DRIVER)}["log"] == 3


def test_keys_and_names_of_the_rail_are_unique():
    keys = [item.key for item in nav.ITEMS if item.key]
    assert len(keys) == len(set(keys))
    assert sum(item.thumb for item in nav.ITEMS) == 5


def test_find_groups_hits_and_keeps_few(monkeypatch):
    monkeypatch.setattr(find, "_finders", {})
    hits = [find.Hit(f"Operation {i}", f"/{i}") for i in range(20)]
    find.register("a", words="Operations", icon="radar", search=lambda actor, text: hits)
    find.register("b", words="Places", icon="map-pin", search=lambda actor, text: [])
    [(finder, shown)] = find.find(None, "op")
    assert finder.words == "Operations"
    assert len(shown) == find.MOST

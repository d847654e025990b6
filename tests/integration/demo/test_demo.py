"""The worked operation: loads once, fills every screen, and plays its day."""

import re

import pytest
from django.db import transaction
from tests import factories

from varangian.alerts.models import Alert
from varangian.crowds.models import CrowdCover, CrowdRun
from varangian.crowds.queries import venues as venue_queries
from varangian.demo import play, venues
from varangian.demo.services import AUDITOR, LEADER, load_demo
from varangian.intelligence.models import Signal
from varangian.kernel.results import Refused
from varangian.log.models import LogEntry
from varangian.operations.models import Movement, Operation
from varangian.planning.models import Order
from varangian.platform.access.models import User
from varangian.protection.queries import board

pytestmark = pytest.mark.django_db


@pytest.fixture
def _django_db_helper() -> None:
    """The mark only asks for the database to be made; its transaction is the module's, below."""


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker):
    """Loaded once: it is the dearest fixture of all."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_demo()
        transaction.set_rollback(True)


@pytest.fixture
def loaded(told, django_db_blocker):
    """What one test does with it is gone before the next."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Operation.objects.get(pk=told.pk)
        transaction.set_rollback(True)


@pytest.fixture
def leader(loaded):
    return User.objects.get(email=LEADER)


def test_it_shows_something_under_way(loaded, leader):
    ahead = board.next_up(leader)
    assert Operation.objects.get(state="active") == loaded
    assert ahead["running"] and ahead["coming"]
    assert Alert.objects.filter(state__in=Alert.OPEN).exists()
    assert board.stale(leader)["count"] > 0
    assert Order.objects.filter(state="issued", kind=Order.Kind.OPERATION).exists()
    assert LogEntry.objects.count() > 20
    touched = {alert.about for alert in Alert.objects.filter(source="signal")}
    assert Signal.objects.exclude(pk__in=touched).exists(), "the rest is only counted"


def test_every_place_of_the_programme_is_on_the_map(loaded, leader):
    legs = Movement.objects.filter(operation=loaded).select_related("origin", "destination")
    ends = {p.name: p.located for m in legs for p in (m.origin, m.destination) if p}
    assert ends and all(ends.values()), [name for name, located in ends.items() if not located]


def test_it_is_refused_twice(loaded):
    count = User.objects.count()
    with pytest.raises(Refused, match="there already"):
        load_demo()
    assert User.objects.count() == count


def pages(loaded) -> list[str]:
    leg = loaded.movements.first()
    base = f"/operations/{loaded.slug}/"
    return [
        "/",
        "/operations/",
        base,
        f"{base}edit/",
        f"{base}posts/",
        f"/operations/movements/{leg.pk}/",
        f"/operations/posts/{loaded.posts.first().pk}/",
        f"/operations/engagements/{loaded.engagement.slug}/",
        "/principals/",
        f"/principals/{loaded.principal.slug}/",
        "/threats/",
        "/intelligence/",
        "/intelligence/feeds/",
        "/travel/",
        f"/travel/drafts/{loaded.itinerary_drafts.first().pk}/",
        "/places/",
        "/log/",
        "/alerts/",
        "/board/map.json",
        "/board/timeline.json",
    ]


def test_every_main_page_renders_for_its_leader(loaded, leader):
    client = factories.signed_in(leader)
    for address in pages(loaded):
        assert client.get(address, follow=True).status_code == 200, address


def test_every_tab_and_rail_item_leads_somewhere(loaded, leader):
    import re

    client = factories.signed_in(leader)
    page = client.get(f"/operations/{loaded.slug}/").content.decode()
    found = set(re.findall(r'href="(/[^"#?]*)"', page)) - {"/account/logout/"}
    links = {link for link in found if not link.startswith("/static/")}
    assert len(links) > 12
    for link in links:
        assert client.get(link, follow=True).status_code == 200, link


def test_each_person_of_the_story_has_a_home(loaded):
    for user in User.objects.exclude(email=AUDITOR):
        client = factories.signed_in(user)
        for address in ("/", f"/operations/{loaded.slug}/"):
            assert client.get(address).status_code == 200, (user.email, address)
    auditor = factories.signed_in(User.objects.get(email=AUDITOR))
    assert auditor.get(f"/operations/{loaded.slug}/").status_code == 404
    assert auditor.get("/", follow=True).status_code == 200


def test_the_day_at_speed(loaded, leader):
    said: list[str] = []
    entries = LogEntry.objects.count()
    play.run(speed=1e9, say=said.append)
    assert said[-1] == "The day is over." and len(said) > 4
    left = Movement.objects.filter(operation=loaded, starts__isnull=False)
    states = {m.title: m.state for m in left}
    assert set(states.values()) <= {"complete", "cancelled"}, states
    assert LogEntry.objects.count() > entries
    play.run(speed=1e9, say=said.append)


def test_the_played_hazard_is_an_alert_on_the_board(loaded, leader):
    said: list[str] = []
    before = set(Alert.objects.values_list("pk", flat=True))
    play.run(speed=1e9, say=said.append)
    (line,) = [words for words in said if "Hazard feed" in words]
    signal = Signal.objects.get(feed_import__name="played-hazard")
    assert signal.title in line
    raised = Alert.objects.exclude(pk__in=before).filter(about=signal.pk)
    assert "Drive: Northern House to Villa Tamm" in {one.movement.title for one in raised}
    assert set(raised) <= set(board.alert_queries.queue(leader))


def test_the_hall_of_tonight_is_in_force_and_how_it_empties_is_known(loaded, leader):
    plan = venue_queries.plans(leader, loaded).get()
    assert plan.current is not None and plan.current.faults == 0
    assert plan.place is not None and plan.place.name == "Northern House"
    venues.empty()
    run = CrowdRun.objects.get()
    assert run.state == "done" and run.asked_by == leader and run.film
    cover = CrowdCover.objects.get()
    told, view = cover.result["cover"], cover.result["view"]
    assert told["proved"] and told["seen"] > 0.99
    assert sum(not post["drawn"] for post in told["posts"]) == 3
    assert not any("nobody about" in note for note in told["notes"]), "in the crowd of the run"
    assert {row["name"] for row in view["stretches"]} >= {"Arrival", "Rope line", "Departure"}
    assert 0.05 < view["share"] < 0.5 and len(view["overlooks"]) == 4 and view["lowers"]
    client = factories.signed_in(leader)
    page = client.get(f"/crowds/{plan.pk}/way-out/").content.decode()
    places = re.findall(r'data-at="([^"]+)"[^>]*>([^<]+)<', page)
    assert [name for _, name in places] == [
        "Arrival", "Rope line", "To the stage", "Departure", "Reading at the desk",
    ]  # fmt: skip
    for at, _ in places:
        told = client.get(f"/crowds/runs/{run.pk}/advice/?at={at}&as=html").content.decode()
        assert "Car, north court" in told and "Alternate car" in told

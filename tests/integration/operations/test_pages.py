"""The spine on screen, for each role and for strangers."""

from datetime import UTC, datetime, timedelta

import pytest
from tests import factories

from varangian.kernel.clock import now
from varangian.operations import services
from varangian.operations.models import Engagement, Movement, Operation, Post
from varangian.places.services import add_place
from varangian.platform.access.models import Membership
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader():
    return factories.person("Lea Leader")


@pytest.fixture
def operation(leader):
    return factories.operation(leader, slug="helsinki", intent="Protect HERON", starts=now())


@pytest.fixture
def hall(operation):
    contract = operation.engagement
    return add_place(
        actor=SYSTEM,
        compartment_id=contract.compartment_id,
        key_id=contract.key_id,
        name="Invented Hall",
        position=[60.17, 24.94],
    )


@pytest.fixture
def leg(leader, operation, hall):
    return services.add_movement(
        actor=leader,
        operation=operation,
        kind="road",
        title="Airport to hall",
        destination=hall,
        starts=datetime(2026, 12, 1, 8, 0, tzinfo=UTC),
        ends=datetime(2026, 12, 1, 9, 0, tzinfo=UTC),
        zone="Europe/Helsinki",
    )


@pytest.fixture
def post(leader, operation):
    return services.add_post(
        actor=leader,
        operation=operation,
        title="Personal protection officer",
        role="ppo",
        edition="ppo",
        call_sign="BRAVO",
    )


def addresses(operation, leg, post) -> dict[str, set[Role]]:
    """Every page of the spine, and who sees it."""
    base = f"/operations/{operation.slug}/"
    desk, team = {Role.DETAIL_LEADER, Role.ANALYST, Role.OPERATOR}, set(Role) - {Role.CLIENT}
    return {
        "/operations/": set(Role),
        "/operations/engagements/": set(Role),
        f"/operations/engagements/{operation.engagement.slug}/": desk,
        base: set(Role),
        f"{base}legs/": set(Role),
        f"{base}map.json": set(Role),
        f"{base}timeline.json": set(Role),
        f"{base}posts/": set(Role),
        f"/operations/movements/{leg.pk}/": set(Role),
        f"/operations/posts/{post.pk}/": team,
    }


@pytest.mark.parametrize("role", Role)
def test_each_role_sees_its_pages(operation, leg, post, role):
    user = factories.member(operation.engagement, role)
    client = factories.signed_in(factories.member(operation, role, user))
    for address, roles in addresses(operation, leg, post).items():
        status = client.get(address).status_code
        assert status == (200 if role in roles else 404), (role, address)


@pytest.mark.parametrize("fields", [{}, {"is_administrator": True}, {"is_auditor": True}])
def test_strangers_see_nothing(operation, leg, post, fields):
    stranger = factories.person(**fields)
    if not fields:
        factories.operation(stranger, title="Elsewhere")
    client = factories.signed_in(stranger)
    for address in addresses(operation, leg, post):
        answer = client.get(address)
        if address in ("/operations/", "/operations/engagements/"):
            assert answer.status_code == 200
        else:
            assert answer.status_code == 404, address
        for secret in ("Airport to hall", "BRAVO", "Protect HERON", operation.principal.slug):
            assert secret not in answer.content.decode(), address


def test_nobody_is_sent_to_the_door(client, operation, leg, post):
    for address in addresses(operation, leg, post):
        assert client.get(address)["Location"].startswith("/account/login/")


def test_the_client_reads_the_programme_but_no_posts(operation, leg, post):
    client = factories.signed_in(factories.member(operation, Role.CLIENT))
    page = client.get("/operations/helsinki/").content.decode()
    assert "Airport to hall" in page and "BRAVO" not in page and "Add leg" not in page
    assert "BRAVO" not in client.get("/operations/helsinki/posts/").content.decode()


def test_the_pages_say_what_is_there(leader, operation, leg, post):
    client = factories.signed_in(leader)
    page = client.get("/operations/helsinki/").content.decode()
    for words in ("Protect HERON", "Airport to hall", "1 leg unlocated", "BRAVO", "Add leg"):
        assert words in page, words
    (feature,) = client.get("/operations/helsinki/map.json").json()["features"]
    assert feature["geometry"]["coordinates"] == [24.94, 60.17]
    (row,) = client.get("/operations/helsinki/timeline.json").json()["rows"]
    assert (row["title"], row["zone"]) == ("Airport to hall", "Europe/Helsinki")


def test_a_leg_changes_by_its_form_in_its_own_zone(leader, leg, hall):
    client = factories.signed_in(leader)
    address = f"/operations/movements/{leg.pk}/"
    assert 'value="2026-12-01T10:00"' in client.get(address).content.decode()
    sent = {
        "title": "Airport to hall",
        "kind": "road",
        "starts": "2026-12-01T10:30",
        "ends": "",
        "zone": "Europe/Helsinki",
        "destination": str(hall.pk),
        "version": "1",
    }
    assert client.post(address, sent)["Location"] == address
    leg.refresh_from_db()
    assert leg.starts == datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
    assert (leg.ends, leg.version, leg.destination_id) == (None, 2, hall.pk)
    late = client.post(address, sent | {"title": "Another"})
    assert late.status_code == 409 and b"Somebody changed this leg" in late.content
    wrong = client.post(address, sent | {"version": "2", "zone": "Mars/Phobos"})
    assert wrong.status_code in (200, 422) and b"no time zone" in wrong.content
    turned = client.post(address, sent | {"version": "2", "ends": "2026-12-01T09:00"})
    assert b"ends before it starts" in turned.content
    leg.refresh_from_db()
    assert leg.version == 2


def test_places_of_other_teams_cannot_be_chosen(leader, leg):
    other = factories.engagement()
    secret = add_place(
        actor=SYSTEM, compartment_id=other.compartment_id, key_id=other.key_id, name="Safe house"
    )
    client = factories.signed_in(leader)
    address = f"/operations/movements/{leg.pk}/"
    assert b"Safe house" not in client.get(address).content
    sent = {"title": "X", "kind": "road", "zone": "UTC", "destination": str(secret.pk)}
    client.post(address, sent)
    leg.refresh_from_db()
    assert leg.destination_id != secret.pk


def test_a_new_leg_its_states_and_its_end(leader, operation):
    client = factories.signed_in(leader)
    address = "/operations/helsinki/movements/new/"
    assert "Europe/Helsinki" in client.get(address).content.decode()
    sent = {"title": "Dinner", "kind": "event", "starts": "2026-12-01T19:00", "zone": "Asia/Tokyo"}
    assert client.post(address, sent)["Location"] == "/operations/helsinki/"
    added = Movement.objects.get()
    assert added.starts == datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
    base = f"/operations/movements/{added.pk}/"
    assert client.post(f"{base}state/", {"state": "confirmed"}).status_code == 302
    assert client.post(f"{base}state/", {"state": "complete"}).status_code == 422
    assert client.get(f"{base}state/").status_code == 405
    assert client.post(f"{base}remove/")["Location"] == "/operations/helsinki/"
    assert not Movement.objects.exists()


@pytest.mark.parametrize("role", [Role.OFFICER, Role.DRIVER, Role.CLIENT])
def test_those_who_do_not_plan_cannot_write(operation, leg, post, role):
    client = factories.signed_in(factories.member(operation, role))
    leg_form = {"title": "Hijacked", "kind": "road", "zone": "UTC"}
    for address, sent in (
        (f"/operations/movements/{leg.pk}/", leg_form),
        (f"/operations/movements/{leg.pk}/state/", {"state": "confirmed"}),
        (f"/operations/movements/{leg.pk}/remove/", {}),
        ("/operations/helsinki/movements/new/", leg_form),
        ("/operations/helsinki/state/", {"state": "planned"}),
        (
            "/operations/helsinki/edit/",
            {"title": "X", "kind": "visit", "profile_level": "low", "time_zone": "UTC"},
        ),
        ("/operations/helsinki/posts/", {"standard": "ppo"}),
        (f"/operations/posts/{post.pk}/", {"holder": ""}),
        (f"/operations/posts/{post.pk}/remove/", {}),
    ):
        expected = (403, 404) if "/posts/" in address and role is Role.CLIENT else (403,)
        assert client.post(address, sent).status_code in expected, address
    for address in ("/operations/helsinki/movements/new/", "/operations/helsinki/edit/"):
        assert client.get(address).status_code == 403, address
    leg.refresh_from_db()
    operation.refresh_from_db()
    assert (leg.title, leg.state, operation.state) == ("Airport to hall", "planned", "draft")
    assert Post.objects.count() == 1


def test_an_operation_is_edited_and_moved_on(leader, operation):
    client = factories.signed_in(leader)
    sent = {
        "title": "Three days",
        "kind": "visit",
        "profile_level": "covert",
        "time_zone": "Europe/Helsinki",
        "starts": "2026-12-01T10:00",
    }
    assert client.get("/operations/helsinki/edit/").status_code == 200
    assert client.post("/operations/helsinki/edit/", sent).status_code == 302
    operation.refresh_from_db()
    assert (operation.title, operation.profile_level) == ("Three days", "covert")
    assert operation.starts == datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    assert client.post("/operations/helsinki/state/", {"state": "planned"}).status_code == 302
    refused = client.post("/operations/helsinki/state/", {"state": "closed"})
    assert refused.status_code == 422 and b"Possible now" in refused.content


def test_opening_an_engagement_and_an_operation(leader):
    client = factories.signed_in(leader)
    assert client.get("/operations/engagements/new/").status_code == 200
    made = client.post("/operations/engagements/new/", {"title": "North", "slug": "north"})
    assert made["Location"] == "/operations/engagements/north/"
    contract = Engagement.objects.get(slug="north")
    who = factories.principal(contract, slug="kite")
    sent = {
        "title": "Day in town",
        "kind": "day",
        "profile_level": "low",
        "time_zone": "UTC",
        "principal": "kite",
    }
    assert b"KITE" not in client.get("/operations/new/").content
    opened = client.post("/operations/new/", sent)
    assert opened["Location"] == "/operations/day-in-town/"
    assert Operation.objects.get().principal == who
    lost = client.post("/operations/new/", sent | {"principal": "nobody"})
    assert lost.status_code == 422 and b"Choose the principal" in lost.content


def test_posts_by_their_pages(leader, operation, leg, post):
    officer = factories.member(operation, Role.OFFICER)
    client = factories.signed_in(leader)
    added = client.post(
        "/operations/helsinki/posts/", {"standard": "medic", "holder": str(officer.pk)}
    )
    assert added.status_code == 302
    medic = Post.objects.get(role="medic")
    assert (medic.holder, medic.title) == (officer, "Medic")
    address = f"/operations/posts/{post.pk}/"
    client.post(address, {"holder": str(officer.pk), "movements": [str(leg.pk)]})
    post.refresh_from_db()
    assert post.holder == officer
    assert [c.movement_id for c in post.covers.all()] == [leg.pk]
    stranger = factories.person()
    refused = client.post(address, {"holder": str(stranger.pk)})
    assert refused.status_code == 422 and b"not a member" in refused.content
    post.refresh_from_db()
    assert post.holder == officer, "a wrong name does not empty the post"
    client.post(f"{address}remove/")
    assert not Post.objects.filter(pk=post.pk).exists()


def test_the_list_is_filtered_sorted_and_paged(leader, django_assert_max_num_queries):
    contract = factories.engagement(leader)
    who = factories.principal(contract)
    for number in range(52):
        factories.operation(
            leader,
            engagement=contract,
            principal=who,
            title=f"Day {number}",
            starts=now() + timedelta(days=number),
        )
    client = factories.signed_in(leader)
    client.get("/operations/")
    with django_assert_max_num_queries(20):
        page = client.get("/operations/").content.decode()
    assert page.count("data-href") == 50 and "Day 51" in page
    assert client.get("/operations/?page=2").content.decode().count("data-href") == 2
    closed = client.get("/operations/?state=closed").content.decode()
    assert "data-href" not in closed
    first = client.get("/operations/?sort=starts&page=2").content.decode()
    assert "Day 51" in first
    assert client.get("/operations/?sort=title&state=nonsense&page=x").status_code == 200


def test_the_page_of_many_legs_costs_few_queries(
    leader, operation, hall, django_assert_max_num_queries
):
    for number in range(40):
        services.add_movement(
            actor=leader,
            operation=operation,
            kind="road",
            title=f"Leg {number}",
            origin=hall,
            destination=hall,
            starts=now() + timedelta(hours=number),
        )
    client = factories.signed_in(leader)
    client.get("/operations/helsinki/")
    with django_assert_max_num_queries(25):
        assert client.get("/operations/helsinki/").content.decode().count("Leg ") >= 40


def test_a_membership_that_ran_out_shows_nothing(operation, leg):
    user = factories.member(operation, Role.OFFICER)
    client = factories.signed_in(user)
    assert client.get("/operations/helsinki/").status_code == 200
    Membership.objects.filter(user=user).update(until=now() - timedelta(minutes=1))
    assert client.get("/operations/helsinki/").status_code == 404

"""Posts for cover on record: proposed by a worker, accepted by a person, by page, API, command."""

import json

import pytest
from tests import factories
from tests.unit.engines.crowdflow.plans import feature, hall, text

from varangian.config.commands import root
from varangian.crowds import services
from varangian.crowds.models import CrowdCover
from varangian.crowds.plan.known import known_of
from varangian.crowds.plan.prefill import posts_of, prefilled
from varangian.crowds.plan.secrets import hidden_items
from varangian.crowds.queries import cover as reads
from varangian.crowds.queries import venues as queries
from varangian.crowds.shapes.cover import cover_row
from varangian.kernel.results import Conflict, Denied, NotFound, Refused
from varangian.platform.access.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader():
    return factories.person("Lea Leader")


@pytest.fixture
def operation(leader):
    return factories.operation(leader)


def drawn(*more, **head):
    document = hall(people=600, **head)
    document["features"] += [
        feature("p1", "post", "Point", [20, 2]),
        feature("come", "way", "LineString", [[9, -10], [20, -5], [20, 20]], name="Arrival"),
        feature("sit", "stay", "Point", [20, 18], minutes=30),
        feature("bal", "overlook", "LineString", [[10, 24.5], [30, 24.5]], use="balcony"),
        *more,
    ]
    return document


@pytest.fixture
def plan(leader, operation):
    return services.new_plan(
        actor=leader, operation=operation, data=text(drawn()), file_name="hall.geojson"
    )


def proposed(leader, plan, **wish):
    row = services.ask_cover(
        actor=leader, version=queries.newest(leader, plan), **(wish or {"posts": 2, "reach": 12.0})
    )
    return reads.cover(leader, services.cover_later(row).pk)


def test_a_proposal_keeps_the_posts_drawn_and_tells_time_in_view(leader, plan):
    row = proposed(leader, plan)
    assert row.state == CrowdCover.State.DONE
    told, view = row.result["cover"], row.result["view"]
    assert [post["drawn"] for post in told["posts"]] == [True, False, False] and told["proved"]
    assert view["stretches"] and 0 < view["share"] <= 1
    assert "looks for no places" in view["use"]


def test_a_person_accepts_posts_into_a_new_version(leader, operation, plan):
    row = proposed(leader, plan)
    names = [post["id"] for post in row.result["cover"]["posts"] if not post["drawn"]]
    with pytest.raises(Refused, match="not among"):
        services.accept_cover_posts(actor=leader, cover=row, posts=["p1"])
    with pytest.raises(Refused, match="Choose"):
        services.accept_cover_posts(actor=leader, cover=row, posts=[])
    made = services.accept_cover_posts(actor=leader, cover=row, posts=names[:1])
    assert made.number == 2 and "accepted" in made.note and plan.current is None
    venue, _ = queries.looked_over(made.document)
    post = next(item for item in venue.of("post") if item.id == names[0])
    assert post.props.cover
    with pytest.raises(Conflict, match="as version 2"):
        services.accept_cover_posts(actor=leader, cover=row, posts=names)


def test_a_post_for_cover_is_the_teams_alone(leader, plan):
    made = services.accept_cover_posts(actor=leader, cover=proposed(leader, plan))
    venue, findings = queries.looked_over(made.document)
    known = known_of(venue, "version 2", [])
    posts = {post.key: post for post in posts_of(known)}
    mine = [item.id for item in venue.of("post") if item.props.cover]
    assert len(mine) == 2 and all(posts[key].ours_alone for key in mine)
    assert "hands" in posts[mine[0]].tasks
    hidden = hidden_items(venue, prefilled(known).model_copy(update={"posts": []}))
    assert {*mine, "come", "sit", "bal"} <= hidden and "p1" not in hidden
    assert known.capacity["staff"]["static_posts"] == 1


def test_a_drawing_in_degrees_takes_posts_in_degrees(leader, operation):
    document = drawn(units="degrees")
    for one in document["features"]:
        if one["properties"]["kind"] != "stair":
            one["geometry"]["coordinates"] = _degrees(one["geometry"]["coordinates"])
    plan = services.new_plan(
        actor=leader, operation=operation, data=text(document), file_name="a.geojson"
    )
    row = proposed(leader, plan, posts=1)
    made = services.accept_cover_posts(actor=leader, cover=row)
    new = row.result["cover"]["posts"][-1]
    venue, _ = queries.looked_over(made.document)
    item = next(item for item in venue.of("post") if item.id == new["id"])
    assert (item.shape.x, item.shape.y) == pytest.approx(tuple(new["at"]), abs=0.05)


def _degrees(value):
    if isinstance(value[0], list):
        return [_degrees(one) for one in value]
    return [24.0 + value[0] / 55_000, 60.0 + value[1] / 111_000]


def test_what_cannot_be_done_fails_in_words(leader, operation):
    document = hall()
    document["features"] = [f for f in document["features"] if f["id"] not in ("floor", "stage")]
    for one in document["features"]:
        one["properties"].pop("entrance", None)
    plan = services.new_plan(
        actor=leader, operation=operation, data=text(document), file_name="hall.geojson"
    )
    row = proposed(leader, plan)
    assert row.state == CrowdCover.State.FAILED and "nothing to watch" in row.words
    with pytest.raises(Refused):
        services.accept_cover_posts(actor=leader, cover=row)
    with pytest.raises(Refused):
        proposed(leader, plan, posts=2, share=0.5)
    with pytest.raises(Refused, match="no colour"):
        proposed(leader, plan, posts=2, colour="red")


def test_weights_are_kept_with_the_result(leader, plan):
    usual = proposed(leader, plan)
    row = proposed(leader, plan, posts=2, reach=12.0, weights={"entrance": 0, "stay": None})
    assert usual.wish["weights"]["entrance"] == 60 and row.wish["weights"]["entrance"] == 0
    assert row.wish["weights"]["stay"] == 1
    shape = cover_row(row)
    assert [one["id"] for one in shape["weights"] if one["changed"]] == ["entrance"]
    assert row.result["cover"]["places"] < usual.result["cover"]["places"]
    for wrong in ({"colour": 1}, {"out": 21}, {"out": float("nan")}):
        with pytest.raises(Refused):
            proposed(leader, plan, posts=2, weights=wrong)
    row.wish = {"posts": 2, "weights": {"out": 4.0}}
    assert {one["id"]: one["value"] for one in cover_row(row)["weights"]}["rope"] == 1


def test_who_may(leader, operation, plan):
    row = proposed(leader, plan)
    officer, stranger = factories.member(operation, Role.OFFICER), factories.person()
    assert reads.cover(officer, row.pk)
    with pytest.raises(Denied):
        services.accept_cover_posts(actor=officer, cover=row)
    with pytest.raises(Denied):
        services.ask_cover(actor=officer, version=row.version, posts=1)
    with pytest.raises(NotFound):
        reads.cover(stranger, row.pk)


def test_pages(leader, operation, plan):
    client = factories.signed_in(leader)
    page = client.get(f"/crowds/{plan.pk}/cover/").content.decode()
    assert "Propose posts" in page and "None yet" in page and "What counts how much" in page
    wish = {"posts": "2", "twice": "on", "weight_entrance": "30"}
    answer = client.post(f"/crowds/{plan.pk}/cover/ask/", wish)
    assert answer.status_code == 302
    page = client.get(answer.url).content.decode()
    for words in (
        "vc-shade",
        "vc-proposed",
        "vc-exposed",
        "Accept into the plan",
        "In view for",
        "set for this proposal",
    ):
        assert words in page
    row = CrowdCover.objects.get()
    assert client.get(f"/crowds/covers/{row.pk}/state/")["HX-Refresh"] == "true"
    ids = [post["id"] for post in row.result["cover"]["posts"] if not post["drawn"]]
    answer = client.post(f"/crowds/covers/{row.pk}/accept/", {"post": ids})
    assert answer.url == f"/crowds/{plan.pk}/?version=2"
    page = client.get(f"/crowds/covers/{row.pk}/").content.decode()
    assert "accepted as version 2" in page and "Accept into the plan" not in page
    officer = factories.signed_in(factories.member(operation, Role.OFFICER))
    page = officer.get(f"/crowds/{plan.pk}/cover/").content.decode()
    assert "Propose posts" not in page
    assert officer.post(f"/crowds/{plan.pk}/cover/ask/", {"posts": "2"}).status_code == 403


def test_api(leader, plan):
    client = factories.signed_in(leader)
    at = f"/api/v1/venues/{plan.pk}/covers"
    answer = client.post(at, json.dumps({"posts": 1}), content_type="application/json")
    assert answer.status_code == 202
    row = client.get(f"/api/v1/crowd-covers/{answer.json()['id']}").json()
    assert row["state"] == "done" and row["result"]["cover"]["proved"]
    heavier = {"posts": 1, "weights": {"out": 5}}
    answer = client.post(at, json.dumps(heavier), content_type="application/json")
    other = client.get(f"/api/v1/crowd-covers/{answer.json()['id']}").json()
    assert {one["id"]: one["value"] for one in other["weights"]}["out"] == 5
    made = client.post(
        f"/api/v1/crowd-covers/{row['id']}/accept", "{}", content_type="application/json"
    )
    assert made.status_code == 201 and made.json()["version"] == 2
    assert row["id"] in [one["id"] for one in client.get(at).json()["items"]]


def test_commands(leader, plan, capsys):
    assert root(["venue", "cover", str(plan.pk), "--posts", "1", "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert row["result"]["cover"]["posts"]
    assert root(["venue", "cover", str(plan.pk), "--posts", "1"]) == 0
    assert "Kept as" in capsys.readouterr().err
    with pytest.raises(Refused, match="named person"):
        root(["venue", "accept-posts", row["id"]])

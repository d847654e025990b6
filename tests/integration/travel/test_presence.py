"""Who is where: by service, page, API and console; nobody drops out."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from tests import bookings as b
from tests import factories

from varangian.alerts.models import Alert
from varangian.config.commands import root
from varangian.kernel.clock import frozen
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.log import queries as log
from varangian.operations.models import Operation
from varangian.platform.access.roles import Role
from varangian.platform.access.services import issue_token
from varangian.platform.ui import console
from varangian.travel import services as travel
from varangian.travel.events import party_changed, presence_told
from varangian.travel.models import PresenceFact
from varangian.travel.queries import presence as queries
from varangian.travel.services import presence as services

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def that_day():
    with frozen(DAY):
        yield
    console.act_for("")


@pytest.fixture
def leader():
    return factories.person("Lea Leader")


@pytest.fixture
def operation(leader):
    heron = factories.principal(factories.engagement(leader), slug="heron")
    draft = travel.import_itinerary(actor=leader, principal=heron, data=b.six_mails())
    leader.__dict__.pop("_reach", None)
    draft = travel.accept_draft(actor=leader, draft=draft)
    leader.__dict__.pop("_reach", None)
    draft.operation.refresh_from_db()
    return draft.operation


@pytest.fixture
def niece(leader, operation):
    return services.add_person(
        actor=leader, operation=operation, name=b.TEEMU, relation="nephew", phone="+358 1"
    )


def heard(leader, operation, **given):
    given = {"how": "call", "safe": True} | given
    return services.confirm(actor=leader, operation=operation, **given)


def line(leader, operation, person=None, at=None):
    lines = queries.present(leader, operation, at)
    return next(one for one in lines if (one.person and one.person.pk) == (person and person.pk))


def bearer(user):
    from django.test import Client

    _, secret = issue_token(user=user, label="t", writes=True)
    return Client(headers={"authorization": f"Bearer {secret}"})


def test_the_return_that_nobody_booked_is_an_unknown_end(leader, operation):
    for days in (3, 30, 400):
        found = line(leader, operation, at=DAY + timedelta(days=days))
        assert found.interval and found.end_unknown and found.interval.until is None
        assert found.interval.spot.words.startswith("Harbour House")
        assert found.interval.countries == {"GB"}


def test_the_party_is_with_the_principal_unless_booked_apart(leader, operation, niece):
    flown = datetime(2026, 11, 26, 7, 30, tzinfo=UTC)
    assert line(leader, operation, at=flown).interval.where == "moving"
    assert line(leader, operation, niece, flown).interval is None, "the flight is booked for others"
    assert line(leader, operation, niece).interval.spot.words.startswith("Quay Hall")
    services.confirm(
        actor=leader, operation=operation, person=niece, how="seen", words="Turku, Finland"
    )
    assert line(leader, operation, niece).interval.countries == {"FI"}
    assert queries.named_on_bookings(leader, operation) == [b.MARA]
    services.add_person(actor=leader, operation=operation, name=b.MARA)
    assert queries.named_on_bookings(leader, operation) == []


def test_who_is_in_a_country_or_a_place(leader, operation, niece):
    heard(leader, operation, person=niece, words="Turku, Finland")
    names = lambda asked: [one.name for one in queries.who_is_in(leader, asked)]  # noqa: E731
    code = operation.principal.code_name
    assert names("United Kingdom") == [code] and names("gb") == [code] and names("UK") == [code]
    assert names("Finland") == [b.TEEMU] and names("turku") == [b.TEEMU]
    assert names("France") == [] and len(names("")) == 2
    above = queries.who_is_in(leader, "Finland", datetime(2026, 11, 26, 7, 30, tzinfo=UTC))
    assert [one.name for one in above] == [code], "on the way from there"


def test_a_closed_journey_keeps_whoever_never_came_back(leader, operation, niece):
    heard(leader, operation, person=niece, words="Turku, Finland")
    Operation.objects.filter(pk=operation.pk).update(state="closed")
    assert len(queries.who_is_in(leader)) == 2
    heard(leader, operation, over=True)
    services.take_off(actor=leader, person=niece)
    assert queries.who_is_in(leader) == []


def test_a_journey_that_came_home_by_plan_is_over_when_it_is_closed(leader):
    heron = factories.principal(factories.engagement(leader), slug="kite")
    back = b.flight(
        leaves="2026-11-26T18:00:00+00:00",
        lands="2026-11-26T23:00:00+02:00",
        ends=("LHR", "HEL"),
        flown="1338",
    )
    data = b.mbox(b.mail("Out", b.flight()), b.mail("Back", back))
    draft = travel.import_itinerary(actor=leader, principal=heron, data=data)
    leader.__dict__.pop("_reach", None)
    travel.accept_draft(actor=leader, draft=draft)
    assert len(queries.who_is_in(leader)) == 1
    Operation.objects.update(state="closed")
    assert queries.who_is_in(leader) == []


def test_what_was_heard_stands_with_its_author_and_in_the_log(leader, operation):
    heard(leader, operation, words="Invented Clinic, London", note="A nurse rang")
    found = line(leader, operation)
    assert found.interval.spot.words == "Invented Clinic, London"
    (evidence,) = found.interval.evidence
    assert (evidence.how, evidence.words, evidence.by) == ("call", "A nurse rang", "Lea Leader")
    assert found.confirmed_at == DAY and found.end_unknown
    said = [row.body["event"] for row in log.entries(leader, operation)]
    assert any("Invented Clinic, London, safe (call)" in words for words in said)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"how": "rumour"}, "How was it heard"),
        ({"safe": False}, "Say where they are"),
        ({"at": DAY + timedelta(hours=1)}, "lies ahead"),
        ({"until": DAY - timedelta(hours=1)}, "before the beginning"),
        ({"words": "x" * 300}, "At most 200"),
    ],
)
def test_what_says_nothing_is_refused(leader, operation, given, words):
    with pytest.raises(Refused, match=words):
        heard(leader, operation, **given)
    assert not PresenceFact.objects.exists()


def test_a_clock_that_runs_out_is_an_alert_until_somebody_is_heard(leader, operation, niece):
    services.set_clock(actor=leader, operation=operation, minutes=30, everybody=True)
    assert not line(leader, operation).overdue and services.watch_clocks() == 0
    with frozen(DAY + timedelta(minutes=31)):
        heard(leader, operation, person=niece)
        first, second = queries.present(leader, operation)
        assert (first.overdue, second.overdue) == (True, False)
        assert first.person is None, "who is overdue stands on top"
        assert services.watch_clocks() == 1 and services.watch_clocks() == 1
        alert = Alert.objects.get(source="presence")
        assert "not confirmed safe" in alert.title
        heard(leader, operation)
        alert.refresh_from_db()
        assert alert.state not in Alert.OPEN and services.watch_clocks() == 0
    services.set_clock(actor=leader, operation=operation, minutes=None, everybody=True)
    assert line(leader, operation).clock is None
    with pytest.raises(Refused, match="1 to"):
        services.set_clock(actor=leader, operation=operation, minutes=0)


def test_news_goes_to_the_features_above(leader, operation):
    told: list = []
    receivers = [lambda **news: told.append(news["event"]), lambda **news: told.append("told")]
    party_changed.connect(receivers[0])
    presence_told.connect(receivers[1])
    try:
        person = services.add_person(actor=leader, operation=operation, name="Ann Other")
        heard(leader, operation, person=person)
        services.take_off(actor=leader, person=person)
        services.take_off(actor=leader, person=person)
    finally:
        party_changed.disconnect(receivers[0])
        presence_told.disconnect(receivers[1])
    assert told == ["joined", "told", "left"]


def test_one_principal_is_at_one_place(leader, operation):
    again = factories.operation(
        leader, engagement=operation.engagement, principal=operation.principal, slug="next"
    )
    heard(leader, again, words="Oslo, Norway")
    found = queries.who_is_in(leader)
    assert [one.operation.slug for one in found] == ["next"]


def test_roles(leader, operation, niece):
    client = factories.member(operation, Role.CLIENT)
    with pytest.raises(Denied):
        services.confirm(actor=client, operation=operation, how="call", safe=True)
    assert list(queries.party(client, operation)) == []
    driver = factories.member(operation, Role.DRIVER)
    services.confirm(actor=driver, operation=operation, how="seen", safe=True)
    with pytest.raises(Denied):
        services.add_person(actor=driver, operation=operation, name="Ann Other")
    stranger = factories.person()
    with pytest.raises(NotFound):
        services.confirm(actor=stranger, operation=operation, how="call", safe=True)
    with pytest.raises(NotFound):
        queries.party_person(stranger, niece.pk)
    assert queries.who_is_in(stranger) == []


def test_somebody_of_another_party_is_refused(leader, operation, niece):
    other = factories.operation(leader, engagement=operation.engagement, slug="other")
    with pytest.raises(Refused, match="another operation"):
        heard(leader, other, person=niece)


def test_pages(leader, operation, niece, django_assert_max_num_queries):
    client = factories.signed_in(leader)
    base = f"/travel/presence/{operation.slug}/"
    page = client.get(base).content.decode()
    for words in ("Harbour House", "Who is where", "named on a booking", b.MARA, b.TEEMU):
        assert words in page, words
    later = client.get(base, {"at": "2026-12-24 12:00"}).content.decode()
    assert "end unknown" in later
    assert client.get(f"{base}part/").status_code == 200
    sent = {"who": str(niece.pk), "how": "call", "words": "Turku, Finland", "safe": "on"}
    assert client.post(f"{base}confirm/", sent).status_code == 302
    assert client.post(f"{base}clock/", {"who": "everybody", "minutes": "60"}).status_code == 302
    assert client.post(f"{base}travellers/", {"name": "Ann Other"}).status_code == 302
    assert b"Turku" in client.get(base).content
    for address, data in (("confirm", {"who": "x"}), ("clock", {}), ("travellers", {})):
        assert client.post(f"{base}{address}/", data).status_code == 422
    assert client.post(f"{base}confirm/", {**sent, "at": "soon"}).status_code == 422
    assert "Turku" in client.get("/travel/who/", {"in": "Finland"}).content.decode()
    assert "Nobody is known" in client.get("/travel/who/", {"in": "Peru"}).content.decode()
    assert client.post(f"/travel/travellers/{niece.pk}/leave/").status_code == 302
    assert b"Turku" not in client.get("/travel/who/").content
    for address in (base, "/travel/who/"):
        with django_assert_max_num_queries(30):
            client.get(address)


def test_who_may_not_see_it_meets_a_wall(operation):
    client = factories.signed_in(factories.member(operation, Role.CLIENT))
    assert client.get(f"/travel/presence/{operation.slug}/").status_code == 403
    assert "Harbour" not in client.get("/travel/who/").content.decode()
    stranger = factories.signed_in(factories.person())
    assert stranger.get(f"/travel/presence/{operation.slug}/").status_code == 404


def test_api(leader, operation, niece):
    client = bearer(leader)
    base = f"/api/v1/operations/{operation.slug}"
    sent = {"how": "call", "traveller": str(niece.pk), "words": "Turku, Finland", "safe": True}
    made = client.post(f"{base}/presence", json.dumps(sent), content_type="application/json")
    assert made.status_code == 201 and made.json()["by"] == "Lea Leader"
    shown = client.get(f"{base}/presence").json()
    assert shown["count"] == 2 and all("intervals" in row for row in shown["items"])
    late = client.get(f"{base}/presence", {"at": "2027-03-01T00:00:00Z"}).json()["items"]
    mine = next(row for row in late if row["relation"] == "principal")
    assert mine["now"]["end_known"] is False and mine["now"]["until"] is None
    found = client.get("/api/v1/presence", {"place": "FI"}).json()
    assert [row["name"] for row in found["items"]] == [b.TEEMU]
    clock = {"minutes": 30, "everybody": True}
    done = client.post(f"{base}/presence/clock", json.dumps(clock), content_type="application/json")
    assert done.json() == {"clocks": 2}
    new = client.post(
        f"{base}/travellers", json.dumps({"name": "Ann Other"}), content_type="application/json"
    )
    gone = client.post(f"/api/v1/travellers/{new.json()['id']}/leave")
    assert gone.json()["left_at"]


def test_command_line(operation, capsys):
    slug = operation.slug

    def run(*words: str):
        assert root(["presence", *words, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    assert run("add", slug, b.TEEMU, "--relation", "nephew")["name"] == b.TEEMU
    done = run(
        "confirm", slug, "teemu aalto", "--how", "call", "--place", "Turku, Finland", "--safe"
    )
    assert done["place"] == "Turku, Finland"
    run("confirm", slug, "principal", "--how", "seen", "--safe", "--at", "2026-11-27T11:00")
    assert run("clock", slug, "everybody", "45") == {"clocks": 2}
    assert {row["name"] for row in run("show", slug)} == {b.TEEMU, operation.principal.code_name}
    assert [row["name"] for row in run("who", "Finland")] == [b.TEEMU]
    assert run("clock", slug, b.TEEMU, "0") == {"clocks": 1}
    assert run("remove", slug, b.TEEMU)["left_at"]
    assert root(["presence", "show", slug, "--at", "2027-01-01T00:00"]) == 0
    out = capsys.readouterr()
    assert "unknown" in out.out and b.MARA in out.err
    with pytest.raises(NotFound):
        root(["presence", "confirm", slug, "nobody", "--how", "call", "--safe"])
    with pytest.raises(Refused, match="no time"):
        root(["presence", "show", slug, "--at", "soon"])
    with pytest.raises(Refused, match="part of every operation"):
        root(["presence", "remove", slug, "principal"])

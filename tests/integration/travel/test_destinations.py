"""A dossier from four files to an approval, and what takes the approval away."""

import json
from datetime import timedelta

import pytest
from tests import factories
from tests.integration.travel import feeds

from varangian.kernel.clock import frozen, now
from varangian.kernel.results import Conflict, Denied, NotFound, Refused
from varangian.operations.services import add_movement, change_movement
from varangian.planning.queries.evidence import Records, evidence_of
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.platform.thread.expiry import expire_due
from varangian.platform.thread.services import clear
from varangian.travel import services
from varangian.travel.dossier.statement import KEYS
from varangian.travel.jobs import spread_advisories
from varangian.travel.models import AdvisoryImport, AdvisoryVersion, Destination
from varangian.travel.queries import destinations as queries
from varangian.travel.queries import dossiers
from varangian.travel.services import advisory_fetch

pytestmark = pytest.mark.django_db
WHOLE = {key: f"invented {key}" for key in KEYS}


@pytest.fixture
def leader():
    return factories.person("Lea Leader")


@pytest.fixture
def operation(leader):
    starts = now() + timedelta(days=2)
    return factories.operation(leader, starts=starts, ends=starts + timedelta(days=3))


@pytest.fixture
def hotel(operation, leader):
    return factories.place(operation, leader, name="Hotel Quay", position=[60.17, 24.95])


@pytest.fixture
def destination(operation, leader, hotel):
    return services.add_destination(actor=leader, operation=operation, country="fi", place=hotel)


def take(*files: bytes, actor=SYSTEM):
    return [services.import_advisories(actor=actor, data=data) for data in files]


@pytest.fixture
def approved(destination, leader):
    take(feeds.us(1), feeds.uk(), feeds.canada(0), feeds.germany())
    row = services.write_statement(actor=leader, destination=destination, texts=WHOLE)
    services.approve_destination(actor=leader, destination=row)
    return row


def state(actor, row) -> str:
    return queries.standing(actor, queries.destination(actor, row.pk)).state


def test_four_sources_the_worst_counts_and_the_difference_is_told(destination, leader):
    take(feeds.us(2), feeds.uk("avoid_all_travel_to_parts"), feeds.canada(0), feeds.germany())
    found = dossiers.dossier(leader, destination)
    assert (found.score.level, found.score.by) == (2, ("US State Department",))
    assert (found.score.part, found.score.part_by) == (4, ("UK FCDO",))
    assert found.score.spread[0].startswith("On the whole country they differ: 2 by US State")
    assert found.score.gaps == ()
    assert [s.part_level for s in found.strip() if s.source == "uk-fcdo"] == ["4, do not travel"]


def test_the_same_bytes_are_kept_once_and_an_older_file_changes_nothing(destination):
    take(feeds.us(3), feeds.us(3))
    assert AdvisoryImport.objects.count() == 1 and AdvisoryVersion.objects.count() == 1
    [record] = take(feeds.us(1, updated="2026-10-01T00:00:00Z"))
    assert record.counts["older"] == 1
    assert queries.advisories(SYSTEM, "FI").get().level == 3


def test_an_unchanged_word_is_fresh_again(destination, leader):
    with frozen(now() - timedelta(days=40)):
        take(feeds.us(3))
    assert dossiers.dossier(leader, destination).score.level is None
    take(feeds.us(3, updated="2026-11-29T00:00:00Z"))
    assert dossiers.dossier(leader, destination).score.level == 3
    assert AdvisoryVersion.objects.count() == 1, "nothing new was said"


def test_approval_is_refused_in_words_until_all_is_there(destination, leader):
    take(feeds.us(1))
    texts = {k: v for k, v in WHOLE.items() if not k.startswith("evacuation")}
    services.write_statement(actor=leader, destination=destination, texts=texts)
    with pytest.raises(Refused, match="no evacuation plan"):
        services.approve_destination(actor=leader, destination=destination)
    services.write_statement(actor=leader, destination=destination, texts={"evacuation": "By sea"})
    with pytest.raises(Refused, match="nobody owns the evacuation plan"):
        services.approve_destination(actor=leader, destination=destination)
    services.write_statement(
        actor=leader, destination=destination, texts={"evacuation_owner": "Driver"}
    )
    made = services.approve_destination(actor=leader, destination=destination)
    assert made.name == "Lea Leader" and made.snapshot.content["score"]["level"] == 1
    assert made.until == destination.ends + timedelta(days=1)
    assert state(leader, destination) == "approved"


def test_who_may_approve_and_until_when(destination, leader, operation):
    take(feeds.us(1))
    services.write_statement(actor=leader, destination=destination, texts=WHOLE)
    analyst = factories.member(operation, Role.ANALYST)
    with pytest.raises(Denied):
        services.approve_destination(actor=analyst, destination=destination)
    with pytest.raises(Refused, match="Only a named person"):
        services.approve_destination(actor=SYSTEM, destination=destination)
    for until, words in ((-1, "already over"), (91, "at most 90 days")):
        with pytest.raises(Refused, match=words):
            services.approve_destination(
                actor=leader, destination=destination, until=now() + timedelta(days=until)
            )


def test_without_a_recent_word_or_at_level_four_the_signer_says_why(destination, leader):
    services.write_statement(actor=leader, destination=destination, texts=WHOLE)
    with pytest.raises(Refused, match="No recent government advisory"):
        services.approve_destination(actor=leader, destination=destination)
    take(feeds.uk("avoid_all_travel_to_parts"))
    with pytest.raises(Refused, match="do not travel"):
        services.approve_destination(actor=leader, destination=destination)
    services.approve_destination(actor=leader, destination=destination, note="Not those parts")
    assert state(leader, destination) == "approved"


def test_an_advisory_that_rises_makes_it_stale_and_one_that_falls_does_not(approved, leader):
    take(feeds.germany(situationWarning="true", lastModified=1764633600))
    assert state(leader, approved) == "stale"
    [reason] = queries.standing(leader, approved).reasons
    assert reason == (
        "German Foreign Office on FI rose from 1, normal precautions to 2, increased caution"
    )
    clear(actor=leader, kind="destination", record=approved.pk, note="Looked at it")
    assert state(leader, approved) == "stale", "to have looked is not to have signed"
    services.approve_destination(actor=leader, destination=approved)
    assert state(leader, approved) == "approved", "whoever signs anew has looked"
    take(feeds.germany(lastModified=1764720000))
    assert state(leader, approved) == "approved"


def test_a_new_source_counts_as_a_rise_only_when_it_is_worse(destination, leader):
    take(feeds.us(2))
    services.write_statement(actor=leader, destination=destination, texts=WHOLE)
    services.approve_destination(actor=leader, destination=destination)
    take(feeds.canada(1))
    assert state(leader, destination) == "approved"
    take(feeds.germany(warning=True))
    assert state(leader, destination) == "stale"


def test_other_teams_are_told_by_the_worker(approved, leader):
    stranger = factories.person("Foreign Leader")
    factories.operation(stranger)
    services.import_advisories(
        actor=stranger, data=feeds.germany(warning=True, lastModified=1764633600)
    )
    advisory = queries.advisories(SYSTEM, "FI").get(source="germany", scope="whole")
    reason = "German Foreign Office on FI rose from 1, normal precautions to 4, do not travel"
    spread_advisories(risen=[{"advisory": str(advisory.pk), "country": "FI", "reason": reason}])
    assert queries.standing(leader, approved).reasons == (reason,)


def test_a_leg_that_changes_or_comes_makes_it_stale(operation, leader, hotel):
    begins = operation.starts + timedelta(hours=3)
    leg = add_movement(
        actor=leader, operation=operation, kind="road", title="To the quay", starts=begins,
        ends=begins + timedelta(hours=1), destination=hotel,
    )  # fmt: skip
    row = services.add_destination(actor=leader, operation=operation, country="FI", movement=leg)
    take(feeds.us(1))
    services.write_statement(actor=leader, destination=row, texts=WHOLE)
    services.approve_destination(actor=leader, destination=row)
    change_movement(actor=leader, movement=leg, starts=begins + timedelta(minutes=20))
    assert state(leader, row) == "stale"
    services.approve_destination(actor=leader, destination=row)
    far = factories.place(operation, leader, name="Far", position=[48.1, 11.6])
    add_movement(actor=leader, operation=operation, kind="road", title="Far", destination=far)
    assert state(leader, row) == "approved", "a leg elsewhere is another dossier's"
    add_movement(actor=leader, operation=operation, kind="road", title="Again", destination=hotel)
    assert state(leader, row) == "stale"


def test_texts_facts_and_dates_need_a_new_signature(approved, leader):
    services.add_fact(
        actor=leader, destination=approved, section="entry", title="Visa", text="None needed"
    )
    assert state(leader, approved) == "changed"
    services.approve_destination(actor=leader, destination=approved)
    services.change_destination(
        actor=leader, destination=approved, ends=approved.ends + timedelta(days=1)
    )
    assert state(leader, approved) == "changed"
    with pytest.raises(Conflict, match="while you were looking"):
        services.write_statement(
            actor=leader, destination=approved, expected_version=1, texts={"residual": "x"}
        )


def test_it_ends_by_itself_and_can_be_taken_back(approved, leader):
    with frozen(now() + timedelta(days=30)):
        assert state(leader, approved) == "expired"
        assert expire_due() == 1 and expire_due() == 0
    with pytest.raises(Refused, match="Say why"):
        services.withdraw_approval(actor=leader, destination=approved, note=" ")
    services.withdraw_approval(actor=leader, destination=approved, note="The host has moved")
    assert state(leader, approved) == "withdrawn"


def test_what_is_different_since_the_last_trip(approved, leader, operation):
    other = factories.operation(
        leader, engagement=operation.engagement, principal=operation.principal,
        starts=now() + timedelta(days=20),
    )  # fmt: skip
    take(feeds.us(3, updated="2026-11-20T00:00:00Z"))
    row = services.add_destination(actor=leader, operation=other, country="FI")
    [trip] = dossiers.comparisons(leader, dossiers.dossier(leader, row))
    assert trip.snapshot.destination_id == approved.pk and not trip.own
    rose = "The country rose from 1, normal precautions to 3, avoid non-essential travel"
    assert rose in trip.words
    services.keep_snapshot(actor=leader, destination=row)
    own, trip = dossiers.comparisons(leader, dossiers.dossier(leader, row))
    assert own.own and own.words == [] and rose in trip.words


def test_hazards_near_in_place_and_time(destination, leader):
    take(feeds.quake(25.4, 60.3, now().timestamp()))
    [hit] = dossiers.dossier(leader, destination).hazards
    assert hit.row.title == "M 5.1 invented quake" and 20 < hit.km < 40
    assert dossiers.dossier(leader, destination).shape()["hazards"][0]["level"] == 3


def test_facts_are_corrected_and_verified_with_a_source(destination, leader):
    def fact(**more):
        given = {"section": "embassy", "title": "UK embassy", "text": "Itäinen 17", **more}
        services.add_fact(actor=leader, destination=destination, **given)
        found = dossiers.dossier(leader, destination)
        return next(s for s in found.sections if s.key == "embassy").facts

    assert [f.standing for f in fact()] == ["unverified"]
    assert [f.standing for f in fact(source="Rang it", verified_on=now().date())] == ["verified"]
    old = now().date() - timedelta(days=91)
    assert [f.standing for f in fact(source="Rang it", verified_on=old)] == ["stale"]
    assert fact(text="") == [], "an empty text takes it off"
    with pytest.raises(Refused, match="Say where"):
        fact(verified_on=now().date())
    with pytest.raises(Refused, match="no such section"):
        fact(section="poems")


def test_hospitals_of_the_map_stand_with_their_age(destination, operation, leader):
    near = {"name": "City Trauma", "kind": "trauma_centre", "position": [60.19, 24.91]}
    place = factories.place(operation, leader, **near)
    factories.place(operation, leader, name="Far", kind="hospital", position=[48.1, 11.6])

    def care():
        sections = dossiers.dossier(leader, destination).sections
        return [(f.label, f.standing) for s in sections if s.key == "care" for f in s.facts]

    for days, standing in ((1, "verified"), (91, "stale"), (None, "unverified")):
        place.checked_at = None if days is None else now() - timedelta(days=days)
        place.save()
        assert care() == [("City Trauma", standing)]


def test_two_people_sign_for_a_number(destination, leader, operation):
    def standing():
        sections = dossiers.dossier(leader, destination).sections
        return next(s for s in sections if s.key == "numbers").facts[0].standing

    given = {"country": "FI", "service": "any", "number": "112", "source": "the host's police"}
    services.check_number(actor=leader, **given)
    assert standing() == "unverified"
    with pytest.raises(Conflict, match="signed for it already"):
        services.check_number(actor=leader, **given)
    services.check_number(actor=factories.member(operation, Role.ANALYST), **given)
    assert standing() == "verified"
    with pytest.raises(Denied):
        services.check_number(actor=factories.member(operation, Role.DRIVER), **given)
    with pytest.raises(Refused, match="no telephone number"):
        services.check_number(actor=leader, **{**given, "number": "ask"})


def test_proposals_come_from_the_programme(operation, leader, hotel):
    begins = operation.starts
    for title in ("Dinner", "Breakfast"):
        add_movement(
            actor=leader, operation=operation, kind="event", title=title, starts=begins,
            destination=hotel,
        )  # fmt: skip
    [found] = queries.proposals(leader, operation)
    assert (found.place.pk, found.country) == (hotel.pk, "FI")
    services.add_destination(
        actor=leader, operation=operation, country=found.country, movement=found.movement
    )
    assert queries.proposals(leader, operation) == []


def test_strangers_see_nothing_and_nobody_without_a_seat_sees_advisories(destination, operation):
    take(feeds.us(2))
    stranger, nobody = factories.person(), factories.person()
    factories.operation(stranger)
    with pytest.raises(NotFound):
        queries.destination(stranger, destination.pk)
    assert queries.advisories(stranger).count() == 1 and queries.advisories(nobody).count() == 0
    with pytest.raises(Denied):
        services.import_advisories(actor=nobody, data=feeds.us(2))


def test_bad_input_in_words(operation, leader, destination):
    with pytest.raises(Refused, match="no such country"):
        services.add_destination(actor=leader, operation=operation, country="ZZ")
    with pytest.raises(Refused, match="ends before it starts"):
        services.change_destination(
            actor=leader, destination=destination, ends=destination.starts - timedelta(days=1)
        )
    foreign = factories.place(factories.operation(factories.person()), name="Elsewhere")
    with pytest.raises(Refused, match="another team"):
        services.change_destination(actor=leader, destination=destination, place=foreign)
    with pytest.raises(Refused, match="no such part"):
        services.write_statement(actor=leader, destination=destination, texts={"actor": "x"})


def test_dropped_is_off_the_list_and_its_number_is_not_given_again(destination, leader, operation):
    services.drop_destination(actor=leader, destination=destination)
    assert not queries.destinations(leader, operation).exists()
    assert services.add_destination(actor=leader, operation=operation, country="SE").serial == 2
    assert Destination.objects.count() == 2


def test_the_light_of_readiness(approved, leader, operation):
    def light():
        return evidence_of("dossier_approved", Records(leader, operation))

    assert not (light().missing or light().stale or light().due) and light().at is not None
    take(feeds.germany(warning=True, lastModified=1764633600))
    assert light().stale[0].startswith("D1: German Foreign Office on FI rose")
    services.drop_destination(actor=leader, destination=approved)
    assert light().missing == ["no destination has a dossier"]


def test_sources_are_off_until_switched_on_by_name(leader, operation, monkeypatch):
    assert advisory_fetch.due() == []
    with pytest.raises(Refused, match="no such source"):
        services.switch_advisories(actor=leader, source="rumours", on=True)
    services.switch_advisories(actor=leader, source="us-state", on=True)
    assert advisory_fetch.due() == [("us-state", [])]
    answered = advisory_fetch.Answered([feeds.us(2)])
    assert advisory_fetch.keep_answer(source="us-state", answered=answered) == "good"
    row = queries.sources(leader)["us-state"]
    assert timedelta(hours=23) < row.next_at - now() <= timedelta(days=1)
    assert advisory_fetch.due() == [], "once a day"
    waits = []
    for _ in range(4):
        advisory_fetch.keep_answer(
            source="us-state", answered=advisory_fetch.Answered([], "ConnectError: away")
        )
        row = queries.sources(leader)["us-state"]
        waits.append(round((row.next_at - now()) / timedelta(days=1)))
    assert waits == [2, 4, 7, 7] and row.last_error.startswith("ConnectError")


def test_pages_are_asked_only_of_countries_that_somebody_goes_to(destination):
    places = advisory_fetch.catalogue()
    assert set(places) == {"us-state", "uk-fcdo", "canada", "germany", "gdacs", "usgs"}
    asked = list(advisory_fetch.addresses(places["uk-fcdo"], queries.countries_ahead(SYSTEM)))
    assert asked == ["https://www.gov.uk/api/content/foreign-travel-advice/finland"]


def test_a_file_with_one_bad_item_is_taken_and_the_item_is_told(destination):
    rows = [*json.loads(feeds.us(2)), {"Title": "Nowhere at all"}, 7]
    record = services.import_advisories(actor=SYSTEM, data=json.dumps(rows).encode())
    assert record.counts["new"] == 1 and len(record.problems) == 2
    assert bytes(record.original) == json.dumps(rows).encode()

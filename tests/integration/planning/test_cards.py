"""Contingency cards: fitted, versioned, rehearsed, in force; in the hand and in the order."""

import io
import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from pypdf import PdfReader
from tests import factories
from tests.factories import signed_in

from varangian.config.commands import root
from varangian.kernel.clock import frozen, now
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.operations import services as operations
from varangian.planning import printing_cards, services
from varangian.planning.models import CardVersion, Rehearsal
from varangian.planning.queries import cards
from varangian.planning.queries.readiness import readiness
from varangian.platform.access.scope import SYSTEM
from varangian.platform.thread.queries import stale_by_record

from .test_order_faces import bearer


@pytest.fixture
def carded(team):
    """Three cards as drafts."""
    names = ["attack_on_foot", "medical", "breakdown"]
    taken, refused = services.take_cards(
        actor=team.leader, operation=team.operation, library_ids=names
    )
    assert not refused
    team.foot, team.medical, team.breakdown = taken
    return team


@pytest.fixture
def forced(carded):
    for card in (carded.foot, carded.medical, carded.breakdown):
        services.put_in_force(actor=carded.leader, card=card)
        card.refresh_from_db()
    return carded


def shown(team, card, person=None):
    return cards.shown(person or team.leader, card)


def test_a_card_comes_fitted_to_posts_places_and_numbers(carded):
    row = shown(carded, carded.medical)
    calls = {one["who"]: one["how"] for one in row.version.content["call"]}
    assert calls["operations room"] == "ZERO (Operations-room controller)"
    assert calls["ambulance"] == "Emergency number: 112"
    assert row.version.place == carded.trauma and row.state == "draft"
    assert row.word == "WILLOW"
    assert shown(carded, carded.foot).version.place == carded.haven
    assert "no number for client" in row.gaps


def test_all_that_may_arise_is_taken_and_the_rest_reported(carded):
    taken, refused = services.take_cards(
        actor=carded.leader, operation=carded.operation, library_ids=["medical", "flood"]
    )
    assert not taken and {name for name, _ in refused} == {"medical", "flood"}
    taken, _ = services.take_cards(actor=carded.leader, operation=carded.operation)
    names = {card.library_id for card in taken}
    assert "fire" in names and "medical" not in names


def test_versions_stay_and_the_one_in_force_counts(forced):
    services.change_card(
        actor=forced.leader, card=forced.foot, why="Hall", drill={"ppo": "Into the side room."}
    )
    forced.foot.refresh_from_db()
    assert shown(forced, forced.foot).state == "changed"
    team_reads = shown(forced, forced.foot, forced.driver)
    assert team_reads.version.number == 1
    assert "Shout the direction" in team_reads.version.content["drill"][0]["do"]
    services.put_in_force(actor=forced.leader, card=forced.foot)
    forced.foot.refresh_from_db()
    assert shown(forced, forced.foot, forced.driver).version.number == 2
    old = CardVersion.objects.get(card=forced.foot, number=1)
    for deed in (old.save, old.delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()


def test_what_is_refused(carded):
    give = {"actor": carded.leader, "card": carded.foot}
    with pytest.raises(Refused, match="Nothing is different"):
        services.change_card(**give, why="x")
    with pytest.raises(Refused, match="Say what changed"):
        services.change_card(**give, why=" ", trigger="Another")
    with pytest.raises(Refused, match="no such role"):
        services.change_card(**give, why="x", drill={"juggler": "Juggle"})
    with pytest.raises(NotFound):
        elsewhere = factories.operation()
        from varangian.places.services import add_place

        far = add_place(
            actor=SYSTEM,
            compartment_id=elsewhere.compartment_id,
            key_id=elsewhere.key_id,
            name="Elsewhere",
            kind="venue",
        )
        services.change_card(**give, why="x", place=far)
    services.put_in_force(**give)
    with pytest.raises(Refused, match="in force already"):
        services.put_in_force(**give)
    services.withdraw_card(**give)
    with pytest.raises(Refused, match="withdrawn"):
        services.change_card(**give, why="x", trigger="Another")


def test_who_may(carded):
    with pytest.raises(Denied):
        services.put_in_force(actor=carded.driver, card=carded.foot)
    with pytest.raises(NotFound):
        cards.card(carded.driver, carded.foot.pk)
    with pytest.raises(NotFound):
        cards.card(factories.person(), carded.foot.pk)
    services.put_in_force(actor=carded.operator, card=carded.foot)
    assert cards.card(carded.driver, carded.foot.pk)
    assert not cards.cards(carded.client, carded.operation).exists()


def test_the_analyst_reads_the_card_without_the_word(forced):
    assert shown(forced, forced.medical, forced.analyst).word == ""
    assert shown(forced, forced.medical, forced.driver).word == "WILLOW"


def rehearse(team, *chosen, **fields):
    given = {
        "held_at": now() - timedelta(hours=2),
        "minutes": 40,
        "posts": [team.lead, team.wheel],
        "findings": "Key of the side door was missing",
        **fields,
    }
    return services.record_rehearsal(
        actor=team.leader, operation=team.operation, chosen=chosen, **given
    )


def test_a_rehearsal_names_who_when_and_what_was_found(forced):
    made = rehearse(forced, forced.foot, forced.medical)
    assert [row.card for row in made] == [forced.foot, forced.medical]
    assert made[0].people[0] == "Team leader: Lena Leader"
    assert shown(forced, forced.foot).rehearsal.minutes == 40
    for wrong in ({"minutes": 0}, {"posts": []}, {"held_at": now() + timedelta(hours=1)}):
        with pytest.raises(Refused):
            rehearse(forced, forced.foot, **wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Rehearsal.objects.get(pk=made[0].pk).delete()
    services.change_card(actor=forced.leader, card=forced.foot, why="x", trigger="A shout")
    forced.foot.refresh_from_db()
    assert shown(forced, forced.foot).rehearsal is None, "another version, not walked through"


def light(team):
    rows = readiness(team.leader, team.operation)
    return next((row for row in rows if row.artefact.id == "actions_on_rehearsed"), None)


def test_the_light_asks_for_cards_in_force_and_rehearsed(team):
    from varangian.threats.services import assess

    assess(actor=team.leader, operation=team.operation, level="substantial", summary="Writer.")
    team.operation.refresh_from_db()
    assert light(team).state == "missing" and "not in force" in light(team).why
    taken, _ = services.take_cards(actor=team.leader, operation=team.operation)
    for card in taken:
        services.put_in_force(actor=team.leader, card=card)
        card.refresh_from_db()
    assert "not rehearsed" in light(team).why
    rehearse(team, *taken)
    assert light(team).state == "fresh"
    with frozen(now() + timedelta(days=15)):
        assert light(team).state == "due"


def test_the_order_states_the_card_and_hears_of_its_change(forced):
    services.change_card(
        actor=forced.leader, card=forced.foot, why="Hall", drill={"ppo": "Into the side room."}
    )
    services.put_in_force(actor=forced.leader, card=forced.foot)
    order = services.draft_order(actor=forced.leader, operation=forced.operation)
    lines = {line.anchor: line for line in order.lines.all()}
    own = lines["actions_on:card:attack_on_foot"]
    assert "Into the side room." in own.text and "THUNDER" in own.text
    assert (own.reason_kind, own.reason) == ("card", forced.foot.pk)
    assert "actions_on:card:fire" in lines, "standard text where no own card has been taken"
    services.withdraw_card(actor=forced.leader, card=forced.foot)
    reasons = stale_by_record(forced.leader, "order", [order.pk])[order.pk]
    assert any("withdrawn" in reason for reason in reasons)
    order = services.redraft_order(actor=forced.leader, order=order)
    assert not order.lines.filter(anchor="actions_on:card:attack_on_foot").exists()


def test_a_card_is_stale_when_its_post_or_place_changes(forced):
    operations.assign_post(actor=forced.leader, post=forced.room, holder=None)
    assert "controller is empty" in shown(forced, forced.foot).stale[0]


def test_pages_per_role(forced):
    slug = forced.operation.slug
    desk, hand = (
        reverse("planning:cards", args=[slug]),
        reverse("planning:cards_phone", args=[slug]),
    )
    one = reverse("planning:card_phone", args=[forced.foot.pk])
    assert hand.startswith("/m/") and one.startswith("/m/")
    for name in ("leader", "operator", "officer", "driver", "analyst"):
        browser = signed_in(getattr(forced, name))
        for address in (desk, hand, one, reverse("planning:card", args=[forced.foot.pk])):
            assert browser.get(address).status_code == 200, (name, address)
    assert signed_in(forced.client).get(hand).status_code == 403
    page = signed_in(forced.driver).get(one).content.decode()
    assert page.index("You, Driver") < page.index("Personal protection officer")
    assert "Actions-on" in signed_in(forced.driver).get("/").content.decode()


def test_page_deeds(carded):
    browser, slug = signed_in(carded.leader), carded.operation.slug
    browser.post(reverse("planning:cards_take", args=[slug]))
    assert cards.cards(carded.leader, carded.operation).count() > 3
    browser.post(reverse("planning:cards_in_force", args=[slug]))
    rows = cards.shown_of(carded.leader, carded.operation)
    assert {row.state for row in rows} == {"in force"}
    page = browser.get(reverse("planning:card", args=[carded.foot.pk]))
    form = page.context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    data |= {"do-ppo": "Into the side room.", "why": "Hall", "place": str(carded.hall.pk)}
    assert browser.post(page.request["PATH_INFO"], data).status_code == 302
    carded.foot.refresh_from_db()
    newest = shown(carded, carded.foot).version
    assert (newest.number, newest.place) == (2, carded.hall)
    browser.post(reverse("planning:card_deed", args=[carded.foot.pk, "in-force"]))
    told = {
        "cards": [str(carded.foot.pk)],
        "posts": [str(carded.lead.pk)],
        "held_at": "2026-01-10T10:00",
        "minutes": "30",
    }
    browser.post(reverse("planning:cards_rehearse", args=[slug]), told)
    assert Rehearsal.objects.get().minutes == 30


def test_print_puts_own_duty_first_and_is_audited(forced):
    body = printing_cards.cards_pdf(forced.driver, forced.operation)
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    assert "Attack on foot" in text and "THUNDER" in text and "Destroy after" in text
    services.withdraw_card(actor=forced.leader, card=forced.foot)
    for card in (forced.medical, forced.breakdown):
        services.withdraw_card(actor=forced.leader, card=card)
    with pytest.raises(Refused, match="No contingency card is in force"):
        printing_cards.cards_pdf(forced.driver, forced.operation)


def test_api(team, client):
    base, send = f"/api/v1/operations/{team.operation.slug}", {"content_type": "application/json"}
    wheel, lead = bearer(team.driver), bearer(team.leader, writes=True)
    made = client.post(f"{base}/cards", json.dumps({"cards": ["fire", "flood"]}), **send, **lead)
    assert made.status_code == 201 and made.json()["refused"][0]["card"] == "flood"
    pk = made.json()["taken"][0]["id"]
    assert client.get(f"{base}/cards", **wheel).json() == []
    change = json.dumps({"why": "Stairs", "call": {"fire service": "112"}})
    changed = client.patch(f"/api/v1/cards/{pk}", change, **send, **lead).json()
    assert changed["version"] == 2 and changed["call"] == [{"who": "fire service", "how": "112"}]
    assert client.post(f"/api/v1/cards/{pk}/in-force", "{}", **send, **lead).status_code == 200
    assert client.get(f"/api/v1/cards/{pk}", **wheel).json()["state"] == "in force"
    told = {
        "cards": [pk],
        "held_at": "2026-01-10T10:00:00Z",
        "minutes": 20,
        "posts": [str(team.lead.pk)],
    }
    made = client.post(f"{base}/rehearsals", json.dumps(told), **send, **lead)
    assert made.status_code == 201
    assert client.get(f"{base}/rehearsals", **wheel).json()["count"] == 1
    assert len(client.get(f"/api/v1/cards/{pk}/versions", **lead).json()) == 2
    assert client.get(f"{base}/cards/pdf", **lead).content[:4] == b"%PDF"


def test_command_line(team, capsys, tmp_path):
    slug, who = team.operation.slug, ["--as", team.leader.email]
    capsys.readouterr()
    assert root([*who, "card", "take", slug, "--card", "medical", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["card"] == "medical"
    lines = ["card", "change", slug, "medical", "--why", "Pen", "--call", "ambulance=112 door B"]
    assert root([*who, *lines, "--place", "Station One", "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert row["place"] == "Station One" and row["version"] == 2
    assert root([*who, "card", "force", slug, "medical", "--json"]) == 0
    lines = ["--at", "2026-01-10T10:00", "--minutes", "20", "--card", "medical"]
    assert root([*who, "card", "rehearse", slug, *lines, "--post", "Medic", "--json"]) == 0
    capsys.readouterr()
    assert root(["card", "list", slug, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["rehearsed_at"]
    assert root(["card", "show", slug, "medical", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["versions"]) == 2
    out = tmp_path / "cards.pdf"
    assert root([*who, "card", "print", slug, "--out", str(out)]) == 0
    assert out.read_bytes()[:4] == b"%PDF"
    assert root([*who, "card", "withdraw", slug, "medical", "--json"]) == 0

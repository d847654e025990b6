"""BOLO cards: nothing without its reasons, nothing beyond its end; a denial is remembered."""

import json
import os
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from tests import factories

from varangian.config.commands import root
from varangian.kernel.clock import now
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.log import queries as log
from varangian.operations.services import open_operation
from varangian.platform.access.roles import Role
from varangian.platform.access.services import issue_token
from varangian.platform.audit.models import AuditEntry
from varangian.platform.storage.services import read
from varangian.platform.ui import console
from varangian.threats.library.bolo import bolo as library
from varangian.threats.models import BoloCard
from varangian.threats.queries import bolo as queries
from varangian.threats.services import bolo

GIVEN = {
    "kind": "person",
    "title": "Letter writer",
    "why": "Came to the hotel twice and asked for her",
    "features": {"hair": "Grey, cropped", "clothing": "Green parka"},
    "drill": "observe_report",
    "tell": "Desk, channel 2",
    "legal_basis": "legitimate_interests",
    "purpose": "To notice an approach in time",
    "proportionality": "Only the team, only these two days",
}


@pytest.fixture
def draft(team, operation):
    return bolo.draw_card(
        actor=team["analyst"], operation=operation, reviewer=team["operator"], **GIVEN
    )


@pytest.fixture
def card(draft, leader):
    return bolo.issue_card(actor=leader, card=draft)


def reads(card):
    return list(
        AuditEntry.objects.filter(kind="read", record=str(card.pk)).values_list("actor", "purpose")
    )


@pytest.mark.parametrize("lacking", ["why", "tell", "purpose", "proportionality", "title"])
def test_there_is_no_card_without_its_reasons(team, operation, lacking):
    given = {**GIVEN, lacking: " "}
    with pytest.raises(Refused, match=r"without this|title"):
        bolo.draw_card(
            actor=team["analyst"], operation=operation, reviewer=team["operator"], **given
        )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"legal_basis": "because"}, "legal basis"),
        ({"legal_basis": ""}, "legal basis"),
        ({"drill": "do_not_touch"}, "not for a person"),
        ({"features": {"plate": "ABC"}}, "no such feature"),
        ({"expires_at": timedelta(days=60)}, "at most 336 hours"),
        ({"expires_at": timedelta(hours=-1)}, "over already"),
        ({"reviewer": None}, "without a reviewer"),
        ({"threat_score": 7}, "no such field"),
        ({"kind": "crowd"}, "kind of card"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(team, operation, change, words):
    if "expires_at" in change:
        change = {"expires_at": now() + change["expires_at"]}
    given = {**GIVEN, "reviewer": team["operator"], **change}
    with pytest.raises(Refused, match=words):
        bolo.draw_card(actor=team["analyst"], operation=operation, **given)


def test_nobody_reviews_their_own_card_and_only_who_may(team, draft, leader):
    for reviewer in ("analyst", "driver", "stranger"):
        with pytest.raises(Refused):
            bolo.change_card(actor=team["analyst"], card=draft, reviewer=team[reviewer])
    bolo.change_card(actor=team["analyst"], card=draft, reviewer=leader)
    with pytest.raises(Refused, match="own card"):
        bolo.issue_card(actor=leader, card=draft)


def test_only_a_leader_issues_and_only_with_something_to_know_it_by(team, draft, leader):
    with pytest.raises(Denied):
        bolo.issue_card(actor=team["analyst"], card=draft)
    bare = bolo.change_card(actor=team["analyst"], card=draft, features={})
    with pytest.raises(Refused, match="what this is about"):
        bolo.issue_card(actor=leader, card=bare)
    bolo.add_picture(actor=team["analyst"], card=bare, data=factories.picture())
    assert bolo.issue_card(actor=leader, card=bare).live


def test_a_draft_stays_at_the_desk_and_the_field_sees_only_what_is_out(team, draft, leader):
    for who in ("officer", "driver", "stranger", "client"):
        with pytest.raises(NotFound):
            queries.card(team[who], draft.pk)
    bolo.issue_card(actor=leader, card=draft)
    assert queries.card(team["officer"], draft.pk).title == "Letter writer"
    for who in ("stranger", "client"):
        with pytest.raises(NotFound):
            queries.card(team[who], draft.pk)
    bolo.recall_card(actor=team["operator"], card=draft, reason="It was the florist")
    with pytest.raises(NotFound):
        queries.card(team["officer"], draft.pk)
    assert queries.card(team["analyst"], draft.pk).recall_reason == "It was the florist"


def test_what_is_out_is_not_changed_but_drawn_anew_with_its_pictures(team, draft, leader):
    bolo.add_picture(actor=team["analyst"], card=draft, data=factories.picture(), caption="Coat")
    card = bolo.issue_card(actor=leader, card=draft)
    with pytest.raises(Refused, match="not changed any more"):
        bolo.change_card(actor=team["analyst"], card=card, why="Other")
    anew = bolo.draw_anew(actor=team["analyst"], card=card)
    assert anew.state == "draft" and anew.replaces == card and anew.label == "B2"
    assert [one.caption for one in queries.pictures(leader, anew)] == ["Coat"]


def test_time_ends_it_at_once_and_the_job_says_so(team, card, leader, operation):
    BoloCard.objects.filter(pk=card.pk).update(expires_at=now() - timedelta(seconds=1))
    card.refresh_from_db()
    assert card.shown_state == "expired" and not queries.out(team["officer"], operation)
    assert bolo.expire_cards() == 1 and bolo.expire_cards() == 0
    texts = [row.body["event"] for row in log.entries(leader, operation)]
    assert "BOLO B1 has expired" in texts
    assert not any("Letter writer" in text for text in texts)


def test_the_reviewer_lets_it_stand_or_recalls_it(team, card):
    assert card.review_due - now() < timedelta(hours=library().review_within_hours, minutes=1)
    with pytest.raises(Refused, match="is reviewed by"):
        bolo.review_card(actor=team["analyst"], card=card, words="Mine")
    bolo.review_card(actor=team["operator"], card=card, words="Still needed")
    card.refresh_from_db()
    assert card.reviewed_at and card.review_due <= card.expires_at
    bolo.review_card(actor=team["operator"], card=card, words="Not fair", stands=False)
    card.refresh_from_db()
    assert card.state == "recalled" and card.recall_reason == "Not fair"


def test_a_recall_needs_its_reason_and_happens_once(team, card):
    with pytest.raises(Refused, match="why"):
        bolo.recall_card(actor=team["operator"], card=card, reason=" ")
    bolo.recall_card(actor=team["operator"], card=card, reason="Gone home")
    with pytest.raises(Refused, match="recalled already"):
        bolo.recall_card(actor=team["operator"], card=card, reason="Again")


def test_a_sighting_is_a_candidate_and_a_denial_is_remembered(team, card, operation):
    seen = {"actor": team["officer"], "card": card, "operation": operation}
    first = bolo.report_sighting(**seen, words="At the back door")
    assert first.state == "candidate"
    with pytest.raises(Denied):
        bolo.decide_sighting(actor=team["officer"], sighting=first, confirmed=True)
    with pytest.raises(Refused, match="why it was not"):
        bolo.decide_sighting(actor=team["operator"], sighting=first, confirmed=False)
    no = {"confirmed": False, "reason": "The florist"}
    bolo.decide_sighting(actor=team["operator"], sighting=first, **no)
    told = queries.denials(team["officer"], [card])[card.pk]
    assert [row.reason for row in told] == ["The florist"]
    with pytest.raises(Refused, match="was denied"):
        bolo.decide_sighting(actor=team["operator"], sighting=first, confirmed=True)
    second = bolo.report_sighting(**seen, words="By the fountain", position=[60.17, 24.95])
    bolo.decide_sighting(actor=team["operator"], sighting=second, confirmed=True)
    card.refresh_from_db()
    assert card.last_place == "By the fountain (60.1700, 24.9500)" and card.last_seen_at


def test_a_card_for_the_engagement_reaches_every_operation_of_it(team, operation, leader):
    other = open_operation(
        actor=leader,
        engagement=operation.engagement,
        principal=operation.principal,
        title="Second day",
    )
    reviewer = factories.member(operation.engagement, Role.ANALYST)
    guard = factories.member(other, Role.OFFICER)
    made = bolo.draw_card(actor=leader, operation=operation, reviewer=reviewer, wide=True, **GIVEN)
    assert not queries.out(guard, other)
    made = bolo.issue_card(actor=leader, card=made)
    assert [row.pk for row in queries.out(guard, other)] == [made.pk]
    assert made.wide and queries.card(team["officer"], made.pk)
    assert not queries.out(team["stranger"])
    seen = bolo.report_sighting(actor=guard, card=made, operation=other, words="Here")
    assert seen.compartment_id == other.compartment_id


def test_pictures_are_small_for_phones_and_not_many(team, draft):
    noise = Image.frombytes("RGB", (900, 700), os.urandom(900 * 700 * 3))
    out = BytesIO()
    noise.save(out, "PNG")
    made = bolo.add_picture(actor=team["analyst"], card=draft, data=out.getvalue())
    assert len(read(made.small)) <= 22_000 < len(read(made.picture))
    with pytest.raises(Refused, match="not a picture"):
        bolo.add_picture(actor=team["analyst"], card=draft, data=b"GIF89a no picture")
    for _ in range(library().most_pictures - 1):
        bolo.add_picture(actor=team["analyst"], card=draft, data=factories.picture())
    with pytest.raises(Refused, match="at most"):
        bolo.add_picture(actor=team["analyst"], card=draft, data=factories.picture())
    bolo.remove_picture(actor=team["analyst"], picture=made)


class TestScreens:
    @pytest.fixture
    def browser(self, team):
        return lambda role, fresh=True: factories.signed_in(team[role], fresh=fresh)

    def test_from_the_form_to_the_paper(self, browser, team, operation):
        web = browser("analyst")
        new = f"/threats/bolo/of/{operation.slug}/new/"
        assert "Green parka" in web.get(f"{new}?kind=person").content.decode()
        assert "ABC-123" in web.get(f"{new}?kind=vehicle").content.decode()
        assert web.get(f"{new}?kind=crowd").status_code == 422
        given = {name: value for name, value in GIVEN.items() if name not in ("features", "kind")}
        given |= {"f-hair": "Grey", "reviewer": str(team["operator"].pk)}
        given["picture"] = BytesIO(factories.picture())
        given["picture"].name = "her.png"
        assert web.post(f"{new}?kind=person", {**given, "reviewer": ""}).status_code == 422
        given["picture"].seek(0)
        made = web.post(f"{new}?kind=person", given)
        assert made.status_code == 302, made.content.decode()[:2000]
        card = BoloCard.objects.get()
        boss, here = browser("detail_leader"), f"/threats/bolo/{card.pk}/"
        assert "You sign" in boss.get(f"{here}issue/").content.decode()
        assert boss.post(f"{here}issue/").status_code == 302
        page = boss.get(here).content.decode()
        assert "Grey" in page and "To notice an approach" in page
        shown = f"/threats/bolo/pictures/{card.pictures.get().pk}/"
        assert boss.get(shown)["Content-Type"] == "image/jpeg"
        for size in ("a6", "a5"):
            paper = boss.get(f"{here}card.pdf", {"size": size})
            assert paper.content.startswith(b"%PDF")
        assert boss.get(f"{here}card.pdf", {"size": "a0"}).status_code == 422
        assert AuditEntry.objects.filter(kind="export", record=str(card.pk)).count() == 2

    def test_the_field_reads_what_to_do_and_not_the_file_and_each_view_is_kept(
        self, browser, team, card, operation
    ):
        page = browser("officer").get(f"/threats/bolo/{card.pk}/").content.decode()
        assert "Green parka" in page and "Desk, channel 2" in page
        assert "To notice an approach" not in page
        assert (str(team["officer"].pk), "BOLO card opened") in reads(card)
        listed = browser("driver").get(f"/threats/bolo/of/{operation.slug}/").content.decode()
        assert "Letter writer" in listed and "Drafts" not in listed
        assert (str(team["driver"].pk), "BOLO card listed") in reads(card)
        assert browser("officer").get(f"/threats/bolo/{card.pk}/card.pdf").status_code == 403

    def test_who_has_it_open_reads_that_it_was_recalled(self, browser, team, card):
        officer, part = browser("officer"), f"/threats/bolo/{card.pk}/part/"
        desk = browser("operator")
        assert "Why" in desk.get(f"/threats/bolo/{card.pk}/recall/").content.decode()
        desk.post(f"/threats/bolo/{card.pk}/recall/", {"reason": "The florist"})
        gone = officer.get(part).content.decode()
        assert "B1 was recalled" in gone and "Green parka" not in gone and "florist" not in gone
        assert "The florist" in desk.get(part).content.decode()
        assert officer.get(f"/threats/bolo/{card.pk}/").status_code == 404

    def test_issue_and_recall_ask_again_who_is_there(self, team, draft, leader):
        stale = factories.signed_in(leader)
        for deed in ("issue", "recall"):
            answer = stale.post(f"/threats/bolo/{draft.pk}/{deed}/", {"reason": "x"})
            assert answer.status_code in (302, 422)
        draft.refresh_from_db()
        assert draft.state == "draft"

    def test_a_sighting_is_decided_on_screen(self, browser, team, card, operation):
        seen = bolo.report_sighting(
            actor=team["officer"], card=card, operation=operation, words="At the door"
        )
        desk = browser("operator")
        assert "candidate" in desk.get(f"/threats/bolo/{card.pk}/").content.decode()
        sent = {"was": "no", "reason": "Other man"}
        assert desk.post(f"/threats/bolo/sightings/{seen.pk}/", sent).status_code == 302
        told = browser("officer").get(f"/threats/bolo/{card.pk}/").content.decode()
        assert "Other man" in told


class TestApi:
    @pytest.fixture
    def call(self, client, team):
        def send(role, method, path, body=None):
            _, secret = issue_token(user=team[role], label="test", writes=True)
            return client.generic(
                method,
                f"/api/v1{path}",
                json.dumps(body) if body is not None else "",
                content_type="application/json",
                headers={"Authorization": f"Bearer {secret}"},
            )

        return send

    def test_from_draft_to_recall(self, call, team, operation):
        base = f"/operations/{operation.slug}/bolos"
        sent = {**GIVEN, "reviewer": team["operator"].email}
        made = call("analyst", "POST", base, sent)
        assert made.status_code == 201, made.content
        one = f"/bolos/{made.json()['id']}"
        assert call("officer", "GET", one).status_code == 404
        assert call("analyst", "PATCH", one, {"why": "Seen three times"}).status_code == 200
        assert call("analyst", "POST", f"{one}/issue").status_code == 403
        assert call("detail_leader", "POST", f"{one}/issue").json()["state"] == "issued"
        shown = call("officer", "GET", one).json()
        assert shown["why"] == "Seen three times" and "purpose" not in shown
        assert call("officer", "GET", base).json()["count"] == 1
        seen = call("officer", "POST", f"{one}/sightings", {"words": "At the gate"}).json()
        decide = f"/bolo-sightings/{seen['id']}/decide"
        done = call("operator", "POST", decide, {"confirmed": False, "reason": "Other coat"})
        assert done.json()["state"] == "denied"
        rows = call("operator", "GET", f"{one}/sightings").json()["items"]
        assert [row["reason"] for row in rows] == ["Other coat"]
        review = call("operator", "POST", f"{one}/reviews", {"words": "Stands"})
        assert review.status_code == 201
        gone = call("operator", "POST", f"{one}/recall", {"reason": "Over"})
        assert gone.json()["state"] == "recalled"
        assert call("officer", "GET", one).status_code == 404


def test_the_same_at_the_console(team, operation, leader, capsys, tmp_path):
    path = tmp_path / "her.png"
    path.write_bytes(factories.picture())

    def run(who, *words):
        assert root(["--as", team[who].email, "bolo", *words, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    try:
        drawn = run(
            "analyst", "draw", operation.slug, "vehicle", "White van", "--why", "Passed thrice",
            "--tell", "Desk", "--legal-basis", "no_personal_data", "--purpose", "To notice it",
            "--proportionality", "Two days", "--reviewer", team["operator"].email,
            "--feature", "plate=ABC-123", "--picture", str(path),
        )  # fmt: skip
        assert drawn["state"] == "draft" and drawn["features"][0]["text"] == "ABC-123"
        assert run("detail_leader", "issue", operation.slug, "B1")["state"] == "issued"
        assert run("officer", "list", operation.slug)[0]["title"] == "White van"
        seen = run("officer", "seen", operation.slug, "B1", "By the gate")
        run("operator", "decide", seen["id"], "--was")
        shown = run("operator", "show", operation.slug, "B1")
        assert shown["sightings"][0]["state"] == "confirmed"
        assert shown["last_place"] == "By the gate"
        assert run("operator", "review", operation.slug, "B1", "Needed")["stands"]
        gone = run("operator", "recall", operation.slug, "B1", "Over")
        assert gone["recall_reason"] == "Over"
        with pytest.raises(Refused):
            root(["--as", leader.email, "bolo", "list", operation.slug, "--view", "none"])
    finally:
        console.act_for("")

"""The roster as pages, over the API, on the command line, and as a calendar."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from icalendar import Calendar
from tests import factories
from tests.factories import signed_in

from varangian.config.commands import root
from varangian.kernel.clock import frozen
from varangian.kernel.results import Conflict, Denied
from varangian.planning import services
from varangian.planning.models import Assignment, CalendarLink, RosterRun
from varangian.planning.queries import roster as rows
from varangian.platform.access.roles import Role
from varangian.platform.audit.models import AuditEntry

from .test_order_faces import bearer
from .test_roster import BARE, at, crew, shift

__all__ = ["crew"]
SEND = {"content_type": "application/json"}


@pytest.fixture
def told(crew):
    """Ann stands the gate, published; the car is open."""
    leader, operation, (ann, *_) = crew
    gate = shift(crew)
    shift(crew, at(9), title="Car", needs={"everyone": {"firearms": ["pistol"]}, "among": []})
    services.assign(actor=leader, shift=gate, person=ann)
    with frozen(at(0)):
        services.publish(actor=leader, operation=operation)
    return leader, operation, ann, Assignment.objects.get(shift=gate)


def test_grid_per_role(told, crew):
    leader, operation, ann, _ = told
    services.assign(
        actor=leader, shift=shift(crew, at(8, 1), title="Hidden plan"), person=crew[2][1]
    )
    address = reverse("planning:roster", args=[operation.slug])
    page = signed_in(leader).get(address).content.decode()
    for words in ("Gate", "Car", "Nobody can: firearms missing 4", "Hidden plan", "of 60 h"):
        assert words in page, words
    team = signed_in(ann).get(address).content.decode()
    assert "Gate" in team and "Hidden plan" not in team and "of 60" not in team
    assert "Nobody can" not in team
    by_post = signed_in(leader).get(f"{address}?by=post&from=2027-03-01").content.decode()
    assert "open" in by_post and str(ann) in by_post
    assert signed_in(leader).get(f"{address}?from=soon").status_code == 422
    client = factories.member(operation, Role.CLIENT)
    assert signed_in(client).get(address).status_code == 403
    assert signed_in(factories.person()).get(address).status_code == 404


def test_the_page_of_a_shift_names_the_rules_for_each(told):
    leader, operation, ann, row = told
    car = rows.shifts(leader, operation).get(title="Car")
    page = signed_in(leader).get(reverse("planning:roster_shift", args=[car.pk]))
    text = page.content.decode()
    assert "firearms_missing" in text and "double_booking" in text
    barred = signed_in(leader).get(reverse("planning:roster_barred", args=[car.pk])).json()
    assert set(barred[str(ann.pk)]) == {"firearms_missing", "double_booking", "one_duty_a_day"}
    officer = signed_in(ann).get(reverse("planning:roster_shift", args=[car.pk]))
    assert "firearms_missing" not in officer.content.decode()
    assert signed_in(ann).get(reverse("planning:roster_barred", args=[car.pk])).status_code == 403


def test_put_asks_before_it_overrides(told, crew):
    leader, operation, ann, row = told
    ben = crew[2][1]
    car = rows.shifts(leader, operation).get(title="Car")
    browser, put = signed_in(leader), reverse("planning:roster_put", args=[operation.slug])
    given = {"shift": str(car.pk), "person": str(ben.pk), "assignment": ""}
    asked = browser.post(put, given, headers={"HX-Request": "true"}).content.decode()
    assert "firearms_missing" in asked and not rows.assignments(leader, operation).filter(shift=car)
    assert "<html" in browser.post(put, given).content.decode()
    done = browser.post(
        put, {**given, "reason": "He is on the way to renew"}, headers={"HX-Request": "true"}
    )
    assert done.content == b""
    kept = rows.assignments(leader, operation).get(shift=car)
    assert (kept.person, kept.broken) == (ben, ["firearms_missing"])
    page = browser.get(reverse("planning:roster", args=[operation.slug])).content.decode()
    assert "firearms missing" in page and "every place is filled" in page
    moved = {"shift": str(row.shift_id), "person": str(leader.pk), "assignment": str(row.pk)}
    assert browser.post(put, moved).status_code == 302
    assert rows.assignments(leader, operation).get(shift=row.shift).person == leader


def test_page_deeds(team):
    browser, slug = signed_in(team.leader), team.operation.slug
    go = lambda name, **given: browser.post(reverse(f"planning:{name}", args=[slug]), given)  # noqa: E731
    assert go("roster_make", jurisdiction="uk").status_code == 302
    found = rows.roster(team.leader, team.operation)
    assert found.jurisdiction == "uk" and found.shifts.count() > 5
    assert go("roster_add", post="", vehicle="ABC-1", wanted="1", starts="2027-03-01T08:00",
              ends="2027-03-01T12:00").status_code == 302  # fmt: skip
    assert found.shifts.get(title="ABC-1").starts == datetime(2027, 3, 1, 6, tzinfo=UTC)
    assert go("roster_plan").status_code == 302
    assert go("roster_publish").status_code == 302
    person = Assignment.objects.filter(shift__roster=found).first().person
    assert go("roster_sick", person=str(person.pk), since="", until="").status_code == 302
    run = RosterRun.objects.filter(kind="sick").get()
    page = browser.get(reverse("planning:roster", args=[slug])).content.decode()
    assert "After the sick call of" in page
    assert (
        browser.post(reverse("planning:roster_run_deed", args=[run.pk, "drop"])).status_code == 302
    )
    assert go("roster_absent", person=str(team.medic.pk), since="2027-06-01T08:00",
              until="2027-06-02T08:00", why="training").status_code == 302  # fmt: skip
    away = rows.absences(team.leader, [team.medic], team.operation.starts).get()
    assert go("roster_present", absence=str(away.pk)).status_code == 302
    officer = reverse("planning:officer", args=[slug, team.medic.pk])
    assert browser.get(officer).status_code == 200
    kept = {"skills": "radio, first line", "licences": "close protection until 2027-06-30",
            "dislikes": "2027-03-02\nGate", "contract_hours": "36"}  # fmt: skip
    assert browser.post(officer, kept).status_code == 302
    facts = rows.records(team.leader, [team.medic])[team.medic.pk].facts
    assert facts["licences"] == [{"name": "close protection", "until": "2027-06-30"}]
    assert facts["skills"] == ["radio", "first line"] and len(facts["dislikes"]) == 2
    assert "2027-06-30" in browser.get(reverse("planning:officers", args=[slug])).content.decode()
    for name in ("roster_plan", "roster_publish", "roster_make"):
        assert (
            signed_in(team.driver).post(reverse(f"planning:{name}", args=[slug])).status_code == 403
        )
    assert browser.get(reverse("roster:list")).status_code == 200
    assert signed_in(team.driver).get(reverse("roster:list")).status_code == 302


def test_my_duties_in_the_hand(told):
    leader, operation, ann, row = told
    with frozen(at(1)):
        phone = signed_in(ann)
        text = phone.get(reverse("roster:mine")).content.decode()
        assert "Gate" in text and "Accept" in text
        answer = reverse("roster:answer", args=[row.pk])
        assert signed_in(leader).post(answer, {"answer": "accept"}).status_code == 403
        assert phone.post(answer, {"answer": "decline"}).status_code == 422
        part = phone.post(answer, {"answer": "accept"}, headers={"HX-Request": "true"})
        assert "accepted" in part.content.decode() and "<html" not in part.content.decode()
        row.refresh_from_db()
        assert row.state == "accepted"
        other = signed_in(leader).get(reverse("roster:mine")).content.decode()
        assert "Gate" not in other


def secret_of(person) -> str:
    page = signed_in(person).post(reverse("roster:new_link")).content.decode()
    return page.split("/calendar/")[1].split("/duty.ics")[0]


def feed(secret: str):
    return Client().get(reverse("roster:calendar", args=[secret]))


def test_the_calendar_tells_times_alone_unless_the_house_says_more(told):
    leader, operation, ann, row = told
    secret = secret_of(ann)
    answer = feed(secret)
    assert answer.status_code == 200 and answer["Content-Type"] == "text/calendar"
    [event] = Calendar.from_ical(answer.content).events
    assert event.decoded("dtstart") == row.starts and event.decoded("dtend") == row.ends
    assert (event["summary"], event["status"]) == ("Duty", "TENTATIVE")
    for word in (b"Gate", operation.slug.encode(), operation.title.encode(), b"HERON", b"LOCATION"):
        assert word not in answer.content
    with override_settings(CALENDAR_WORDS="posts"):
        assert b"SUMMARY:Gate\r\n" in feed(secret).content
    with override_settings(CALENDAR_WORDS="operations"):
        assert f"Gate\\, {operation.slug}".encode() in feed(secret).content


def test_the_calendar_holds_own_published_duties_only(told, crew):
    leader, operation, ann, row = told
    ben = crew[2][1]
    services.assign(actor=leader, shift=shift(crew, at(8, 1), title="Proposed"), person=ann)
    assert feed(secret_of(ann)).content.count(b"BEGIN:VEVENT") == 1
    assert feed(secret_of(ben)).content.count(b"BEGIN:VEVENT") == 0
    ann.memberships.filter(compartment=operation.compartment).delete()
    assert feed(secret_of(ann)).content.count(b"BEGIN:VEVENT") == 0, "no longer of the team"


def test_the_link_is_a_hash_rotates_dies_and_opens_nothing_else(told):
    _, operation, ann, _ = told
    first = secret_of(ann)
    assert not CalendarLink.objects.filter(digest=first).exists()
    second = secret_of(ann)
    assert feed(first).status_code == 404 and feed(second).status_code == 200
    browser = Client()
    browser.get(reverse("roster:calendar", args=[second]))
    assert browser.get(reverse("roster:mine")).status_code == 302, "no session comes of it"
    assert browser.post(reverse("roster:calendar", args=[second])).status_code == 405
    api = Client().get("/api/v1/my-duties", headers={"Authorization": f"Bearer {second}"})
    assert api.status_code == 401
    assert signed_in(ann).post(reverse("roster:revoke_link")).status_code == 302
    assert feed(second).status_code == 404 and feed("guess").status_code == 404
    third = secret_of(ann)
    ann.is_active = False
    ann.save()
    assert feed(third).status_code == 404
    told_to_audit = "".join(f"{e.purpose} {e.changes}" for e in AuditEntry.objects.all())
    assert not any(secret in told_to_audit for secret in (first, second, third))


def test_api(told, crew, client):
    leader, operation, ann, row = told
    base = f"/api/v1/operations/{operation.slug}"
    lead, officer = bearer(leader, writes=True), bearer(ann, writes=True)
    shape = client.get(f"{base}/roster", **lead).json()
    assert [gap["shift"] for gap in shape["gaps"]] == ["S2"] and shape["edition"] == 1
    assert "hours" not in client.get(f"{base}/roster", **officer).json()
    new = {"title": "Hall", "starts": "2027-03-02T08:00", "ends": "2027-03-02T16:00", "needs": BARE}
    made = client.post(f"{base}/roster/shifts", json.dumps(new), **SEND, **lead)
    assert made.status_code == 201 and made.json()["starts"] == "2027-03-02T06:00:00Z"
    pk = made.json()["id"]
    assert (
        client.post(f"{base}/roster/shifts", json.dumps(new), **SEND, **officer).status_code == 403
    )
    put = client.post(f"/api/v1/shifts/{pk}/assignments", json.dumps({"email": ann.email}),
                      **SEND, **lead)  # fmt: skip
    assert put.status_code == 201
    again = client.post(f"/api/v1/shifts/{pk}/assignments", json.dumps({"email": ann.email}),
                        **SEND, **lead)  # fmt: skip
    assert again.status_code in (409, 422)
    duty = put.json()["id"]
    ben = crew[2][1]
    moved = client.post(f"/api/v1/assignments/{duty}/move", json.dumps({"email": ben.email}),
                        **SEND, **lead)  # fmt: skip
    assert moved.json()["officer"] == ben.email
    assert client.patch(f"/api/v1/shifts/{pk}", json.dumps({"wanted": 2}), **SEND,
                        **lead).json()["wanted"] == 2  # fmt: skip
    run = client.post(f"{base}/roster/plan", "{}", **SEND, **lead).json()
    assert run["state"] == "taken"
    assert client.get(f"/api/v1/roster-runs/{run['id']}", **officer).status_code == 404
    assert client.post(f"{base}/roster/publish", **SEND, **lead).json()["edition"] == 2
    mine = client.get("/api/v1/my-duties", **officer).json()["items"]
    assert "S1" in {item["shift"] for item in mine}
    said = client.post(f"/api/v1/assignments/{row.pk}/answer", json.dumps({"accept": True}),
                       **SEND, **officer)  # fmt: skip
    assert said.json()["state"] == "accepted"
    sick = client.post(
        f"{base}/roster/sick", json.dumps({"email": ben.email, "since": "2027-03-01T00:00:00Z"}),
        **SEND, **lead,
    ).json()  # fmt: skip
    decided = client.post(f"/api/v1/roster-runs/{sick['id']}/decide", json.dumps({"take": True}),
                          **SEND, **lead)  # fmt: skip
    assert decided.json()["state"] == "taken"
    assert client.get(f"{base}/absences", **lead).json()["count"] == 1
    wrote = client.put(f"{base}/officers/{ann.email}", json.dumps({"facts": {"skills": ["radio"]}}),
                       **SEND, **lead)  # fmt: skip
    assert wrote.json()["facts"] == {"skills": ["radio"]}
    assert client.get(f"{base}/roster/export", **lead).json()["format"] == "varangian-roster/1"
    assert client.get(f"{base}/roster/export", **officer).status_code == 403
    link = client.post("/api/v1/my-calendar", **SEND, **officer).json()["path"]
    assert Client().get(link).status_code == 200
    assert client.delete("/api/v1/my-calendar", **officer).status_code == 204
    assert Client().get(link).status_code == 404


def test_command_line(told, crew, capsys, tmp_path):
    leader, operation, ann, _ = told
    slug, who = operation.slug, ["--as", leader.email]

    def run(*words):
        capsys.readouterr()
        assert root([*who, "roster", *words]) == 0
        return capsys.readouterr()

    shown = json.loads(run("show", slug, "--json").out)
    assert shown["gaps"][0]["shift"] == "S2" and shown["hours"]
    times = ("--starts", "2027-03-02T08:00", "--ends", "2027-03-02T16:00")
    run("add", slug, *times, "--title", "Hall", "--needs", '{"everyone": {}}', "--json")
    run("assign", slug, "S3", ann.email, "--json")
    with pytest.raises(Conflict, match="already on duty"):
        run("assign", slug, "S2", ann.email)
    run("off", slug, "S3", ann.email)
    assert json.loads(run("plan", slug, "--json").out)["state"] == "taken"
    assert json.loads(run("publish", slug, "--json").out)["edition"] == 2
    assert len(json.loads(run("shifts", slug, "--json").out)) == 3
    sick = json.loads(run("sick", slug, ann.email, "--since", "2027-03-01T00:00", "--take",
                          "--json").out)  # fmt: skip
    assert sick["state"] == "taken" and sick["changes"]
    run("officer", slug, ann.email, "--facts", '{"languages": ["fi"]}', "--json")
    assert json.loads(run("officer", slug, ann.email, "--json").out)["facts"]["languages"] == ["fi"]
    out = tmp_path / "roster.json"
    run("export", slug, "--out", str(out))
    solved = json.loads(run("solve", str(out), "--seconds", "1", "--json").out)
    assert solved["summary"]["shifts"] == 3, "what is exported is solved by the file verbs"
    run(
        "away", slug, crew[2][2].email, "--starts", "2027-05-01T00:00", "--ends", "2027-05-08T00:00"
    )
    who[1] = crew[2][1].email
    with pytest.raises(Denied):
        run("publish", slug)
    assert json.loads(run("mine", "--json").out) is not None


def test_officers_hear_of_a_duty_that_waits(told):
    from varangian.planning.roster_ties import waiting

    _, _, ann, _ = told
    with frozen(at(0)):
        assert waiting(ann) == 1
    with frozen(at(0) + timedelta(days=9)):
        assert waiting(ann) == 0


def test_ways_to_duty_at_every_door(told):
    leader, operation, ann, _ = told
    services.write_officer(actor=leader, operation=operation, person=ann, home="Porvoo")
    browser, site = signed_in(leader), operation.title
    page = browser.get(reverse("planning:officers", args=[operation.slug])).content.decode()
    assert "1 way to duty not known" in page and f"Porvoo to {site}" in page
    roster = browser.get(reverse("planning:roster", args=[operation.slug])).content.decode()
    assert "not known and counted as 0 minutes" in roster
    keep = reverse("planning:roster_ways", args=[operation.slug])
    browser.post(keep, {"home": "Porvoo", "site": site, "minutes": "50"})
    address = f"/api/v1/operations/{operation.slug}/officers/ways"
    assert browser.get(address).json() == [{"home": "Porvoo", "site": site, "minutes": 50}]
    given = {"ways": [{"home": "Porvoo", "site": site, "minutes": 55}]}
    assert Client().put(address, json.dumps(given), **SEND).status_code == 401
    answer = Client().put(address, json.dumps(given), **SEND, **bearer(leader, True))
    assert answer.json()[0]["minutes"] == 55
    roster = browser.get(reverse("planning:roster", args=[operation.slug])).content.decode()
    assert "counted as 0 minutes" not in roster
    assert signed_in(ann).post(keep, {}).status_code == 403

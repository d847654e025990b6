"""The hot wash through its doors: pages by role, the phone, the API, the command line."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from tests import factories
from tests.factories import signed_in

from varangian.config.commands import root
from varangian.kernel.clock import now
from varangian.kernel.results import NotFound, Refused
from varangian.planning import services
from varangian.planning.models import Debrief, Lesson, Observation

from .test_debrief import acting, confirmed, held, said  # noqa: F401
from .test_order_faces import bearer

JSON = {"content_type": "application/json"}


def url(team, name="debrief"):
    return reverse(f"planning:{name}", args=[team.operation.slug])


@pytest.mark.parametrize("name", ["leader", "officer", "driver", "analyst", "operator"])
def test_the_team_reads_it(held, name):  # noqa: F811
    acting(held, confirmed(held, about=("log", held.entry.pk)))
    page = signed_in(getattr(held, name)).get(url(held))
    body = page.content.decode()
    assert page.status_code == 200
    assert "Hotel to hall" in body and "+12" in body and "no tracks" in body
    assert "The road was blocked" in body and "Drive the alternate" in body
    assert ("Sign and close" in body) == (name == "leader")


def test_client_and_strangers_do_not(held):  # noqa: F811
    assert signed_in(held.client).get(url(held)).status_code == 403
    assert signed_in(factories.person()).get(url(held)).status_code == 404
    row = said(held)
    page = reverse("planning:observation", args=[row.pk])
    assert signed_in(held.client).get(page).status_code == 404
    assert signed_in(held.client).get(url(held, "debrief_phone")).status_code == 403


def test_before_it_is_opened_the_comparison_stands_alone(team):
    body = signed_in(team.leader).get(url(team)).content.decode()
    assert "No hot wash yet" in body and "No order was issued" in body
    phone = signed_in(team.driver).get(url(team, "debrief_phone")).content.decode()
    assert "not open" in phone


def test_two_taps_on_the_phone(held):  # noqa: F811
    phone = url(held, "debrief_phone")
    about = f"log:{held.entry.pk}"
    page = signed_in(held.driver).get(phone, {"about": about}).content.decode()
    assert about in page and "Log entry" in page
    given = {"text": "Blocked", "kind": "improve", "near_miss": "1", "about": about}
    assert signed_in(held.driver).post(phone, given).status_code == 302
    row = Observation.objects.get()
    assert (row.about, row.near_miss, row.by) == (held.entry.pk, True, held.driver)
    wrong = signed_in(held.driver).post(phone, {**given, "about": "log:nonsense"})
    assert wrong.status_code == 422


def test_the_leader_works_through_an_observation(held):  # noqa: F811
    row, browser = said(held), signed_in(held.leader, fresh=True)
    page = reverse("planning:observation", args=[row.pk])

    def deed(what, **given):
        return browser.post(reverse("planning:observation_deed", args=[row.pk, what]), given)

    assert deed("confirm", near_miss="1").status_code == 302
    due = (now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    assert deed("action", action="Ask", owner=held.driver.email, due=due).status_code == 302
    assert deed("words", words="A road was shut").status_code == 302
    assert deed("words", words="Lena Leader drove").status_code == 422
    assert deed("explode").status_code == 404
    target = f"fact:{held.hall.pk}:stewards"
    sent = reverse("planning:lesson_send", args=[row.pk])
    assert browser.post(sent, {"target": target, "text": "Ask them"}).status_code == 302
    assert "Lesson of" in browser.get(page).content.decode()
    assert deed("end", outcome="Asked").status_code == 302
    closed = browser.post(url(held, "debrief_close"), {"summary": "A long day"})
    assert closed.status_code == 302
    body = browser.get(url(held)).content.decode()
    assert "signature genuine" in body and "A long day" in body
    assert browser.get(page).status_code == 200


def test_a_lesson_page_takes_and_declines(held):  # noqa: F811
    held.point = confirmed(held)
    lesson = services.send_lesson(
        actor=held.leader, observation=held.point, text="Ask", place=held.hall, item="stewards"
    )
    page = reverse("planning:lesson", args=[lesson.pk])
    browser = signed_in(held.leader)
    assert "Take it" in browser.get(page).content.decode()
    assert "Take it" not in signed_in(held.driver).get(page).content.decode()
    assert lesson.dated in browser.get(url(held, "debrief_lessons")).content.decode()
    answer = reverse("planning:lesson_answer", args=[lesson.pk])
    assert browser.post(answer, {"outcome": "declined", "reason": "Ours"}).status_code == 302
    assert "declined" in browser.get(page).content.decode()


def test_api(held, client):  # noqa: F811
    lead, wheel = bearer(held.leader, writes=True), bearer(held.driver, writes=True)
    base = f"/api/v1/operations/{held.operation.slug}/debrief"

    def post(address, who=lead, **fields):
        return client.post(f"/api/v1{address}", json.dumps(fields), **JSON, **who)

    row = client.get(base, **wheel).json()
    assert row["state"] == "held" and row["tracks"] == "no tracks"
    assert [r["minutes"] for r in row["compared"] if r["phase"] == "departs"] == [12]
    assert client.post(base, **JSON, **lead).status_code == 422
    made = post(f"/operations/{held.operation.slug}/debrief/observations", wheel, kind="improve",
                text="Blocked", about_kind="log", about=str(held.entry.pk))  # fmt: skip
    assert made.status_code == 201
    at = f"/observations/{made.json()['id']}"
    assert post(f"{at}/confirm", wheel).status_code == 403
    assert post(f"{at}/confirm", near_miss=True).json()["near_miss"]
    due = (now() + timedelta(days=2)).isoformat()
    planned = post(f"{at}/action", action="Ask", owner=held.driver.email, due=due)
    assert planned.json()["action_state"] == "open"
    assert post(f"{at}/client-words", words="A road").json()["client_words"] == "A road"
    lesson = post(f"{at}/lessons", text="Ask", place=str(held.hall.pk), item="stewards")
    assert lesson.status_code == 201 and lesson.json()["target"] == "fact"
    waits = client.get(f"/api/v1/operations/{held.operation.slug}/lessons", **wheel).json()
    assert len(waits) == 1
    reply = {"outcome": "taken", "reason": "Asked"}
    assert post(f"/lessons/{lesson.json()['id']}/answer", wheel, **reply).status_code == 403
    assert post(f"/lessons/{lesson.json()['id']}/answer", **reply).json()["outcome"] == "taken"
    assert post(f"{at}/action/end", wheel, outcome="Asked").json()["action_state"] == "done"
    closed = client.post(f"{base}/close", json.dumps({"summary": "A day"}), **JSON, **lead).json()
    assert closed["state"] == "closed" and closed["signature"]["genuine"]
    other = bearer(factories.person())
    assert client.get(base, **other).status_code == 404
    assert client.get(f"/api/v1{at}", **other).status_code in (404, 405)


def test_command_line(held, capsys):  # noqa: F811
    slug, lead = held.operation.slug, ["--as", held.leader.email]
    held.wash.delete()

    def run(*words, who=lead):
        capsys.readouterr()
        code = root([*who, "debrief", *words, "--json"])
        out = capsys.readouterr().out
        return code, json.loads(out) if out.strip() else None

    assert run("open", slug)[1]["state"] == "held"
    wheel = ["--as", held.driver.email]
    code, row = run("note", slug, "improve", "Blocked", "--about", f"log:{held.entry.serial}",
                    "--near-miss", who=wheel)  # fmt: skip
    assert code == 0 and row["near_miss"] and row["about"]["id"] == str(held.entry.pk)
    with pytest.raises(Refused, match="names no record"):
        run("note", slug, "improve", "x", "--about", "log:x", who=wheel)
    assert run("confirm", slug, "1", "--client", "A road was shut")[1]["confirmed"]
    due = (now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%S")
    row = run("act", slug, "1", "--action", "Ask", "--owner", held.driver.email, "--due", due)[1]
    assert row["owner"] == held.driver.email
    taught = run("teach", slug, "1", "Ask", "--place", str(held.hall.pk), "--item", "stewards")
    assert taught[1]["item"] == "stewards"
    assert run("lessons", slug)[1][0]["id"] == taught[1]["id"]
    assert run("answer", taught[1]["id"], "declined", "--reason", "Ours")[1]["reason"] == "Ours"
    assert run("act", slug, "1", "--done", "Asked", who=wheel)[1]["action_state"] == "done"
    assert run("close", slug, "--summary", "A day")[1]["signature"]["genuine"]
    shown = run("show", slug)[1]
    assert shown["observations"][0]["outcome"] == "Asked" and shown["state"] == "closed"
    assert root([*lead, "debrief", "show", slug]) == 0
    assert Debrief.objects.count() == Lesson.objects.count() == 1
    with pytest.raises(NotFound):
        run("show", slug, who=["--as", factories.person().email])

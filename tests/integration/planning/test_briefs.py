"""Briefs: drafted from what is on record, judged in listed words, sealed, read, superseded."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from tests import factories
from tests.factories import signed_in

from varangian.config.commands import root
from varangian.intelligence.models import FeedImport, Signal
from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Denied, NotFound, Refused
from varangian.operations import services as operations
from varangian.planning import printing_briefs, services
from varangian.planning.models import Brief, BriefItem, BriefReading
from varangian.planning.queries import brief_material, briefs
from varangian.planning.services.brief_issuing import own_rows
from varangian.planning.signing_briefs import brief_fault
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.threats import services as threats

from .test_order_faces import bearer

LINE = "The day stands. Use the side door."
JUDGED = {"confidence": "moderate", "basis": "Two letters and no visit"}


def drafted(team, **given):
    day = brief_material.day_of(team.operation, team.drive.starts)
    given = {"day": day} | given if given.get("kind") != "pre_trip" else given
    return services.draft_brief(actor=team.analyst, operation=team.operation, **given)


@pytest.fixture
def brief(team):
    return drafted(team)


@pytest.fixture
def out(team, brief):
    services.write_brief(actor=team.analyst, brief=brief, bottom_line=LINE, readers="team",
                         tlp="amber")  # fmt: skip
    return services.issue_brief(actor=team.analyst, brief=brief)


def said(actor, brief):
    shown = briefs.shown(actor, brief)
    return {s.rule.id: list(s.items) for s in shown.sections}


def hazard(kind="flood", **more):
    feed = FeedImport.objects.create(kind="cap", original=b"x")
    return Signal.objects.create(
        source="invented-feed", native_id=f"one-{kind}", kind=kind, title=f"Invented {kind}",
        geometry={"disc": [60.17, 24.94, 5]}, starts=now(), expires=now() + timedelta(days=3),
        feed_import=feed, **more,
    )  # fmt: skip


def test_a_daily_brief_says_what_is_on_record_and_what_is_not_known(team, brief):
    found = said(team.analyst, brief)
    assert found["programme"][0].title.endswith("Hotel to hall")
    assert "Hotel Invented to Invented Hall" in found["programme"][0].text
    threat = found["threat"][0]
    assert threat.title == "T1 Angry letter writer" and threat.grade == "B2" and threat.at
    assert found["weather"][0].unknown and "not known" in found["weather"][0].title
    assert found["destination"][0].unknown
    care = {row.title: row for row in found["care"]}
    assert "km in a straight line" in care["Invented Hospital (trauma centre)"].text
    assert care["Station One (safe haven)"].at
    assert briefs.shown(team.analyst, brief).unknown >= 3


def test_a_signal_that_touches_a_leg_is_ungraded_and_weather_only_from_a_source(team):
    hazard(), hazard("weather", severity="Severe")
    brief = drafted(team)
    found = said(team.analyst, brief)
    assert found["signals"][0].title == "Invented flood"
    assert "leg 1" in found["signals"][0].text and not found["signals"][0].grade
    assert found["weather"][0].title == "Invented weather" and not found["weather"][0].unknown
    shaped = signed_in(team.analyst).get(f"/planning/briefs/{brief.pk}/").content.decode()
    assert "invented-feed · ungraded" in shaped


def test_only_legs_of_the_day_and_those_without_a_start(team):
    operations.add_movement(actor=team.leader, operation=team.operation, kind="road",
                            title="Some day", zone="Europe/Helsinki")  # fmt: skip
    operations.add_movement(
        actor=team.leader, operation=team.operation, kind="road", title="Next week",
        zone="Europe/Helsinki", starts=team.drive.starts + timedelta(days=7),
    )  # fmt: skip
    titles = {
        row.title.split(": ")[1]: row for row in said(team.analyst, drafted(team))["programme"]
    }
    assert "Next week" not in titles and titles["Some day"].unknown


def test_a_pre_trip_brief_speaks_of_the_chosen_legs(team):
    brief = drafted(team, kind="pre_trip", legs=[team.speech.pk])
    assert [row.title for row in said(team.analyst, brief)["programme"]] == ["Leg 2: Speech"]
    assert "TRIP" in brief.serial
    with pytest.raises(Conflict):
        drafted(team, kind="pre_trip")
    with pytest.raises(Refused, match="no such leg"):
        services.withdraw_brief(actor=team.analyst, brief=brief)
        drafted(team, kind="pre_trip", legs=[team.operation.pk])


def test_officers_read_nothing_that_they_could_not_see_themselves(team, out):
    mine, theirs = said(team.officer, out), said(team.analyst, out)
    assert "threat" in theirs and "readiness" in theirs
    assert "threat" not in mine and "readiness" not in mine and "programme" in mine
    client = signed_in(team.officer)
    for address in (f"/planning/briefs/{out.pk}/", f"/m/briefs/{out.pk}/"):
        page = client.get(address).content.decode()
        assert LINE in page and "Angry letter writer" not in page
        assert "there may be more" in page
    threat = BriefItem.objects.filter(brief=out, section="threat").first()
    with pytest.raises(NotFound):
        briefs.item(team.officer, threat.pk)


def test_a_threat_marked_red_stays_with_those_who_assess(team):
    threats.change_source(actor=team.leader, source=team.source, handling="red")
    brief = drafted(team)
    assert "T1 Angry letter writer" in [row.title for row in said(team.analyst, brief)["threat"]]
    assert "threat" not in said(team.operator, brief)


def test_drafts_and_briefs_for_the_desk_are_not_for_the_team(team, brief):
    with pytest.raises(NotFound):
        briefs.brief(team.officer, brief.pk)
    services.write_brief(actor=team.analyst, brief=brief, bottom_line=LINE)
    services.issue_brief(actor=team.analyst, brief=brief)
    with pytest.raises(NotFound):
        briefs.brief(team.officer, brief.pk)
    assert briefs.brief(team.operator, brief.pk)
    asked = {row.user.pk for row in BriefReading.objects.filter(brief=brief)}
    assert asked == {team.leader.pk, team.operator.pk, team.analyst.pk}


def test_red_is_for_the_named_readers_only(team, brief):
    late = factories.member(team.operation, Role.OFFICER)
    services.write_brief(actor=team.analyst, brief=brief, bottom_line=LINE, readers="team",
                         tlp="red")  # fmt: skip
    services.issue_brief(actor=team.analyst, brief=brief)
    assert briefs.brief(team.officer, brief.pk)
    with pytest.raises(NotFound):
        briefs.brief(late, brief.pk)


def test_vague_words_are_pointed_out_mended_and_never_issued(team, brief):
    services.write_brief(actor=team.analyst, brief=brief, bottom_line=LINE)
    row = services.add_judgement(actor=team.analyst, brief=brief, probability="about even",
                                 text="He will probably come to the hall", **JUDGED)  # fmt: skip
    found = briefs.judged(row).findings
    assert [(one.word, one.offer) for one in found] == [("probably", ("likely", "very likely"))]
    with pytest.raises(Refused, match="‘probably’"):
        services.issue_brief(actor=team.analyst, brief=brief)
    mended = services.mend_judgement(actor=team.analyst, judgement=row, word="probably",
                                     instead="likely")  # fmt: skip
    assert mended.text == "He will likely come to the hall" and mended.probability == "likely"
    assert not briefs.judged(mended).findings
    assert services.issue_brief(actor=team.analyst, brief=brief).state == "issued"
    with pytest.raises(Refused, match="not changed"):
        services.change_judgement(actor=team.analyst, judgement=mended, text="It snows")


@pytest.mark.parametrize(
    ("name", "value"),
    [("probability", "60 %"), ("confidence", "certain"), ("basis", " "), ("text", ""),
     ("readers", "press"), ("text", "x" * 700)],
)  # fmt: skip
def test_a_judgement_without_listed_words_and_a_basis_is_refused(team, brief, name, value):
    given = {"text": "It rains", "probability": "likely", **JUDGED, name: value}
    with pytest.raises(Refused):
        services.add_judgement(actor=team.analyst, brief=brief, **given)


def test_what_the_team_reads_names_nothing_of_the_desk(team, brief):
    services.write_brief(actor=team.analyst, brief=brief, readers="team",
                         bottom_line="The angry letter writer is in town.")  # fmt: skip
    with pytest.raises(Refused, match="not all of them"):
        services.issue_brief(actor=team.analyst, brief=brief)
    services.write_brief(actor=team.analyst, brief=brief, bottom_line=LINE)
    row = services.add_judgement(actor=team.analyst, brief=brief, probability="likely",
                                 text="The angry letter writer comes", **JUDGED)  # fmt: skip
    services.issue_brief(actor=team.analyst, brief=brief)
    assert row.pk not in [one.pk for one in briefs.judgements(team.officer, brief)]
    assert row.pk in [one.pk for one in briefs.judgements(team.operator, brief)]


def test_left_out_with_a_reason_order_and_a_new_draft_that_keeps_both(team, brief):
    rows = said(team.analyst, brief)["care"]
    with pytest.raises(Refused, match="why"):
        services.leave_out(actor=team.analyst, item=rows[0], reason=" ")
    services.leave_out(actor=team.analyst, item=rows[0], reason="Closed at night")
    legs = said(team.analyst, brief)["programme"]
    services.move_item(actor=team.analyst, item=legs[0], up=False)
    services.redraft_brief(actor=team.analyst, brief=brief)
    found = briefs.shown(team.analyst, brief)
    assert [row.reason for row in found.left_out] == ["Closed at night"]
    assert [r.title for r in said(team.analyst, brief)["programme"]] == [
        legs[1].title,
        legs[0].title,
    ]
    services.take_in(actor=team.analyst, item=found.left_out[0])
    assert not briefs.shown(team.analyst, brief).left_out


def test_a_bottom_line_has_one_to_three_sentences(team, brief):
    with pytest.raises(Refused, match="3 sentences"):
        services.write_brief(actor=team.analyst, brief=brief, bottom_line="A. B. C. D.")
    with pytest.raises(Refused, match="bottom line"):
        services.issue_brief(actor=team.analyst, brief=brief)


def test_issued_it_is_sealed_asked_of_the_posts_and_read(team, out):
    assert not brief_fault(out, *own_rows(SYSTEM, out))
    asked = BriefReading.objects.filter(brief=out)
    assert asked.count() == 6 and not asked.exclude(at=None).exists()
    row = services.read_brief(actor=team.officer, brief=out)
    assert row.at and services.read_brief(actor=team.officer, brief=out).at == row.at
    with pytest.raises(NotFound):
        services.read_brief(actor=factories.person("Nobody Invented"), brief=out)
    BriefItem.objects.filter(brief=out).update(grade="A1")
    assert brief_fault(out, *own_rows(SYSTEM, out))


def test_operators_draft_but_do_not_issue_and_officers_do_neither(team, brief):
    services.write_brief(actor=team.operator, brief=brief, bottom_line=LINE)
    with pytest.raises(Denied):
        services.issue_brief(actor=team.operator, brief=brief)
    with pytest.raises(Denied):
        services.draft_brief(actor=team.officer, operation=team.operation)


def test_a_changed_threat_and_a_new_one_make_it_stale(team, out):
    assert not briefs.shown(team.analyst, out).stale
    threats.change_source(actor=team.leader, source=team.source, intent="low")
    assert "Threat T1 changed" in briefs.shown(team.analyst, out).stale[0]
    assert briefs.shown(team.officer, out).stale == [briefs.UNDER_REVIEW]
    threats.add_source(actor=team.leader, operation=team.operation, title="Second")
    threats.assess(actor=team.leader, operation=team.operation, level="severe", summary="Worse")
    told = " ".join(briefs.shown(team.analyst, out).stale)
    assert "T2 added" in told and "severe" in told
    page = signed_in(team.analyst).get(f"/planning/briefs/{out.pk}/").content.decode()
    assert "Changed since issue" in page and "Threat T1 changed" in page


def test_a_stale_draft_is_drafted_anew_before_it_goes_out(team, brief):
    services.write_brief(actor=team.analyst, brief=brief, bottom_line=LINE)
    operations.change_movement(actor=team.leader, movement=team.drive,
                               starts=team.drive.starts + timedelta(minutes=5))  # fmt: skip
    with pytest.raises(Refused, match="something has changed"):
        services.issue_brief(actor=team.analyst, brief=brief)
    services.redraft_brief(actor=team.analyst, brief=brief)
    assert services.issue_brief(actor=team.analyst, brief=brief).state == "issued"


def test_a_newer_one_supersedes_and_tells_only_what_is_new(team, out):
    second = drafted(team)
    assert second.version == 2 and second.since == out.issued_at
    assert "unchanged since the last brief: T1" in said(team.analyst, second)["threat"][0].title
    services.write_brief(actor=team.analyst, brief=second, bottom_line=LINE, readers="team")
    services.issue_brief(actor=team.analyst, brief=second)
    out.refresh_from_db()
    assert out.state == "superseded"
    assert briefs.shown(team.officer, out).newer == second
    threats.change_source(actor=team.leader, source=team.source, intent="low")
    assert not briefs.shown(team.analyst, out).stale
    with pytest.raises(Refused, match="superseded"):
        services.read_brief(actor=team.officer, brief=out)


def test_withdrawn_nobody_reads_it(team, out):
    with pytest.raises(Denied):
        services.withdraw_brief(actor=team.operator, brief=out)
    services.withdraw_brief(actor=team.analyst, brief=out)
    assert not briefs.for_me(team.officer)


def test_the_screens_draft_judge_mend_issue_and_read(team):
    analyst, officer = signed_in(team.analyst, fresh=True), signed_in(team.officer)
    slug, day = team.operation.slug, brief_material.day_of(team.operation, team.drive.starts)
    made = analyst.post(f"/planning/{slug}/briefs/", {"kind": "daily", "day": day.isoformat()})
    brief = Brief.objects.get()
    at = f"/planning/briefs/{brief.pk}/"
    assert made.url == at
    analyst.post(f"{at}head/", {"bottom_line": LINE, "readers": "team", "tlp": "green"})
    given = {"text": "It may rain", "probability": "likely", "readers": "team", **JUDGED}
    analyst.post(f"{at}judge/", given)
    assert "readers take it for anything" in analyst.get(at).content.decode()
    row = brief.judgements.get()
    analyst.post(
        f"/planning/briefs/judgements/{row.pk}/mend/", {"word": "may", "instead": "likely"}
    )
    item = brief.items.filter(section="care").first()
    analyst.post(f"/planning/briefs/items/{item.pk}/out/", {"reason": "Far"})
    assert "Left out by the author" in analyst.get(at).content.decode()
    issued = analyst.post(f"{at}issue/")
    assert issued.status_code == 302, issued.content.decode()[-2500:]
    assert analyst.get(f"/planning/{slug}/briefs/").status_code == 200
    assert brief.serial in officer.get("/m/briefs/").content.decode()
    officer.post(f"{at}read/", {"phone": "1"})
    assert "You have read it" in officer.get(f"/m/briefs/{brief.pk}/").content.decode()
    assert "read" in analyst.get(f"{at}part/").content.decode()
    answer = analyst.get(f"{at}brief.pdf")
    assert answer.content[:5] == b"%PDF-" and "daily" in answer.headers["Content-Disposition"]
    assert Client().get(at).status_code in (302, 404)


def test_the_pdf_says_what_its_reader_may_see(team, out):
    whole = printing_briefs._printed(team.analyst, out)
    mine = printing_briefs._printed(team.officer, out)
    assert any("Angry" in item["title"] for s in whole["sections"] for item in s["items"])
    assert "Angry letter writer" not in json.dumps(mine)
    assert whole["seal"]["fault"] == "" and whole["words"][0][0] == "almost no chance"


def api_of(user):
    client, head = Client(), bearer(user, writes=True)

    def call(method, where, body=None):
        data = json.dumps(body) if body is not None else ""
        send = getattr(client, method)
        if method == "get":
            return send(f"/api/v1/{where}", **head)
        return send(f"/api/v1/{where}", data, content_type="application/json", **head)

    return call


def test_the_api_does_the_same_job(team):
    api = api_of(team.analyst)
    day = brief_material.day_of(team.operation, team.drive.starts).isoformat()
    made = api("post", f"operations/{team.operation.slug}/briefs", {"kind": "daily", "day": day})
    assert made.status_code == 201, made.content
    at = f"briefs/{made.json()['id']}"
    assert made.json()["sections"][0]["id"] == "programme"
    given = {"text": "She could stay", "probability": "likely", **JUDGED}
    judged = api("post", f"{at}/judgements", given).json()
    assert judged["vague"][0]["word"] == "could"
    one = f"brief-judgements/{judged['id']}"
    mended = api("post", f"{one}/mend", {"word": "could", "instead": "likely"})
    assert mended.json()["text"] == "She likely stay"
    api("patch", one, {"text": "It is likely that she stays"})
    assert api("patch", at, {"bottom_line": LINE, "readers": "team"}).status_code == 200
    services.issue_brief(actor=team.analyst, brief=briefs.brief(team.analyst, made.json()["id"]))
    assert api_of(team.officer)("post", f"{at}/read", {}).json()["read_at"]
    assert len(api("get", f"{at}/readings").json()) == 6
    assert api("get", at).json()["judgements"][0]["vague"] == []
    assert api_of(team.officer)("get", f"{at}/readings").status_code == 403


def test_the_command_does_the_same_job(team, capsys, tmp_path):
    def run(*words, who=team.analyst):
        capsys.readouterr()
        assert root(["--as", who.email, "brief", *words]) == 0
        return capsys.readouterr().out

    slug = team.operation.slug
    day = brief_material.day_of(team.operation, team.drive.starts).isoformat()
    made = json.loads(run("draft", slug, "--day", day, "--json"))
    assert made["state"] == "draft"
    line = ["--probability", "likely", "--confidence", "low", "--basis", "One letter", "--json"]
    judged = json.loads(run("judge", slug, "Er könnte kommen", *line))
    assert judged["vague"][0]["word"] == "könnte"
    run("mend", slug, "1", "könnte", "likely")
    run("leave-out", slug, "Station One", "Closed")
    run("write", slug, "--bottom-line", LINE, "--readers", "team")
    assert json.loads(run("issue", slug, "--json"))["digest"]
    assert json.loads(run("read", slug, "--json", who=team.officer))["read_at"]
    run("pdf", slug, "--out", str(tmp_path / "b.pdf"))
    assert (tmp_path / "b.pdf").read_bytes()[:5] == b"%PDF-"
    assert "likely" in run("show", slug) and "about even" in run("words")


def test_a_list_of_briefs_costs_the_same_however_long(team, out, django_assert_max_num_queries):
    client = signed_in(team.analyst)
    client.get(f"/planning/{team.operation.slug}/briefs/part/")
    for number in range(5):
        Brief.objects.create(
            key_id=out.key_id, compartment_id=out.compartment_id, operation=team.operation,
            serial=f"MORE {number}", day=out.day, bottom_line="x",
        )  # fmt: skip
    with django_assert_max_num_queries(25):
        client.get(f"/planning/{team.operation.slug}/briefs/part/")

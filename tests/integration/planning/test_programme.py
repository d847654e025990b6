"""Programme indicators over real records, and the client's report in PDF."""

import io
import json
from datetime import timedelta

import pytest
from django.urls import reverse
from pypdf import PdfReader
from tests import factories
from tests.factories import signed_in

from varangian.alerts import services as alerts
from varangian.config.commands import root
from varangian.kernel.clock import frozen
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.operations import services as operations
from varangian.planning import printing_report, services
from varangian.planning.queries.programme import programme
from varangian.planning.reporting import report
from varangian.platform.access.roles import Role
from varangian.platform.audit.models import AuditEntry

from .test_debrief import acting, confirmed, held, said  # noqa: F401
from .test_order_faces import bearer


@pytest.fixture
def over(held):  # noqa: F811
    """The day, with two posts that read the order, one alert, and a signed hot wash."""
    at = held.order.issued_at
    for post, who, minutes in ((held.wheel, held.driver, 10), (held.med, held.medic, 30)):
        with frozen(at + timedelta(minutes=minutes)):
            services.acknowledge_order(actor=who, order=held.order, post=post)
    alert = alerts.raise_alert(
        operation=held.operation, title="Storm", source="system", dedupe="storm"
    )
    with frozen(alert.raised_at + timedelta(minutes=2)):
        alerts.acknowledge(actor=held.leader, alert=alert)
    point = acting(held, confirmed(held, near_miss=True))
    words = "The road was shut; the alternate is driven before use."
    services.release_words(actor=held.leader, observation=point, words=words)
    kept = confirmed(held, kind="sustain", text="Lena kept calm on the radio")
    services.release_words(actor=held.leader, observation=kept, words="Radio discipline was good.")
    confirmed(held, kind="sustain", text="Amara Officer drove well")
    services.close_debrief(actor=held.leader, debrief=held.wash, summary="Late")
    operations.set_operation_state(actor=held.leader, operation=held.operation, state="closed")
    day = held.operation.starts.date()
    held.period = {"start": day - timedelta(days=6), "end": day}
    factories.member(held.contract, Role.OPERATOR, held.operator)
    factories.member(held.contract, Role.ANALYST, held.analyst)
    with frozen(held.operation.ends):
        yield held


def values(team, **chosen):
    found = programme(team.leader, team.contract, **(chosen or team.period))
    return {one.rule.id: one for one in found.indicators}


def test_every_indicator_is_made_of_the_records(over):
    found = values(over)
    now_ = {name: one.now.value for name, one in found.items()}
    assert now_["alert_median"] == now_["alert_p90"] == 120
    assert now_["order_median"] == pytest.approx(20 * 60, abs=5)
    assert now_["order_p90"] == pytest.approx(30 * 60, abs=5)
    assert now_["changes"] == 1 and now_["near_misses"] == 1
    assert now_["coverage"] == 100 and found["coverage"].now.inputs.startswith("12 of 12")
    assert now_["hours_planned"] == 9, "six posts, an hour and a half each"
    assert now_["hours_worked"] is None, "nobody reported the speech"
    assert found["order_median"].now.inputs == "2 of 6 orders to posts answered"
    assert [value for _, value in found["near_misses"].weeks][-1] == 1


def test_before_the_hot_wash_is_signed_nobody_has_told_of_near_misses(held):  # noqa: F811
    day = held.operation.starts.date()
    found = values(held, start=day, end=day)
    assert found["near_misses"].now.value is None
    assert found["alert_median"].now.value is None


def test_an_empty_period_is_unknown(over):
    past = over.operation.starts.date() - timedelta(days=90)
    found = values(over, start=past, end=past + timedelta(days=6))
    assert all(one.now.value is None for one in found.values())


def test_who_may_see_it(over):
    for name in ("analyst", "operator"):
        assert programme(getattr(over, name), over.contract, **over.period).operations
    for name in ("driver", "client"):
        with pytest.raises((Denied, NotFound)):
            programme(getattr(over, name), over.contract, **over.period)
    with pytest.raises(NotFound):
        programme(factories.person(), over.contract, **over.period)
    with pytest.raises(Denied):
        report(over.analyst, over.contract, **over.period)


def test_what_is_refused(over):
    day = over.period["end"]
    with pytest.raises(Refused, match="ends before"):
        programme(over.leader, over.contract, start=day, end=day - timedelta(days=1))
    with pytest.raises(Refused, match="at most"):
        programme(over.leader, over.contract, start=day - timedelta(days=800), end=day)
    with pytest.raises(Refused, match="no such part"):
        report(over.leader, over.contract, parts=["gossip"], **over.period)
    with pytest.raises(Refused, match="client does not read"):
        report(over.leader, over.contract, summary="Lena Leader says hello", **over.period)


def test_only_released_words_go_in_and_the_rest_is_counted(over):
    made = report(over.leader, over.contract, **over.period)
    assert [one.words for one in made.sustained] == ["Radio discipline was good."]
    assert made.improved[0].state == "action open" and len(made.actions) == 1
    assert made.held_back == 1 and made.washed == 1
    bare = report(over.leader, over.contract, parts=["indicators"], **over.period)
    assert not bare.operations and not bare.sustained and bare.indicators


def test_words_released_before_a_name_became_known_stay_in_the_house(over):
    over.medic.name = "Radio discipline"
    over.medic.save()
    made = report(over.leader, over.contract, **over.period)
    assert made.sustained == [] and made.held_back == 2


def test_a_title_that_names_somebody_is_left_out(over):
    over.operation.title = "Supper with Ida Invented"
    over.operation.save()
    made = report(over.leader, over.contract, **over.period)
    assert made.operations[0]["title"] == "Operation 1"


def printed(body):
    return " ".join("\n".join(p.extract_text() for p in PdfReader(io.BytesIO(body)).pages).split())


def test_the_paper_says_what_the_client_may_read(over):
    chosen = {**over.period, "principal": over.principal}
    body = printing_report.report_pdf(over.leader, over.contract, summary="A quiet week.", **chosen)
    text = printed(body)
    assert "Protection report" in text and over.principal.code_name in text
    for words in ("Posts held", "100 %", "2.0 min", "The road was shut", "Radio discipline",
                  "A quiet week", "No figure in this report is about a person"):  # fmt: skip
        assert words in text, words
    for secret in ("Lena", "Invented", "letter writer", "insulin", "penicillin", "MARIGOLD",
                   "kept calm", "drove well"):  # fmt: skip
        assert secret.lower() not in text.lower(), secret
    entry = AuditEntry.objects.filter(kind="export").latest("pk")
    assert entry.purpose.startswith("client report") and "indicators" in entry.purpose


def test_parts_left_out_are_not_printed(over):
    text = printed(
        printing_report.report_pdf(over.leader, over.contract, parts=["sustained"], **over.period)
    )
    assert "Radio discipline" in text and "Indicators" not in text and "Open actions" not in text


def test_an_empty_report_prints(over):
    past = over.operation.starts.date() - timedelta(days=90)
    body = printing_report.report_pdf(over.leader, over.contract, start=past, end=past)
    assert "unknown" in printed(body) and "No operation took place" in printed(body)


def test_pages(over):
    slug = over.contract.slug
    query = {name: str(day) for name, day in over.period.items()}
    show, preview = (reverse(f"planning:{n}", args=[slug]) for n in ("programme", "report"))
    browser = signed_in(over.leader, fresh=True)
    body = browser.get(show, query).content.decode()
    assert "100 %" in body and "by week" in body and reverse("planning:report", args=[slug]) in body
    assert signed_in(over.analyst).get(show, query).status_code == 200
    assert signed_in(over.driver).get(show, query).status_code in (403, 404)
    body = browser.get(preview, {**query, "part": ["sustained"]}).content.decode()
    assert "Radio discipline" in body and "The road was shut" not in body
    assert signed_in(over.analyst).get(preview, query).status_code == 403
    assert browser.get(show, {"start": "2026-02-31"}).status_code == 422
    paper = browser.post(
        reverse("planning:report_pdf", args=[slug]), {**query, "part": ["actions"]}
    )
    assert paper.content[:4] == b"%PDF"
    engagement = reverse("operations:engagement", args=[slug])
    assert show in browser.get(engagement).content.decode()


def test_api_and_command_line(over, client, capsys, tmp_path):
    slug, query = over.contract.slug, {name: str(day) for name, day in over.period.items()}
    lead = bearer(over.leader)
    rows = client.get(f"/api/v1/engagements/{slug}/indicators", query, **lead).json()
    assert {one["id"]: one["words"] for one in rows["indicators"]}["coverage"] == "100 %"
    paper = client.get(f"/api/v1/engagements/{slug}/report", {**query, "parts": "actions"}, **lead)
    assert paper.content[:4] == b"%PDF"
    refused = client.get(f"/api/v1/engagements/{slug}/report", query, **bearer(over.analyst))
    assert refused.status_code == 403
    capsys.readouterr()
    span = ["--start", query["start"], "--end", query["end"]]
    who = ["--as", over.leader.email, "debrief"]
    assert root([*who, "indicators", slug, *span, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["operations"] == [over.operation.slug]
    assert root([*who, "indicators", slug, *span]) == 0
    out = tmp_path / "report.pdf"
    assert (
        root([*who, "report", slug, "--out", str(out), *span, "--part", "actions", "--json"]) == 0
    )
    assert out.read_bytes()[:4] == b"%PDF"
    with pytest.raises(Denied):
        root(["--as", over.analyst.email, "debrief", "report", slug, "--out", str(out)])


def test_many_operations_are_counted_in_a_handful_of_reads(over, django_assert_max_num_queries):
    for number in range(3):
        made = factories.operation(
            over.leader,
            engagement=over.contract,
            principal=over.principal,
            title=f"More {number}",
            starts=over.operation.starts - timedelta(days=1),
        )
        type(made).objects.filter(pk=made.pk).update(state="closed")
    over.leader.__dict__.pop("_reach", None)
    programme(over.leader, over.contract, **over.period)
    with django_assert_max_num_queries(20):
        found = programme(over.leader, over.contract, **over.period)
    assert len(found.operations) == 4

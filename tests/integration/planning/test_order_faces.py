"""Orders on screen, over the API, on the command line and on paper: each reads their edition."""

import io
import json

import pytest
from django.urls import reverse
from pypdf import PdfReader
from tests import factories

from varangian.config.commands import root
from varangian.kernel.results import Denied, Refused
from varangian.operations import services as operations
from varangian.planning import printing, services
from varangian.planning.models import Order
from varangian.planning.queries import orders, reading
from varangian.platform.access.services import issue_token
from varangian.platform.audit.models import AuditEntry
from varangian.platform.ui import console

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
MEDICAL = ("penicillin", "insulin", "Dr Invented")
SOURCES = ("green ink", "Angry letter writer")
EVERYONE = ("leader", "officer", "driver", "medic", "operator", "analyst", "client")


@pytest.fixture(autouse=True)
def nobody_named():
    yield
    console.act_for("")


def bearer(user, writes=False):
    _, secret = issue_token(user=user, label="test", days=1, writes=writes)
    return {"HTTP_AUTHORIZATION": f"Bearer {secret}"}


def printed(body: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)


def forbidden_to(name) -> tuple[str, ...]:
    return {
        "leader": (),
        "officer": ("Dr Invented", "green ink"),
        "driver": (*MEDICAL, "green ink", "Angry letter writer"),
        "medic": SOURCES,
        "operator": ("insulin", "Dr Invented", "green ink"),
        "analyst": MEDICAL,
        "client": (*MEDICAL, *SOURCES, "Use the side door", "THUNDER"),
    }[name]


def read_page(team, name, client):
    url = reverse("planning:order", args=[team.operation.slug])
    return factories.signed_in(getattr(team, name)).get(url).content.decode()


def read_part(team, name, client):
    url = reverse("planning:order_part", args=[team.order.pk])
    return factories.signed_in(getattr(team, name)).get(url).content.decode()


def read_api(team, name, client):
    url = f"/api/v1/orders/{team.order.pk}/lines"
    return client.get(url, **bearer(getattr(team, name))).content.decode()


def read_cli(team, name, client):
    def run(capsys):
        user = getattr(team, name)
        assert root(["--as", user.email, "order", "show", team.operation.slug, "--json"]) == 0
        return capsys.readouterr().out

    return run


def read_pdf(team, name, client):
    return printed(printing.order_pdf(getattr(team, name), team.order))


@pytest.mark.parametrize("way", [read_page, read_part, read_api, read_cli, read_pdf])
@pytest.mark.parametrize("name", EVERYONE)
def test_each_reads_their_edition_and_no_more(issued, client, capsys, way, name):
    words = way(issued, name, client)
    words = words(capsys) if callable(words) else words
    assert "Speech" in words
    for secret in forbidden_to(name):
        assert secret not in words
    if name == "leader":
        assert "penicillin" in words and "green ink" in words


def test_another_edition_is_refused(issued, client):
    team = issued
    with pytest.raises(Denied):
        reading.lines_for(team.driver, team.order, "medic")
    with pytest.raises(Denied):
        printing.order_pdf(team.driver, team.order, "detail_leader")
    url = f"/api/v1/orders/{team.order.pk}/lines?edition=medic"
    assert client.get(url, **bearer(team.driver)).status_code == 403
    page = reverse("planning:order_show", args=[team.order.pk])
    assert factories.signed_in(team.driver).get(f"{page}?edition=medic").status_code == 403
    with pytest.raises(Denied):
        root(["--as", team.driver.email, "order", "show", team.operation.slug, "--role", "medic"])


def test_leader_and_operator_preview_any_edition(issued):
    for person in (issued.leader, issued.operator):
        for edition in orders.editions_for(person, issued.operation):
            assert reading.lines_for(person, issued.order, edition)
    assert len(orders.editions_for(issued.leader, issued.operation)) == 8


def test_an_officer_without_a_post_reads_nothing(issued, client):
    idle = factories.member(issued.operation, factories.Role.OFFICER)
    with pytest.raises(Denied, match="no post"):
        reading.lines_for(idle, issued.order)
    page = factories.signed_in(idle).get(reverse("planning:order", args=[issued.operation.slug]))
    assert page.status_code == 200 and b"You hold no post here" in page.content
    assert b"Speech" not in page.content


def test_drafts_are_for_those_who_make_them(team, client):
    order = services.draft_order(actor=team.leader, operation=team.operation)
    page = reverse("planning:order_show", args=[order.pk])
    for name in EVERYONE:
        expected = 200 if name in ("leader", "operator") else 404
        assert factories.signed_in(getattr(team, name)).get(page).status_code == expected
        assert (
            client.get(f"/api/v1/orders/{order.pk}", **bearer(getattr(team, name))).status_code
            == expected
        )


@pytest.mark.parametrize("name", EVERYONE)
def test_list_pages_render(issued, name):
    browser = factories.signed_in(getattr(issued, name))
    page = browser.get(reverse("planning:orders"))
    assert page.status_code == 200 and issued.order.serial in page.content.decode()
    asked = name not in ("client",)
    assert (b"waits for your acknowledgement" in page.content) == asked


def test_the_whole_way_on_screen(team):
    operation, browser = team.operation, factories.signed_in(team.leader, fresh=True)
    page = browser.get(reverse("planning:order", args=[operation.slug]))
    assert b"Draft operation order" in page.content
    browser.post(reverse("planning:order_draft", args=[operation.slug]))
    order = Order.objects.get()
    browser.post(reverse("planning:order_approve", args=[order.pk]))
    browser.post(reverse("planning:order_issue", args=[order.pk]))
    order.refresh_from_db()
    assert order.state == "issued" and order.approved_by == team.leader
    officer = factories.signed_in(team.officer)
    officer.post(reverse("planning:order_acknowledge", args=[order.pk]), {"post": str(team.ppo.pk)})
    page = browser.get(reverse("planning:order", args=[operation.slug])).content.decode()
    assert "genuine" in page and "acknowledged" in page and "Why is line " in page
    operations.change_movement(actor=team.leader, movement=team.drive, title="Hotel to the hall")
    page = browser.get(reverse("planning:order_part", args=[order.pk])).content.decode()
    assert "stale" in page and "Draft fragmentary order" in page
    answer = browser.post(
        reverse("planning:order_draft", args=[operation.slug]), {"kind": "fragmentary_order"}
    )
    assert b"Instead of" in browser.get(answer["Location"]).content


def test_signing_on_screen_asks_who_is_there(team):
    order = services.draft_order(actor=team.leader, operation=team.operation)
    answer = factories.signed_in(team.leader).post(
        reverse("planning:order_approve", args=[order.pk])
    )
    order.refresh_from_db()
    assert answer.status_code != 200 and order.state == "draft"


def test_pdf_is_audited_and_says_what_it_must(issued):
    page = factories.signed_in(issued.leader, fresh=True).get(
        reverse("planning:order_pdf", args=[issued.order.pk])
    )
    assert page["Content-Type"] == "application/pdf"
    words = printed(page.content)
    for part in (
        issued.order.serial,
        "version 1",
        "page 1 of",
        "PROTECT: NEED TO KNOW",
        "Destroy after",
        "Timings by leg",
        "Acknowledgement",
        "Lena Leader",
        "1.1",
    ):
        assert part.replace(" ", "") in words.replace(" ", ""), part
    assert AuditEntry.objects.filter(kind="export", record=str(issued.order.pk)).exists()


def test_user_text_is_never_markup(team):
    services.write_plan(
        actor=team.leader, operation=team.operation, texts={"dress": '#panic("no") *bold* $x$'}
    )
    words = printed(printing.preview_pdf(team.leader, team.operation))
    assert '#panic("no")*bold*$x$' in words.replace(" ", "")


def test_without_an_order_it_is_a_preview(team, tmp_path, capsys):
    out = tmp_path / "x.pdf"
    slug = team.operation.slug
    assert root(["order", "render", slug, "--role", "driver", "--out", str(out)]) == 0
    words = printed(out.read_bytes())
    assert "DRAFT" in words and "Not signed" in words and "insulin" not in words
    assert not Order.objects.exists()
    assert "preview" in capsys.readouterr().err
    with pytest.raises(Refused, match="No order has been issued"):
        root(["--as", team.driver.email, "order", "render", slug, "--out", str(out)])


def test_a_sign_in_of_long_ago_neither_approves_nor_prints(team, issued):
    browser = factories.signed_in(team.leader)
    browser.post(reverse("planning:order_draft", args=[team.operation.slug]))
    draft = Order.objects.exclude(pk=issued.order.pk).get()
    for name, order in (("order_approve", draft), ("order_pdf", issued.order)):
        address = reverse(f"planning:{name}", args=[order.pk])
        answer = browser.post(address) if name == "order_approve" else browser.get(address)
        assert answer.status_code == 422 and b"sign in again" in answer.content
    draft.refresh_from_db()
    assert draft.state == "draft"


@pytest.mark.parametrize(
    "role", ["driver", "officer", "detail_leader", "operator", "analyst", "client", "medic", "ppo"]
)
def test_render_takes_both_vocabularies(issued, tmp_path, role):
    out = tmp_path / f"{role}.pdf"
    assert root(["order", "render", issued.operation.slug, "--role", role, "--out", str(out)]) == 0
    assert out.read_bytes().startswith(b"%PDF")


def run(capsys, *words):
    code = root([*words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_the_whole_way_at_the_console(team, capsys):
    slug, leader = team.operation.slug, ("--as", team.leader.email)
    assert run(capsys, "order", "draft", slug)[1]["state"] == "draft"
    with pytest.raises(Refused, match="named person"):
        root(["order", "approve", slug])
    assert run(capsys, *leader, "order", "approve", slug)[1]["state"] == "approved"
    assert run(capsys, *leader, "order", "issue", slug)[1]["state"] == "issued"
    _, rows = run(capsys, "--as", team.driver.email, "order", "ack", slug)
    assert [row["post"] for row in rows] == ["Driver, principal's car"]
    _, rows = run(capsys, *leader, "order", "ack", slug, "--post", "MIKE", "--note", "by radio")
    assert rows[0]["told_by"] == team.leader.name
    operations.change_movement(actor=team.leader, movement=team.drive, title="Hotel to the hall")
    _, frago = run(capsys, *leader, "order", "frago", slug)
    assert {line["change"] for line in frago["lines"]} == {"changed"}
    assert run(capsys, *leader, "order", "verify", slug)[1]["genuine"] is True
    assert len(run(capsys, "order", "list", slug)[1]) == 2


def test_the_whole_way_over_the_api(team, client):
    slug, head = team.operation.slug, bearer(team.leader, writes=True)

    def post(url, body=None, user=head):
        answer = client.post(
            f"/api/v1/{url}", json.dumps(body or {}), content_type="application/json", **user
        )
        assert answer.status_code in (200, 201), answer.content
        return answer.json()

    made = post(f"operations/{slug}/orders", {"kind": "operation_order"})
    post(f"orders/{made['id']}/approve")
    post(f"orders/{made['id']}/issue")
    driver = bearer(team.driver, writes=True)
    waiting = client.get("/api/v1/orders/waiting", **driver).json()
    given = post(f"orders/{made['id']}/acknowledgements", {"post": waiting[0]["post_id"]}, driver)
    assert given["acknowledged_by"] == team.driver.name
    pdf = client.get(f"/api/v1/orders/{made['id']}/pdf?edition=driver", **head)
    assert pdf.content.startswith(b"%PDF")
    assert client.get(f"/api/v1/orders/{made['id']}/verdict", **head).json()["genuine"]
    matrix = client.get(f"/api/v1/orders/{made['id']}/acknowledgements", **head).json()
    assert sum(row["orders"][0]["state"] == "acknowledged" for row in matrix) == 1
    answer = client.post(
        f"/api/v1/orders/{made['id']}/close", "{}", content_type="application/json", **driver
    )
    assert answer.status_code == 403


def test_strangers_get_nothing(issued, client):
    head = bearer(factories.person())
    for url in ("", "/lines", "/pdf", "/verdict", "/acknowledgements"):
        assert client.get(f"/api/v1/orders/{issued.order.pk}{url}", **head).status_code == 404
    browser = factories.signed_in(factories.person(), fresh=True)
    for name in ("order_show", "order_part", "order_pdf"):
        assert browser.get(reverse(f"planning:{name}", args=[issued.order.pk])).status_code == 404


def test_plan_texts(team, client):
    browser = factories.signed_in(team.leader)
    url = reverse("planning:plan", args=[team.operation.slug])
    assert b"Dark suits" in browser.get(url).content
    assert browser.post(url, {"dress": "Grey suits"}).status_code == 302
    team.operation.refresh_from_db()
    assert team.operation.plan == {"dress": "Grey suits"}
    assert factories.signed_in(team.driver).get(url).status_code == 403
    with pytest.raises(Refused, match="No text is kept"):
        services.write_plan(
            actor=team.leader, operation=team.operation, texts={"medical_card": "x"}
        )
    browser.post(reverse("planning:routes", args=[team.drive.pk]), {"primary": "North road"})
    team.drive.refresh_from_db()
    assert team.drive.details["routes"] == {"primary": "North road"}
    head = bearer(team.leader, writes=True)
    answer = client.patch(
        f"/api/v1/operations/{team.operation.slug}/plan",
        json.dumps({"texts": {"money": "None"}}),
        content_type="application/json",
        **head,
    )
    assert answer.json()["money"] == "None" and answer.json()["dress"] == "Grey suits"

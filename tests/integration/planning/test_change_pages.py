"""A change of plan on screen: say it, see it, send it, read it."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader
from tests import factories

from varangian.operations import services as spine
from varangian.planning import printing, services
from varangian.planning.change import Wish
from varangian.planning.models import Change, Order
from varangian.planning.queries import changes

EVERYONE = ("leader", "officer", "driver", "medic", "operator", "analyst", "client")


def printed(body: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)


@pytest.fixture
def desk(issued):
    issued.browser = factories.signed_in(issued.leader, fresh=True)
    return issued


def url(name, team, **kwargs):
    return reverse(f"planning:{name}", kwargs=kwargs or {"slug": team.operation.slug})


def typed(team, **fields):
    return {"movement": str(team.drive.pk), "minutes": "-30", "exit": "south door", **fields}


def looked(team, **fields):
    """What the page holds after it has shown what a change touches."""
    answer = team.browser.post(url("change_look", team), typed(team, **fields))
    assert answer.status_code == 200
    return answer


def seen_in(answer):
    return answer.context["shown"].seen, answer.context["was"]


def send(team, answer, **fields):
    seen, was = seen_in(answer)
    given = {"seen": seen, "was": was, "do": "send", **fields}
    return team.browser.post(url("change_send", team), typed(team, **given))


def test_the_next_journey_is_chosen_and_nothing_is_asked(desk):
    page = desk.browser.get(url("change", desk)).content.decode()
    assert f'value="{desk.drive.pk}" selected' in page
    assert "what it touches appears here" in page
    assert Change.objects.count() == 0


def test_what_it_touches_is_shown_before_sending(desk):
    page = looked(desk).content.decode()
    for words in (
        "by south door",
        "Movements",
        "Lines of the order",
        "Car on its mark",
        "Fragmentary order 1",
        "Send to 6 posts",
    ):
        assert words in page, words
    assert Order.objects.count() == 1


def test_sending_leads_to_who_has_read_it(desk):
    answer = send(desk, looked(desk), reason="Crowd", within="5")
    row = Change.objects.get()
    assert answer.status_code == 302 and str(row.pk) in answer["Location"]
    page = desk.browser.get(answer["Location"]).content.decode()
    assert "1 of 6" in page and "waiting" in page and "Crowd" in page
    assert row.order.state == "issued" and row.acknowledge_minutes == 5


def test_a_line_in_other_words(desk):
    answer = looked(desk)
    key = next(k for k, line, _ in answer.context["lines"] if line.heading == "timings")
    send(desk, answer, **{f"line-{key}": "Cars at the south door at once."})
    texts = list(Change.objects.get().order.lines.all())
    assert any(line.text == "Cars at the south door at once." for line in texts)


def test_another_was_faster_and_nothing_is_lost(desk):
    answer = looked(desk, reason="Crowd")
    later = desk.drive.starts.replace(minute=45)
    spine.change_movement(actor=desk.operator, movement=desk.drive, starts=later)
    page = send(desk, answer, reason="Crowd")
    words = page.content.decode()
    assert page.status_code == 409 and "side by side" in words
    assert "Somebody changed the plan" in words and "Nothing has been sent" in words
    assert 'value="Crowd"' in words and 'value="south door"' in words
    row = next(row for row in page.context["both"] if row["name"] == "Time")
    assert len({row["was"], row["now"], row["yours"]}) == 3
    assert Order.objects.count() == 1 and Change.objects.count() == 0
    assert send(desk, page, reason="Crowd").status_code == 302


def test_twice_sent_is_once_done(desk):
    answer = looked(desk)
    send(desk, answer)
    again = send(desk, answer)
    assert again.status_code == 409 and Order.objects.count() == 2


def test_what_cannot_be_is_said_in_the_region(desk):
    answer = looked(desk, cancelled="on")
    assert b"nothing else" in answer.content
    answer = looked(desk, starts="nonsense")
    assert b"Or at" in answer.content


def test_sending_without_having_looked_shows_it_first(desk):
    page = desk.browser.post(url("change_send", desk), typed(desk, do="send"))
    assert page.status_code == 200 and b"Fragmentary order 1" in page.content
    assert Order.objects.count() == 1


def test_a_sign_in_of_long_ago_does_not_send(desk):
    answer = looked(desk)
    seen, was = seen_in(answer)
    old = factories.signed_in(desk.leader)
    refused = old.post(url("change_send", desk), typed(desk, seen=seen, was=was, do="send"))
    assert refused.status_code != 302 or "changes" not in refused["Location"]
    assert Order.objects.count() == 1


def test_the_operator_keeps_it_and_the_leader_sends_it(desk):
    room = factories.signed_in(desk.operator, fresh=True)
    page = room.post(url("change_look", desk), typed(desk)).content.decode()
    assert "Keep it for the detail leader" in page and "Send to" not in page
    answer = room.post(url("change_send", desk), typed(desk, do="keep", reason="Crowd"))
    row = Change.objects.get()
    assert answer.status_code == 302 and row.state == "draft"
    board = desk.browser.get(reverse("board")).content.decode()
    assert "change drafted" in board and "south door" in board
    page = desk.browser.get(f"{url('change', desk)}?draft={row.pk}")
    assert b'value="south door"' in page.content and b"Fragmentary order 1" in page.content
    assert send(desk, page, draft=str(row.pk), reason="Crowd").status_code == 302
    row.refresh_from_db()
    assert row.state == "sent" and row.sent_by == desk.leader


def test_a_draft_is_dropped(desk):
    row = services.draft_change(actor=desk.leader, movement=desk.drive, wish=Wish(minutes=-5))
    assert b"Nobody has been told" in desk.browser.get(url("change_show", desk, pk=row.pk)).content
    desk.browser.post(url("change_drop", desk, pk=row.pk))
    row.refresh_from_db()
    assert row.state == "dropped"
    assert b"was dropped" in desk.browser.get(url("change_show", desk, pk=row.pk)).content


def test_without_an_order_the_page_says_what_to_do(team):
    page = factories.signed_in(team.leader).get(url("change", team))
    assert page.status_code == 200 and b"No order is in force" in page.content


@pytest.mark.parametrize("name", EVERYONE)
def test_who_opens_the_dialog(issued, name):
    row = services.draft_change(actor=issued.leader, movement=issued.drive, wish=Wish(minutes=-5))
    browser = factories.signed_in(getattr(issued, name))
    may = name in ("leader", "operator")
    assert browser.get(url("change", issued)).status_code == (200 if may else 403)
    answer = browser.post(url("change_look", issued), typed(issued))
    assert answer.status_code == (200 if may else 403)
    assert browser.get(url("change_show", issued, pk=row.pk)).status_code == (200 if may else 404)
    board = browser.get(reverse("board")).content.decode()
    assert ("?leg=" in board) == may


def test_a_foreign_team_finds_nothing(issued):
    row = services.draft_change(actor=issued.leader, movement=issued.drive, wish=Wish(minutes=-5))
    stranger = factories.person()
    factories.operation(stranger)
    browser = factories.signed_in(stranger, fresh=True)
    assert browser.get(url("change", issued)).status_code == 404
    assert browser.post(url("change_send", issued), typed(issued)).status_code == 404
    assert browser.get(url("change_show", issued, pk=row.pk)).status_code == 404
    assert browser.post(url("change_drop", issued, pk=row.pk)).status_code == 404


def test_on_the_phone_the_change_comes_first_with_one_button(issued):
    services.send_change(
        actor=issued.leader,
        change=services.draft_change(
            actor=issued.leader, movement=issued.drive, wish=Wish(minutes=-30, exit="south door")
        ),
    )
    browser = factories.signed_in(issued.driver)
    page = browser.get(reverse("planning:orders_phone")).content.decode()
    assert page.index("Fragmentary order 1") < page.index("Operation order 1")
    assert "south door" in page and page.count("vg-thumb-wide") == 2
    order = Order.objects.get(number=1, kind="fragmentary_order")
    given = {"post": str(issued.wheel.pk), "next": reverse("planning:orders_phone")}
    answer = browser.post(reverse("planning:order_acknowledge", args=[order.pk]), given)
    assert answer["Location"] == reverse("planning:orders_phone")
    page = browser.get(answer["Location"]).content.decode()
    assert "Fragmentary order 1" not in page
    board = factories.signed_in(issued.leader).get(reverse("board")).content.decode()
    part = board[board.index("board-unread") :]
    assert order.serial in part
    away = browser.post(
        reverse("planning:order_acknowledge", args=[order.pk]),
        given | {"next": "https://elsewhere.example/"},
    )
    assert away["Location"].startswith("/")


def test_the_order_lists_its_fragmentary_orders(desk):
    send(desk, looked(desk))
    page = desk.browser.get(url("order", desk)).content.decode()
    assert "Fragmentary orders" in page and "1 of 6 have read it" in page
    order = Order.objects.get(kind="fragmentary_order")
    whole = desk.browser.get(url("order_show", desk, pk=order.pk)).content.decode()
    assert whole.count("No change.") >= 3 and "by south door" in whole


def test_the_preview_is_the_same_for_page_and_service(desk):
    shown = changes.preview(desk.leader, desk.drive, Wish(minutes=-30, exit="south door"))
    assert looked(desk).context["shown"].seen == shown.seen


def test_on_paper_it_says_what_changes_and_what_does_not(desk):
    send(desk, looked(desk), reason="Crowd")
    order = Order.objects.get(kind="fragmentary_order")
    words = printed(printing.order_pdf(desk.driver, order))
    for part in (
        "Fragmentary order 1",
        "by south door",
        "Why: Crowd",
        "No change.",
        "Acknowledge by",
        "instead of:",
        "Driver",
    ):
        assert part.replace(" ", "") in words.replace(" ", ""), part
    assert "penicillin" not in words

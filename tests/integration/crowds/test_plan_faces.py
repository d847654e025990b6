"""Crowd plans by command and on paper; bad input is refused in words."""

import json

import pytest
from tests import factories
from tests.integration.crowds.test_plans import (
    drawn,
    finished,
    leader,
    operation,
    plan,
    venue,
    write,
)
from tests.unit.engines.crowdflow.plans import text

from varangian.crowds.plan import printing
from varangian.crowds.plan.paper import svg_of
from varangian.crowds.plan.secrets import hidden_items
from varangian.crowds.queries import plans as queries
from varangian.engines.crowdflow.venue import read_venue
from varangian.kernel.results import Refused
from varangian.platform.access.roles import Role
from varangian.platform.audit.models import AuditEntry

__all__ = ["leader", "operation", "plan", "venue"]
pytestmark = pytest.mark.django_db


def printed(monkeypatch, leader, plan, copy):
    seen = {}
    monkeypatch.setattr(printing, "render", lambda _, data: seen.update(data) or b"%PDF")
    printing.plan_pdf(leader, plan, copy)
    return seen


def test_the_organisers_copy_names_nothing_that_is_secret(monkeypatch, leader, plan):
    own = {"safe_room": "Green room", "vehicle_point": "Blue van", "hidden": ["east"]}
    held = write(leader, plan, "principal", own)
    routes = {**held.content["routes"], "egress": "West.", "emergency": "West.", "accessible": ""}
    held = write(leader, finished(leader, held), "routes", routes)
    told = json.dumps(printed(monkeypatch, leader, held, "organiser"))
    secret = ("Green room", "Blue van", "east", held.operation.title, held.operation.slug.upper())
    for word in (*secret, held.operation.principal.code_name):
        assert word not in told, word
    ours = json.dumps(printed(monkeypatch, leader, held, "team"))
    assert "Green room" in ours and held.operation.title in ours
    purposes = AuditEntry.objects.filter(kind="export").values_list("purpose", flat=True)
    assert {"crowd plan, organiser's copy", "crowd plan, team's copy"} <= set(purposes)


def test_a_copy_that_would_name_it_is_not_printed(leader, plan):
    write(leader, plan, "routes", {"egress": "By the Blue van"})
    held = queries.plan(leader, plan.pk)
    with pytest.raises(Refused, match="Blue van"):
        printing.plan_pdf(leader, held, "organiser")
    with pytest.raises(Refused, match="Blue van"):
        printing.cards_pdf(leader, held, "organiser")
    with pytest.raises(Refused, match="no copy"):
        printing.plan_pdf(leader, held, "public")
    assert printing.plan_pdf(leader, held, "team").startswith(b"%PDF")


def test_pdf_of_plan_and_cards(leader, plan):
    held = finished(leader, plan)
    assert printing.plan_pdf(leader, held).startswith(b"%PDF")
    assert printing.cards_pdf(leader, held).startswith(b"%PDF")


def test_the_drawing_for_others_has_neither_vehicle_nor_safe_room(plan):
    venue = read_venue(text(drawn())).venue
    content = queries.content_of(plan)
    (other,) = svg_of(venue, hidden_items(venue, content), ["Green room", "Blue van"])
    (ours,) = svg_of(venue, set(), [])
    assert "Blue van" not in other["svg"] and "Green room" not in other["svg"]
    assert "Blue van" in ours["svg"] and len(ours["svg"]) > len(other["svg"])


def test_the_part_on_screen_comes_back_as_it_was(leader, operation, plan):
    page = factories.signed_in(leader, fresh=True)
    for part in plan.content:
        before = queries.plan(leader, plan.pk)
        answer = page.get(f"/crowds/plans/{plan.pk}/write/{part}/")
        form = answer.context["form"]
        sent = {name: value for name in form.fields if (value := form[name].value()) is not None}
        sent = {name: value for name, value in sent.items() if value is not False}
        given = {n: v.strftime("%Y-%m-%dT%H:%M") if hasattr(v, "strftime") else v
                 for n, v in sent.items()}  # fmt: skip
        answer = page.post(f"/crowds/plans/{plan.pk}/write/{part}/", given)
        assert answer.status_code == 302, (part, answer.context["form"].errors)
        after = queries.plan(leader, plan.pk)
        told = (queries.content_of(before), queries.content_of(after))
        assert getattr(told[0], part) == getattr(told[1], part), part
    officer = factories.signed_in(factories.member(operation, Role.OFFICER))
    assert officer.get(f"/crowds/plans/{plan.pk}/write/kit/").status_code in (403, 404)


def filled(page, address):
    """A form as a browser would send it back."""
    form = page.get(address).context["form"]
    given = {"version": form["version"].value(), "base": form["base"].value()}
    return given | {name: value for name, value in form.shown().items() if value}


def test_two_editors_of_two_parts_are_in_nobodys_way(leader, plan):
    page = factories.signed_in(leader, fresh=True)
    address = f"/crowds/plans/{plan.pk}/write/show_stop/"
    typed = filled(page, address) | {"who": "Typed Name"}
    write(leader, plan, "kit", [{"what": "Rope"}])
    assert page.post(address, typed).status_code == 302
    content = queries.content_of(queries.plan(leader, plan.pk))
    assert content.show_stop.who == "Typed Name" and content.kit[0].what == "Rope"


def test_two_editors_of_one_part_see_both_values_and_choose(leader, plan):
    page = factories.signed_in(leader, fresh=True)
    address = f"/crowds/plans/{plan.pk}/write/show_stop/"
    typed = filled(page, address) | {"who": "Yours", "how": "By horn"}
    before = queries.content_of(queries.plan(leader, plan.pk)).show_stop.model_dump()
    write(leader, plan, "show_stop", before | {"who": "Theirs", "reach": "channel 9"})
    answer = page.post(address, typed)
    shown = answer.content.decode()
    assert answer.status_code == 409 and "Yours" in shown and "Theirs" in shown
    kinds = {row["side"].name: row["side"].by for row in answer.context["rows"]}
    assert kinds == {"who": "both", "how": "yours", "reach": "theirs"}
    chosen = {"version": answer.context["version"], "base": answer.context["base"]}
    chosen |= dict(answer.context["kept"]) | {"who": "Yours", "how": "By horn"}
    assert page.post(address, chosen | {"reach": "channel 9"}).status_code == 302
    found = queries.content_of(queries.plan(leader, plan.pk)).show_stop
    assert (found.who, found.how, found.reach) == ("Yours", "By horn", "channel 9")


def test_rows_that_two_people_make_and_take_out_meet_where_both_changed(leader, plan):
    page = factories.signed_in(leader, fresh=True)
    address = f"/crowds/plans/{plan.pk}/write/posts/"
    first, second, *_ = rows = plan.content["posts"]
    typed = filled(page, address)
    typed |= {f"{second['key']}-tasks": "Mine", f"{first['key']}-tasks": "Lost words",
              "new0-title": "My new post"}  # fmt: skip
    theirs = [row for row in rows if row["key"] != first["key"]]
    added = {"key": "gate-9", "title": "Their new post", "people": 1, "staffed_by": "organiser"}
    write(leader, plan, "posts", [*theirs, added])
    answer = page.post(address, typed)
    assert answer.status_code == 409 and "Lost words" in answer.content.decode()
    rows = {row["side"].name: row["side"].by for row in answer.context["rows"]}
    assert rows == {f"{second['key']}-tasks": "yours", "new0-title": "yours"}
    labels = {row["side"].name: row["label"] for row in answer.context["rows"]}
    assert labels[f"{second['key']}-tasks"] == f"{second['title']}: Task"
    chosen = {"version": answer.context["version"], "base": answer.context["base"]}
    chosen |= {name: value for name, value in answer.context["kept"] if value}
    chosen |= {f"{second['key']}-tasks": "Mine", "new0-title": "My new post"}
    chosen |= {"new0-people": "2", "new0-staffed_by": "team"}
    assert page.post(address, chosen).status_code == 302
    titles = [p.title for p in queries.content_of(queries.plan(leader, plan.pk)).posts]
    assert {"Their new post", "My new post"} <= set(titles) and first["title"] not in titles


def test_a_command_refuses_a_surge_that_is_none(leader, venue):
    from varangian.crowds.commands.records import run_venue

    for wrong in ("north", "north:", ":5", "north:many", "north:-5"):
        with pytest.raises(Refused, match="no surge") as told:
            run_venue(venue.pk, people=5, surge=wrong)
        assert "GATE:N" in told.value.mend


def test_cards_of_posts_for_the_team_alone(leader, plan):
    posts = plan.content["posts"]
    posts[0]["ours_alone"] = True
    held = write(leader, plan, "posts", posts)
    content = queries.content_of(held)
    assert content.posts[0].key in hidden_items(None, content)
    card = printing.card_of(held, content.posts[1])
    assert card["zones"] and card["messages"] and "hidden" not in card

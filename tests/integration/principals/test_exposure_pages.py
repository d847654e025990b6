"""The list, an item, a task and a file on the screen, over the API and at the console."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import factories
from tests.factories import signed_in

from varangian.config.commands import root
from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.roles import Role
from varangian.platform.audit.models import AuditEntry
from varangian.principals.models import Exposure, ExposureImport, TakeDown
from varangian.principals.services import exposure as services

pytestmark = pytest.mark.django_db
AT = "/principals/heron/exposure/"
HOME, HANDLE = "Shore House, Lindö 4", "@heron_reads"
CSV = f"Finding,Sort,Where\n{HANDLE},handle,PhotoSite\n,phone,x\nAria,opera,x\n".encode()


@pytest.fixture
def contract():
    return factories.engagement()


@pytest.fixture
def leader(contract):
    return factories.member(contract, Role.DETAIL_LEADER)


@pytest.fixture
def heron(contract):
    return factories.principal(contract, slug="heron")


@pytest.fixture
def home(leader, heron):
    return services.add_exposure(
        actor=leader, principal=heron, kind="footprint", detail="address", what=HOME,
        where="Land register", link="https://register.invalid/4", sensitivity="reaches",
    )  # fmt: skip


@pytest.fixture
def handle(leader, heron):
    return services.add_exposure(
        actor=leader, principal=heron, kind="footprint", detail="handle", what=HANDLE
    )


def words(answer) -> str:
    return answer.content.decode()


def test_the_list_masks_and_opens_for_one_reading(leader, heron, home, handle):
    client = signed_in(leader, fresh=True)
    shown = words(client.get(AT))
    assert HANDLE in shown and HOME not in shown and "register.invalid" not in shown
    assert "masked" in shown and "1 open" not in shown
    assert "at least 8" in words(client.post(f"{AT}open", {"purpose": "so"}))
    assert HOME in words(client.post(f"{AT}open", {"purpose": "broker letter today"}))
    assert HOME not in words(client.get(AT))
    assert AuditEntry.objects.filter(kind="read", record=str(heron.pk)).exists()


def test_opening_asks_who_is_there(leader, home):
    client = signed_in(leader)
    for address in (f"{AT}open", f"{AT}{home.pk}/open"):
        answer = client.post(address, {"purpose": "broker letter today"})
        assert answer.status_code in (302, 422) and HOME not in words(answer)


def test_filters(leader, heron, home, handle):
    client = signed_in(leader)
    assert HANDLE not in words(client.get(f"{AT}?detail=address"))
    assert HANDLE in words(client.get(f"{AT}?status=open&kind=footprint"))
    assert "No item fits" in words(client.get(f"{AT}?sensitivity=knows"))
    assert HANDLE in words(client.get(f"{AT}?kind=nonsense&due=x"))


def test_the_tab_is_there_only_for_those_who_may(contract, leader, heron):
    assert AT in words(signed_in(leader).get("/principals/heron/"))
    for role in (Role.OFFICER, Role.DRIVER, Role.CLIENT):
        client = signed_in(factories.member(contract, role))
        assert AT not in words(client.get("/principals/heron/"))
        assert client.get(AT).status_code == 403


def test_the_list_costs_the_same_for_many(leader, heron, handle):
    client = signed_in(leader)
    client.get(AT)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(AT)
    for n in range(30):
        services.add_exposure(actor=leader, principal=heron, kind="work", what=f"Board {n}")
    with CaptureQueriesContext(connection) as many:
        client.get(AT)
    assert len(many) <= len(few) + 1


def test_find_anything_knows_items_but_not_what_is_masked(contract, leader, home, handle):
    client = signed_in(leader)
    assert "E2 Digital footprint" in words(client.get("/find?q=heron_reads"))
    assert "E1 Digital" not in words(client.get("/find?q=Shore"))
    officer = signed_in(factories.member(contract, Role.OFFICER))
    assert "E2 Digital" not in words(officer.get("/find?q=heron_reads"))


def test_an_item_by_its_forms(leader, heron):
    client = signed_in(leader)
    refused = client.post(f"{AT}new", {"kind": "work", "detail": "phone", "what": "x",
                                       "sensitivity": "knows"})  # fmt: skip
    assert "Only a digital footprint" in words(refused)
    sent = client.post(f"{AT}new", {"kind": "household", "what": "Sister Liv", "notes": "press",
                                    "sensitivity": "finds"})  # fmt: skip
    item = Exposure.objects.get()
    assert sent["Location"] == f"{AT}{item.pk}/"
    assert "Sister Liv" not in words(client.get(f"{AT}{item.pk}/"))
    form = words(client.get(f"{AT}{item.pk}/edit"))
    assert "Sister Liv" not in form and "Masked. Leave it empty" in form
    client.post(f"{AT}{item.pk}/edit", {"kind": "household", "what": "", "notes": "-",
                                        "sensitivity": "reaches"})  # fmt: skip
    item.refresh_from_db()
    assert (item.what, item.notes, item.sensitivity) == ("Sister Liv", "", "reaches")
    proved = signed_in(leader, fresh=True)
    opened = proved.post(f"{AT}{item.pk}/open", {"purpose": "school run tomorrow"})
    assert "Sister Liv" in words(opened)


def test_a_task_by_its_forms(leader, heron, handle):
    client = signed_in(leader)
    at = f"{AT}{handle.pk}/"
    assert "Say what is to be done" in words(client.post(f"{at}tasks", {"task-owner": leader.pk}))
    client.post(f"{at}tasks", {"task-owner": leader.pk, "task-counter": "close"})
    task = TakeDown.objects.get()
    page = f"{AT}tasks/{task.pk}/"
    assert "End it" in words(client.get(page))
    client.post(page, {"sent_to": "PhotoSite desk", "sent_on": "", "answer": "",
                       "owner": leader.pk, "due": now().date().isoformat()})  # fmt: skip
    assert "PhotoSite desk" in words(client.get(at))
    assert client.post(f"{page}end", {"outcome": "still"}).status_code == 422
    client.post(f"{page}end", {"outcome": "gone", "answer": "Closed"})
    handle.refresh_from_db()
    assert handle.status == "taken_down"
    assert "Take-down done" in words(client.get(at))


def test_look_accept_and_threat_by_the_page(leader, heron, handle):
    client = signed_in(leader)
    at = f"{AT}{handle.pk}/"
    client.post(f"{at}look", {"there": "yes", "words": "as before"})
    assert "still there" in words(client.get(at))
    assert client.post(f"{at}threat").status_code == 422
    client.post(f"{at}accept", {"reason": "readers know her by it"})
    assert "readers know her by it" in words(client.get(at))
    client.post(f"{AT}looked")
    assert "Nothing has changed" in words(client.get(AT))


def test_a_table_on_the_screen(leader, heron):
    client = signed_in(leader)
    empty = client.post(f"{AT}import", {"file": SimpleUploadedFile("e.csv", b"\n\n")})
    assert "empty" in words(empty).lower()
    sent = client.post(f"{AT}import", {"file": SimpleUploadedFile("found.csv", CSV)})
    page = sent["Location"]
    shown = words(client.get(page))
    assert "No column" not in shown and "does not say its kind" in shown
    chosen = {f"column_{name}": "-1" for name in
              ("detail", "link", "seen_on", "found_by", "sensitivity", "notes")}  # fmt: skip
    chosen |= {"column_what": "0", "column_kind": "1", "column_where": "2", "kind": ""}
    again = words(client.post(page, {**chosen, "again": "1"}))
    assert "1 can be read, 2 cannot" in again and not Exposure.objects.exists()
    twice = words(client.post(page, {**chosen, "column_link": "0", "take": "1"}))
    assert "chosen already" in twice and not Exposure.objects.exists()
    client.post(page, {**chosen, "take": "1"})
    told = words(client.get(page))
    assert "1 added, 0 known already, 2 not taken" in told and "Aria | opera | x" in told
    assert HANDLE in words(client.get(AT)) and "found.csv" in words(client.get(AT))


def test_raw_rows_show_to_whoever_brought_them(contract, leader, heron):
    upload = services.take_in(actor=leader, principal=heron, data=CSV, name="found.csv")
    services.take_import(actor=leader, upload=upload, columns={"what": 0, "kind": 1})
    other = factories.member(contract, Role.ANALYST)
    page = f"{AT}files/{upload.pk}/"
    assert "Aria | opera" not in words(signed_in(other).get(page))
    operator = factories.member(contract, Role.OPERATOR)
    assert signed_in(operator).get(page).status_code == 403


def test_a_dropped_file_by_the_page(leader, heron):
    upload = services.take_in(actor=leader, principal=heron, data=CSV, name="found.csv")
    signed_in(leader).post(f"{AT}files/{upload.pk}/drop")
    assert ExposureImport.objects.get().state == "dropped"
    assert "The file was dropped" in words(signed_in(leader).get(f"{AT}files/{upload.pk}/"))


def api(client, method: str, path: str, body=None):
    send = getattr(client, method)
    if body is None:
        return send(f"/api/v1{path}")
    return send(f"/api/v1{path}", json.dumps(body), content_type="application/json")


def test_the_same_over_the_api(leader, heron, home):
    client = signed_in(leader, fresh=True)
    listed = api(client, "get", "/principals/heron/exposure?status=open").json()
    assert [(row["serial"], row["what"]) for row in listed["items"]] == [("E1", "masked")]
    made = api(client, "post", "/principals/heron/exposure", {"kind": "work", "what": "Board"})
    assert made.status_code == 201 and made.json()["serial"] == "E2"
    opened = api(client, "post", "/principals/heron/exposure/open", {"purpose": "broker letter"})
    assert HOME in [row["what"] for row in opened.json()]
    pk = made.json()["id"]
    assert api(client, "patch", f"/exposures/{pk}", {"sensitivity": "knows"}).status_code == 200
    assert api(client, "post", f"/exposures/{pk}/looked", {"there": True}).status_code == 200
    body = {"owner": leader.email, "counter": "staff_page"}
    task = api(client, "post", f"/exposures/{pk}/tasks", body).json()
    api(client, "patch", f"/takedowns/{task['id']}", {"sent_to": "Press office"})
    ended = api(client, "post", f"/takedowns/{task['id']}/end", {"gone": True}).json()
    assert (ended["state"], ended["sent_to"]) == ("done", "Press office")
    file = api(client, "get", f"/exposures/{pk}").json()
    assert file["status"] == "taken_down" and len(file["history"]) == 6
    assert {one["id"] for one in file["counter_measures"]} >= {"staff_page"}
    nobody = api(client, "post", f"/exposures/{pk}/tasks", {"owner": "x@example.org", "what": "x"})
    assert nobody.status_code == 422
    drawn = api(client, "get", "/principals/heron/exposure/picture").json()
    assert drawn["months"][-1]["open"] == 1 and drawn["months"][0]["open"] is None


def test_a_file_over_the_api(leader, heron):
    client = signed_in(leader)
    upload = SimpleUploadedFile("found.csv", CSV)
    brought = client.post("/api/v1/principals/heron/exposure/imports", {"file": upload}).json()
    assert (brought["state"], brought["usable"], brought["rows"]) == ("preview", 0, 3)
    at = f"/exposure-imports/{brought['id']}"
    taken = api(client, "post", f"{at}/take", {"columns": {"what": 0, "kind": 1}}).json()
    assert (taken["added"], taken["refused"]) == (1, 2)
    assert api(client, "get", at).json()["report"][2]["raw"] == "Aria | opera | x"
    assert api(client, "post", f"{at}/drop").status_code == 422


def run(capsys, *given: str):
    code = root([*given, "--json"])
    out = capsys.readouterr().out
    assert code == 0, out
    return json.loads(out)


def test_the_same_at_the_console(capsys, leader, heron, tmp_path):
    as_ = ("--as", leader.email)
    add = ("exposure", "add", "heron", "footprint", HOME, "--detail", "address")
    assert run(capsys, *as_, *add)["what"] == "masked"
    rows = run(capsys, "exposure", "list", "heron", "--reason", "broker letter today")
    assert rows[0]["what"] == HOME
    path = tmp_path / "found.csv"
    path.write_bytes(CSV)
    column = ("--column", "kind=Sort")
    seen = run(capsys, "exposure", "import", "heron", str(path), *column, "--preview")
    assert [bool(row["problem"]) for row in seen] == [False, True, True]
    taken = run(capsys, *as_, "exposure", "import", "heron", str(path), *column)
    assert (taken["added"], taken["refused"]) == (1, 2)
    give = ("exposure", "task", "heron", "E2", "--owner", leader.email, "--counter", "close")
    assert run(capsys, *as_, *give)[0]["state"] == "open"
    sent = ("exposure", "task", "heron", "E2", "--sent-to", "Desk", "--due", "2030-01-02")
    assert run(capsys, *as_, *sent)[0]["due"] == "2030-01-02"
    ended = run(capsys, *as_, "exposure", "task", "heron", "E2", "--end", "gone")
    assert ended[0]["state"] == "done"
    assert run(capsys, *as_, "exposure", "look", "heron", "E2", "--there")["status"] == "came_back"
    accept = ("exposure", "accept", "heron", "E2", "readers know it")
    assert run(capsys, *as_, *accept)["accepted_by"] == leader.name
    drawn = run(capsys, *as_, "exposure", "picture", "heron", "--looked")
    assert drawn["months"][-1]["open"] == 1
    assert run(capsys, "exposure", "show", "heron", "E1")["history"][0]["event"] == "added"
    with pytest.raises(Refused, match="named person"):
        run(capsys, "exposure", "look", "heron", "E2", "--there")

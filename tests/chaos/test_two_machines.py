"""A house on two machines with one PostgreSQL: what happens on one shows on the other, and a
machine whose plug is pulled takes nothing along that was acknowledged."""

import itertools
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from statistics import median
from types import SimpleNamespace

import psycopg
import pytest
from tests.network import Machine, Screen, managed_postgres, network
from tests.press import Crowd, Phone, account, enrol
from tests.stack import Answer, patience, team
from tests.writers import Writer, await_count, check_kept

from varangian.kernel.results import Refused
from varangian.platform.database.targets import NamedServer
from varangian.platform.jobs.ticks import TICK_LOCK

pytestmark = pytest.mark.chaos
SEEN, PEOPLE, WATCHED = 2.0, 50, 30
"""Seconds from a press to the screen of somebody else; so many press, the first one by one."""
NOTICED = 4 + 1
"""Seconds in which a silent end of a connection is noticed, and one to come back."""
KEEP = """
import sys
from varangian.log.models import LogEntry
from varangian.operations.models import Operation
from varangian.platform.access.context import acting
from varangian.platform.access.scope import SYSTEM
from varangian.platform.storage.services import keep
with acting(SYSTEM, purpose="test"):
    operation = Operation.objects.get(slug=sys.argv[1])
    print(keep(data=b"original itinerary", name="a.ics", media_type="text/calendar",
               key=operation.key, compartment_id=operation.compartment_id).pk)
"""
READ = """
import sys
from varangian.platform.access.context import acting
from varangian.platform.access.scope import SYSTEM
from varangian.platform.storage.models import StoredFile
from varangian.platform.storage.services import read
with acting(SYSTEM, purpose="test"):
    print(read(StoredFile.objects.get(pk=sys.argv[1])).decode())
"""
HOLDER = """select host(a.client_addr) from pg_locks l join pg_stat_activity a using (pid)
where l.locktype = 'advisory' and l.objid = %s and l.granted"""


class Roaming(Writer):
    """Asks the machines in turn, as a client behind a balancer does."""

    def __init__(self, machines: list[Machine], *more: object) -> None:
        super().__init__(machines[0], *more)
        self.next = threading.Lock()
        self.ask(machines)

    def ask(self, machines: list[Machine]) -> None:
        self.stack, self.turn = machines[0], itertools.cycle(machines)

    def write(self, event: str) -> Answer:
        with self.next:
            machine = next(self.turn)
        return machine.call(
            "POST",
            f"/api/v1/operations/{self.team.operation}/log",
            {"event": event},
            Idempotency_Key=event,
            **self.team.headers,
        )


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Iterator[SimpleNamespace]:
    """The first machine runs everything; on the second the worker is a service of its own."""
    folder = tmp_path_factory.mktemp("machines")
    with network() as net, managed_postgres(net) as url:
        keys = str(folder / "keys")
        given = {"DATABASE_URL": url, "VARANGIAN_KEYS": keys, "VARANGIAN_WEB_WORKERS": "1"}
        places = {name: net.join(name) for name in ("a", "b")}
        first = Machine(net, "a", places["a"], folder / "a", 8100, **given)
        second = Machine(net, "b", places["b"], folder / "b", 8200, "--only=web,live", **given)
        worker = Machine(net, "b", places["b"], folder / "b", 8200, "--only=worker", **given)
        every = (first, second, worker)
        try:
            for machine in every:
                machine.launch()
            for machine in every:
                await_ready(machine)
            found = team(first)
            yield SimpleNamespace(
                net=net, url=url, first=first, second=second, worker=worker, team=found
            )
        finally:
            for machine in every:
                machine.kill()


@pytest.fixture(scope="module")
def phones(house) -> list[Phone]:
    """Of officers who reach the first machine; the banner names the newest of them."""
    return enrol(house.first, house.team.operation, PEOPLE)


def await_ready(machine: Machine) -> None:
    end = time.monotonic() + patience(240)
    while not machine._ready.wait(0.1):
        running = machine.process.poll() is None and time.monotonic() < end
        assert running, "\n".join(machine.said[-20:])


def lookup(house, sql: str, *values: object) -> list[tuple]:
    """As the owner of the server would look."""
    with psycopg.connect(house.url) as connection:
        return connection.execute(sql, values).fetchall()


def signed_in(house) -> dict[str, str]:
    """On the first machine; the cookie is good on both."""
    made = house.first.cli("user", "link", house.team.leader)
    return house.first.sign_in(made["link"][made["link"].index("/enter/") :])


def write(machine: Machine, house, event: str) -> Answer:
    path = f"/api/v1/operations/{house.team.operation}/log"
    return machine.call("POST", path, {"event": event}, seconds=20, **house.team.headers)


def test_both_started_at_once_on_an_empty_database_and_made_one_house(house):
    for machine in (house.first, house.second):
        assert machine.health() | {"version": ""} == {
            "status": "ok", "version": "", "database": "ok", "live": "ok", "worker": "ok"
        }  # fmt: skip
    assert lookup(house, "select count(*) from access_user where is_administrator") == [(1,)]
    parts = lookup(house, "select machine, part from processes_part order by part, machine")
    assert [part for _, part in parts] == ["live", "live", "web", "web", "worker", "worker"]
    assert house.first.link and house.second.link and not house.worker.link


def test_what_is_written_on_one_shows_on_the_other_at_once(house):
    browser = signed_in(house)
    for here, there in ((house.first, house.second), (house.second, house.first)):
        screen = Screen(there, browser)
        screen.hears(patience(5), topic="hello")
        begun = time.monotonic()
        assert write(here, house, f"said on {here.name}").status < 300
        screen.hears(patience(2), topic="log")
        assert time.monotonic() - begun < patience(3)
        page = there.call("GET", f"/log/of/{house.team.operation}/", seconds=20, **browser)
        assert page.status == 200 and f"said on {here.name}".encode() in page.body


def test_a_press_on_one_is_on_the_screen_of_a_person_at_the_other(house, phones, record_property):
    screen = Screen(house.second, signed_in(house))
    screen.hears(patience(5), topic="hello")
    took = []
    for number, phone in enumerate(phones[:WATCHED]):
        begun = time.monotonic()
        good, said = phone.press(f"over-{number}", seconds=patience(5))
        assert good and said.endswith(f":{house.first.port + 1}"), said
        screen.reads(patience(10), f"Officer {number},")
        took.append(time.monotonic() - begun)
    record_property("seconds_until_seen", [round(one, 3) for one in took])
    late = [f"{one:.2f}" for one in took if one >= patience(SEEN)]
    assert not late, f"of {WATCHED} presses, median {median(took):.2f} s, these were late: {late} s"


def test_a_file_kept_on_one_is_read_on_the_other(house):
    made = house.first.python(KEEP, house.team.operation).strip()
    assert house.second.python(READ, made).strip() == "original itinerary"
    assert not list((house.first.home / "files").glob("*/*"))


def test_nothing_is_restored_under_a_machine_that_works(house):
    target = NamedServer(house.first.home, house.url)
    with pytest.raises(Refused, match=r"Other machines work with this database: .*worker on"):
        target.refuse_running()
    assert target.graves() == set()


def test_a_machine_that_loses_the_database_says_so_and_comes_back(house):
    screen = Screen(house.second, signed_in(house))
    screen.hears(patience(5), topic="hello")
    house.net.hide_server("b")
    try:
        screen.hears(patience(NOTICED + 2), topic="database", kind="away")
        assert house.second.call("GET", "/healthz", seconds=20).status == 503
        assert house.first.health()["status"] == "ok"
    finally:
        house.net.show_server("b")
    screen.hears(patience(NOTICED + 6), topic="database", kind="back")
    house.second.await_healthy(patience(15))
    assert write(house.first, house, "after the cut").status < 300
    screen.hears(patience(2), topic="log")


def test_a_machine_whose_plug_is_pulled_takes_nothing_along(house):
    """The one that keeps the ticks, while clients write on both."""
    holder = await_holder(house, "")
    address = holder.rsplit(".", 1)[1]
    gone, stays = (house.first, house.second) if address == "1" else (house.second, house.first)
    with Roaming([stays, gone], house.team, f"plug-{gone.name}") as writer:
        await_count(writer, 20, patience(30))
        house.net.pull_the_plug(gone.name)
        pulled = time.monotonic()
        taken = await_holder(house, holder)
        took = time.monotonic() - pulled
        await_count(writer, len(writer.acknowledged) + 20, patience(60))
        at = [when for when in writer.heard if when > pulled - 1]
    assert taken != holder and took < patience(NOTICED + 2), f"ticks came over after {took:.1f} s"
    silence = max(after - before for before, after in itertools.pairwise(at))
    assert silence < patience(2 * NOTICED), f"nobody was acknowledged for {silence:.1f} s"
    assert writer.failures, "the clients never noticed: the plug proved nothing"
    writer.ask([stays])
    check_kept(writer)
    assert stays.health()["status"] == "ok"
    bring_back(house, gone.name)
    writer.ask([gone])
    check_kept(writer)
    assert gone.cli("audit", "verify")[0]["whole"]


def bring_back(house, name: str) -> None:
    house.net.mend(name)
    for machine in (house.first, house.second, house.worker):
        if machine.name == name:
            machine.process.wait(10)
            machine.launch()
            await_ready(machine)


def test_presses_go_on_when_the_plug_of_the_machine_that_heard_them_is_pulled(house, phones):
    """The phones ask the first machine, and the second when nobody answers there. What the first
    had heard and not yet answered is answered by the second."""
    lasting = [replace(one, web=house.second.url) for one in phones[WATCHED:]]
    screen = Screen(house.second, signed_in(house))
    screen.hears(patience(5), topic="hello")
    crowd = Crowd(lasting, each=6, pause=0.05)
    threads = crowd.start()
    await_presses(crowd, 20)
    house.net.pull_the_plug("a")
    by_the_first = len(crowd.heard)
    for thread in threads:
        thread.join(patience(180))
    assert not any(thread.is_alive() for thread in threads), crowd.faults
    assert crowd.faults, "no phone noticed: the plug proved nothing"
    for number in range(WATCHED, PEOPLE):
        assert any(key.startswith(f"p{number}-") for key in crowd.heard)
    await_answers(house)
    screen.reads(patience(10), f"{newest(house)},")
    found = account(lambda: psycopg.connect(house.url), set(crowd.heard))
    assert 20 <= by_the_first < found["acknowledged"] == 6 * (PEOPLE - WATCHED)
    assert found | {"acknowledged": 0, "kept": 0} == {
        "acknowledged": 0, "kept": 0, "lost": 0, "doubled": 0, "unanswered": 0,
        "calls_without_alert": 0,
    }, crowd.faults  # fmt: skip
    assert found["kept"] == found["acknowledged"] + WATCHED
    bring_back(house, "a")


def await_presses(crowd: Crowd, wanted: int) -> None:
    end = time.monotonic() + patience(60)
    while len(crowd.heard) < wanted:
        assert time.monotonic() < end, crowd.faults
        time.sleep(0.02)


def await_answers(house) -> None:
    """The tick has looked after what was left behind."""
    end = time.monotonic() + patience(30)
    while lookup(house, "select 1 from protection_press where call_id is null limit 1"):
        assert time.monotonic() < end, "presses wait for their answer"
        time.sleep(0.2)


def newest(house) -> str:
    """Who called last, as the banner names them."""
    person = """select u.name from protection_duress d
    join access_user u on u.id = d.person_id order by d.opened_at desc limit 1"""
    return lookup(house, person)[0][0]


def await_holder(house, before: str) -> str:
    """The address of the machine whose worker keeps the ticks, another than ``before``."""
    end = time.monotonic() + patience(30)
    while time.monotonic() < end:
        found = lookup(house, HOLDER, TICK_LOCK)
        if found and found[0][0] != before:
            return found[0][0]
        time.sleep(0.1)
    raise AssertionError("nobody keeps the ticks")

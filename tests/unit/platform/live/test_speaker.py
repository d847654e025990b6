"""What a call for help says comes with the stream: the newest, to the right person, once each."""

import asyncio
import threading

import pytest

from varangian.kernel.ids import new_id
from varangian.platform.live import doors, speaker
from varangian.platform.live.hub import Hub, Listener
from varangian.platform.live.speaker import Speaker


@pytest.fixture(autouse=True)
def topic(monkeypatch):
    monkeypatch.setitem(doors._speeches, "duress", str)


def said(listener: Listener) -> list[str]:
    rows = [listener.queue.get_nowait() for _ in range(listener.queue.qsize())]
    return [row["html"] for row in rows if isinstance(row, dict) and row["kind"] == "said"]


async def quiet(one: Speaker) -> None:
    while one._tasks:
        await asyncio.sleep(0.005)


def test_a_process_is_warm_before_the_first_call(monkeypatch):
    """Words were asked of every topic, for nobody: no words of a person are put together."""
    asked = []
    monkeypatch.setattr(doors, "_speeches", {"duress": lambda user: asked.append(user) or ""})
    speaker.warm()
    assert [user.is_authenticated for user in asked] == [False]


def test_each_person_is_told_what_it_says_to_them_on_all_their_screens(monkeypatch):
    place, first, second = new_id(), new_id(), new_id()
    monkeypatch.setattr(speaker, "words_for", lambda topic, user: f"{topic} {user}")
    hub = Hub()
    screens = [Listener(user, frozenset({place})) for user in (first, first, second)]
    stranger = Listener(new_id(), frozenset())
    hub.listeners.update([*screens, stranger])
    talk = Speaker(hub.listeners)
    hub.told = talk.due

    async def press() -> None:
        hub.spread(
            f'{{"topic": "duress", "kind": "pressed", "record": null, "compartment": "{place}"}}'
        )
        await quiet(talk)

    asyncio.run(press())
    assert [said(one) for one in screens] == [[f"duress {one.user}"] for one in screens]
    assert said(stranger) == []


def test_a_storm_of_presses_ends_with_the_newest_words(monkeypatch):
    user, state, held = new_id(), [0], threading.Event()

    def words(_topic: str, _user: object) -> str:
        now = state[0]
        held.wait(0.01)
        return str(now)

    monkeypatch.setattr(speaker, "words_for", words)
    screen = Listener(user, frozenset())
    talk = Speaker({screen})

    async def storm() -> None:
        for number in range(1, 40):
            state[0] = number
            talk.due("duress", user)
            await asyncio.sleep(0.002)
        await quiet(talk)

    asyncio.run(storm())
    heard = [int(one) for one in said(screen)]
    assert heard[-1] == 39
    assert heard == sorted(heard)
    assert len(heard) < 39


def test_when_the_words_cannot_be_had_the_next_are_said_all_the_same(monkeypatch):
    user, faults = new_id(), [ValueError("the database is away")]

    def words(_topic: str, _user: object) -> str:
        if faults:
            raise faults.pop()
        return "well"

    monkeypatch.setattr(speaker, "words_for", words)
    screen = Listener(user, frozenset())
    talk = Speaker({screen})

    async def twice() -> None:
        for _ in range(2):
            talk.due("duress", user)
            await quiet(talk)

    asyncio.run(twice())
    assert said(screen) == ["well"]


def test_news_that_nobody_puts_into_words_costs_nothing():
    talk = Speaker(set())
    talk.due("movements", new_id())
    assert not talk._tasks

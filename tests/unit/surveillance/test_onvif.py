"""ONVIF against an invented camera on loopback: found, asked, heard, and never believed."""

import asyncio
import time
from datetime import timedelta

import pytest
from tests.onvif import ELSEWHERE, PASSWORD, USER, OnvifCamera, Responder, match, notification

from varangian.kernel.results import Refused
from varangian.surveillance import rules
from varangian.surveillance.listening import Listener, Movers, Pace
from varangian.surveillance.onvif import finding, soap
from varangian.surveillance.onvif.device import Device, Trouble
from varangian.surveillance.onvif.topics import States, notices

BOMB = (
    b'<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>',
    b'<!DOCTYPE a SYSTEM "http://inside.example/x"><a/>',
    b"<a>" + b" " * soap.MOST_BYTES + b"</a>",
    b"no xml",
    b"\xff\xfe\x00",
)


@pytest.mark.parametrize("data", BOMB, ids=["entities", "outside", "long", "words", "bytes"])
def test_what_hurts_is_not_read(data):
    with pytest.raises(soap.Unreadable):
        soap.read(data)


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("192.168.1.20", "http://192.168.1.20/onvif/device_service"),
        ("192.168.1.20:8000", "http://192.168.1.20:8000/onvif/device_service"),
        ("https://cam.example/own", "https://cam.example/own"),
        ("[fd00::20]:80", "http://[fd00::20]:80/onvif/device_service"),
    ],
)
def test_a_bare_host_is_an_address(given, address):
    assert rules.read_device(given) == address


@pytest.mark.parametrize(
    "given",
    ["", "ftp://a", "http://a:b@c/", "169.254.169.254", "a b", "http://", "x:0", "[fe80::1]"],
)
def test_other_addresses_are_refused(given):
    with pytest.raises(Refused):
        rules.read_device(given)


def test_user_and_password_go_into_the_stream_of_that_device_alone():
    put = rules.with_access("rtsp://1.2.3.4:554/a?b=1", "http://1.2.3.4/x", "me@x", "p:/@ w")
    assert put == "rtsp://me%40x:p%3A%2F%40%20w@1.2.3.4:554/a?b=1"
    for source in ("rtsp://9.9.9.9/a", "rtsp://me@1.2.3.4/a"):
        assert rules.with_access(source, "http://1.2.3.4/x", "u", "p") == source


def test_who_answers_is_found_under_the_address_it_answers_from():
    scopes = "onvif://www.onvif.org/name/Hall%20north onvif://www.onvif.org/hardware/D4"
    with Responder(
        match("http://127.0.0.1:8001/onvif/one http://10.0.0.1/x", scopes),
        match("http://127.0.0.1:8001/onvif/one", scopes),
        match(f"http://{ELSEWHERE}/lies"),
        match("http://127.0.0.1:8002/other", mark="urn:another-question"),
        "<no",
    ) as there:
        found = finding.find(0.4, group=there.group)
    assert [one.address for one in found] == [
        "http://127.0.0.1/onvif/device_service",
        "http://127.0.0.1:8001/onvif/one",
    ]
    assert (found[1].name, found[1].hardware, found[1].host) == ("Hall north", "D4", "127.0.0.1")


def ask(camera: OnvifCamera, password: str = PASSWORD):
    async def work():
        async with Device(camera.address, USER, password) as device:
            await device.read_clock()
            return await device.about(), await device.profiles()

    return asyncio.run(work())


@pytest.mark.parametrize("only_http_digest", [False, True])
def test_a_device_tells_its_profiles_and_leads_nowhere_else(only_http_digest):
    with OnvifCamera(only_http_digest=only_http_digest) as camera:
        about, profiles = ask(camera)
        assert (about.maker, about.model) == ("Invented", "Dome 4")
        assert [one.words for one in profiles][1] == "Sub, 640 x 360, H264"
        assert profiles[0].source == "rtsp://127.0.0.1:554/live/main?a=1"
        assert not any(PASSWORD in body for body in camera.bodies)


def test_a_wrong_password_is_told_in_our_words():
    for http in (False, True):
        with OnvifCamera(only_http_digest=http) as camera, pytest.raises(Trouble) as why:
            ask(camera, "wrong")
        assert "refused user or password" in str(why.value)


@pytest.mark.parametrize("says", [*BOMB, b"<a/>" * 200_000, b"<Envelope/>"])
def test_a_hostile_device_is_given_up(says):
    with OnvifCamera() as camera:
        camera.says = says
        with pytest.raises(Trouble):
            ask(camera)


def test_nobody_at_an_address():
    camera = OnvifCamera()
    camera.__exit__()
    with pytest.raises(Trouble):
        ask(camera)


def heard(*given: str, states: States | None = None) -> list[tuple[str, str]]:
    root = soap.read(f"<r xmlns:n='n' xmlns:x='x' xmlns:tns1='t'>{''.join(given)}</r>".encode())
    states = states or States()
    told = [states.hear(one, timedelta(hours=1)) for one in notices(root)]
    return [(one.name, one.detail.get("words", "")) for one in told if one]


def test_topics_become_events_of_the_house():
    cell, alarm = "RuleEngine/CellMotionDetector/Motion", "VideoSource/MotionAlarm"
    assert heard(
        notification(cell, True, Rule="Yard"),
        notification(alarm, True, Source="1"),
        notification(cell, False, Rule="Yard"),
        notification(alarm, False, Source="1"),
        notification("RuleEngine/LineDetector/Crossed", None, Rule="Drive"),
        notification("RuleEngine/FieldDetector/ObjectsInside", True, Rule="Lawn"),
        notification("VideoSource/GlobalSceneChange/ImagingService", True, Source="1"),
        notification("Device/Trigger/DigitalInput", True, InputToken="Door 2"),
        notification("Device/HardwareFailure/FanFailure", True),
    ) == [
        ("motion.begun", "Yard"),
        ("motion.ended", ""),
        ("line.crossed", "Drive"),
        ("field.entered", "Lawn"),
        ("tamper.begun", "the scene changed at once"),
        ("input.on", "Door 2"),
    ]


def test_how_it_was_when_we_came_is_told_once():
    states, line = States(), "RuleEngine/LineDetector/Crossed"
    begun = notification("Device/Trigger/DigitalInput", True, "Initialized", InputToken="1")
    quiet = notification("Device/Trigger/DigitalInput", False, "Initialized", InputToken="2")
    assert heard(begun, quiet, notification(line, None, "Initialized"), states=states) == [
        ("input.on", "1")
    ]
    assert heard(begun, quiet, states=states) == []
    ended = notification("Device/Trigger/DigitalInput", False, "Initialized", InputToken="1")
    assert heard(ended, states=states) == [("input.off", "1")]


def test_motion_of_the_picture_and_of_the_camera_is_one():
    movers = Movers()
    said = [("motion.begun", "a"), ("motion.begun", "b"), ("motion.ended", "a")]
    assert [movers.news(*one) for one in said] == [True, False, False]
    assert movers.news("line.crossed", "b") and movers.news("motion.ended", "b")


def test_a_camera_that_tells_without_end_is_heard_so_often_a_minute():
    pace = Pace(3)
    assert [pace.may(61.0) for _ in range(5)] == [True, True, True, False, False]
    assert pace.may(120.0)


def test_a_listener_pulls_and_goes_on_after_the_camera_forgot_it():
    told, health = [], []

    async def tell(one):
        told.append(one.name)

    async def until(wanted):
        end = time.monotonic() + 10
        while not wanted() and time.monotonic() < end:
            await asyncio.sleep(0.02)
        assert wanted(), (told, health)

    async def work(camera: OnvifCamera):
        listener = Listener(tell, lambda at, reason: health.append((at, reason)))
        access = {"address": camera.address, "user": USER, "password": PASSWORD}
        await listener.want(access)
        camera.told.append(notification("RuleEngine/CellMotionDetector/Motion", True))
        await until(lambda: told == ["motion.begun"])
        camera.broken = True
        await until(lambda: camera.subscriptions == 2)
        camera.told.append(
            notification("RuleEngine/CellMotionDetector/Motion", True, "Initialized")
        )
        camera.told.append(notification("RuleEngine/LineDetector/Crossed", None))
        await until(lambda: told == ["motion.begun", "line.crossed"])
        await listener.want(access)
        assert camera.subscriptions == 2
        await listener.want(None)
        assert "Unsubscribe" in camera.calls and listener.task is None
        assert health[0][0] is not None and any(reason for _, reason in health)
        assert ">2</" in next(b for b in reversed(camera.bodies) if "PullMessages>" in b)

    with OnvifCamera() as camera:
        asyncio.run(work(camera))

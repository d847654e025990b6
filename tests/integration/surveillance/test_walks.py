"""One walk behind the principal at three cameras: through the real services, with invented ways."""

from datetime import timedelta
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from django.db import connection
from tests.factories import member, operation, person, signed_in
from tests.integration.platform.access.test_api import bearer

from varangian.alerts.models import Alert
from varangian.config.commands import root
from varangian.engines.vision.behaviours import Earth
from varangian.kernel.clock import frozen, now
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.operations.models import Operation
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.platform.audit.models import AuditEntry
from varangian.platform.database.backup import LEFT_OUT
from varangian.principals.services import add_window, remove_window
from varangian.surveillance.models import GroundTracks, WalkBehind
from varangian.surveillance.queries import walks as queries
from varangian.surveillance.services import behind, placing, walks
from varangian.surveillance.services.behaviours import rule_camera
from varangian.surveillance.services.cameras import add_camera, change_camera
from varangian.surveillance.services.placing import Fenced, Grip
from varangian.tracking import store
from varangian.tracking.fix import Fix
from varangian.tracking.models import Device, Position
from varangian.tracking.services import keeping

pytestmark = pytest.mark.django_db
ZERO = (60.1700, 24.9400)
EARTH = Earth(*ZERO)
WAY = ((0, 0), (90, 0), (90, 80), (220, 80), (220, 160))
SEEN = {"North": (70, 125), "Square": (150, 200), "Market": (280, 335)}
"""Metres of the way that each camera sees."""
STOP_AT, WAITS, PACE = 175.0, 30.0, 1.3
RULES = """format: 1
picture: [768, 432]
ground:
  - {picture: [60, 402], metres: [0, 0]}
  - {picture: [702, 398], metres: [8, 0]}
  - {picture: [521, 201], metres: [8, 14]}
  - {picture: [236, 203], metres: [0, 14]}
earth: {zero: [60.17, 24.94], y_bearing: 0}
rules:
  - {id: all, rule: zone, area: [[0, 0], [700, 0], [700, 400], [0, 400]]}
"""
BASIS = "Protection of the principal, assessed on 1 November"


def place(metres: float) -> tuple[float, float]:
    for a, b in pairwise(WAY):
        length = float(np.hypot(b[0] - a[0], b[1] - a[1]))
        if metres <= length:
            return a[0] + metres / length * (b[0] - a[0]), a[1] + metres / length * (b[1] - a[1])
        metres -= length
    return WAY[-1]


def gone(t: float, start: float, pace: float = PACE, waits: float = WAITS) -> float:
    """Metres of the way at second ``t`` of who set out at ``start``."""
    walked, reach = t - start, STOP_AT / pace
    return pace * (walked if walked < reach else max(reach, walked - waits))


@pytest.fixture
def day():
    scene = operation()
    Operation.objects.filter(pk=scene.pk).update(state="active")
    leader = member(scene, Role.DETAIL_LEADER)
    cameras = {}
    for name, (low, high) in SEEN.items():
        lat, lon = EARTH.degrees(*place((low + high) / 2))
        one = add_camera(
            actor=leader, owner=scene, name=name, source="rtsp://camera.example/a",
            purpose="The way", legal_basis="Order", position=[lat, lon], keeps_tracks=True,
            tracks_basis=BASIS,
        )  # fmt: skip
        rule_camera(actor=leader, camera=one, text=RULES)
        placing.claim(grip=grip(one), owner="w")
        cameras[name] = one
    phone = Device.objects.create(
        compartment_id=scene.compartment_id, operation=scene, kind="owntracks", label="Phone",
        period_s=5, carried_by_principal=True, share="movement",
    )  # fmt: skip
    scene = Operation.objects.get(pk=scene.pk)
    start = now() - timedelta(minutes=12)
    rng = np.random.default_rng(3)
    return SimpleNamespace(
        scene=scene, leader=leader, cameras=cameras, phone=phone, start=start, rng=rng
    )


def grip(one) -> Grip:
    return Grip(one.pk, 1, 0)


def told(day, t: float, device: Device | None = None, start: float = 0.0) -> None:
    """Where a phone is, five metres wrong."""
    moment = day.start + timedelta(seconds=t)
    x, y = np.add(place(gone(t, start)), day.rng.normal(0, 2.5, 2))
    lat, lon = EARTH.degrees(float(x), float(y))
    fix = Fix((device or day.phone).pk, moment, moment, lat, lon, accuracy=5.0)
    with connection.cursor() as cursor:
        assert store.write(cursor, [fix], deliberate=True) == [""]


def play(day, people: dict[str, tuple[float, float, float]], seconds: int = 400) -> None:
    """``people``: name, and when each sets out, how fast, and how long each stops."""
    keeping.make_days()
    for t in range(0, seconds, 5):
        with frozen(day.start + timedelta(seconds=t + 5)):
            told(day, t)
            for name, (low, high) in SEEN.items():
                rows = {}
                for who, walker in people.items():
                    points = []
                    for s in range(t, t + 5):
                        at = gone(s, *walker)
                        if low <= at <= high:
                            x, y = np.add(place(at), day.rng.normal(0, 0.25, 2))
                            points.append([t + 5 - s, *EARTH.degrees(float(x), float(y))])
                    if points:
                        rows[f"{name[:2]}{who}"] = points
                if rows:
                    walks.keep_walks(grip=grip(day.cameras[name]), rows=rows)


def compared(day, seconds: int = 400) -> int:
    with frozen(day.start + timedelta(seconds=seconds + 5)):
        return behind.compare_one(day.scene.pk)


PRINCIPAL = (0.0, PACE, WAITS)
TAIL = (25.0, PACE, WAITS)


def test_a_walk_behind_the_principal_asks_a_person_once(day):
    play(
        day, {"own": PRINCIPAL, "tail": TAIL, "early": (-80.0, 1.5, 0.0), "late": (60.0, 1.0, 0.0)}
    )
    assert compared(day) == 1 and compared(day) == 0
    found = WalkBehind.objects.get()
    assert found.words.startswith("The same walk behind the principal at 3 cameras in ")
    assert {part["name"] for part in found.shown["parts"]} == set(SEEN)
    assert {part["walk"][2:] for part in found.shown["parts"]} == {"tail"}
    assert found.shown["figures"]["stops"] == 1 and 15 <= found.shown["figures"]["lag_s"] <= 35
    alert = Alert.objects.get(source="walk_behind")
    assert alert.urgency == "attention" and alert.title == found.words and alert.about == found.pk
    assert "does not know who anybody is" in alert.body


def test_commuters_raise_nothing(day):
    """Ninety people on the very same way, at their own pace, some of whom stop somewhere."""
    people = {"own": PRINCIPAL}
    for n in range(90):
        pace = float(np.clip(day.rng.normal(1.34, 0.2), 0.8, 2.0))
        people[f"c{n}"] = (float(day.rng.uniform(-250, 300)), pace, float(n % 5 == 0) * 12)
    play(day, people)
    assert GroundTracks.objects.count() > 100
    assert compared(day) == 0 and not WalkBehind.objects.exists() and not Alert.objects.exists()


def test_who_walks_behind_with_a_device_of_the_team_is_no_stranger(day):
    rear = Device.objects.create(
        compartment_id=day.scene.compartment_id, operation=day.scene, kind="owntracks",
        label="W2", period_s=5, person=member(day.scene, Role.OFFICER),
    )  # fmt: skip
    keeping.make_days()
    for t in range(0, 400, 5):
        told(day, t, rear, 8.0)
    play(day, {"own": PRINCIPAL, "rear": (8.0, PACE, WAITS)})
    assert compared(day) == 0


def test_no_camera_gives_a_way_without_its_record_an_operation_and_a_principal(day):
    keeping.make_days()
    one = day.cameras["North"]
    lat, lon = one.position
    rows = {"n1": [[1.0, lat, lon]]}

    def asked() -> bool:
        order = placing.beat(grip=grip(one), health={})
        kept = walks.keep_walks(grip=grip(one), rows=rows)
        assert order.tracks == (kept is not None)
        return order.tracks

    with frozen(day.start):
        assert not asked() and "Nobody knows" in queries.compared(day.leader, day.scene)[1]
        told(day, 0)
        assert asked() and queries.compared(day.leader, day.scene)[0]
        Operation.objects.filter(pk=day.scene.pk).update(state="planned")
        assert not asked()
        assert walks.forget_walks() == 1
        Operation.objects.filter(pk=day.scene.pk).update(state="active")
        window = add_window(
            actor=SYSTEM, principal=day.scene.principal, starts=now(),
            ends=now() + timedelta(hours=1),
        )  # fmt: skip
        assert not asked()
    with frozen(day.start + timedelta(hours=2)):
        remove_window(actor=SYSTEM, window=window)  # devices go by the clock of the database
        told(day, 7200)
        assert asked()
        change_camera(actor=day.leader, camera=one, keeps_tracks=False)
        assert not GroundTracks.objects.exists() and not asked()
    assert AuditEntry.objects.filter(kind="tracks").count() == 4
    with pytest.raises(Refused, match="own legal basis"):
        change_camera(actor=day.leader, camera=one, keeps_tracks=True, tracks_basis="")
    with pytest.raises(Fenced):
        walks.keep_walks(grip=Grip(one.pk, 99, 0), rows=rows)


def test_ways_are_sealed_gone_within_half_an_hour_and_in_no_backup(day):
    keeping.make_days()
    one = day.cameras["North"]
    lat, lon = one.position
    with frozen(day.start):
        told(day, 0)
        far = {"n1": [[1, lat, lon], [1, lat + 1, lon], [900, lat, lon], [1, 95, 0]]}
        assert len(walks.keep_walks(grip=grip(one), rows=far).walks["n1"]) == 1
    with connection.cursor() as cursor:
        cursor.execute("select walks from surveillance_groundtracks")
        assert b"n1" not in bytes(cursor.fetchone()[0])
    with frozen(day.start + timedelta(minutes=24)):
        told(day, 1440)
        assert walks.forget_walks() == 0
    with frozen(day.start + timedelta(minutes=26)):
        assert walks.forget_walks() == 1
    assert "surveillance_groundtracks" in LEFT_OUT


def test_a_person_decides_and_a_denial_erases(day, capsys):
    play(day, {"own": PRINCIPAL, "tail": TAIL})
    compared(day)
    found = WalkBehind.objects.get()
    officer, analyst = member(day.scene, Role.OFFICER), member(day.scene, Role.ANALYST)
    page = f"/surveillance/walks/{found.pk}/"
    shown = signed_in(officer).get(page).content.decode()
    assert "Time line" in shown and "Square" in shown and "Somebody followed</button" not in shown
    drawn = signed_in(officer).get(page + "map.json").json()["features"]
    assert len(drawn) == 4 and drawn[0]["properties"]["title"] == "The principal's way"
    assert signed_in(analyst).get(page).status_code == 404
    listed = f"/surveillance/of/{day.scene.slug}/walks/"
    assert found.words in signed_in(day.leader).get(listed).content.decode()
    assert signed_in(person()).get(listed).status_code == 404
    with pytest.raises(Denied):
        behind.decide_walk(actor=officer, walk=found, confirmed=True)
    with pytest.raises(Refused, match="not the house"):
        behind.decide_walk(actor=SYSTEM, walk=found, confirmed=True)
    words = ["walk", "decide", str(found.pk), "--not-followed", "--words", "A postman"]
    assert root(["--as", day.leader.email, *words]) == 0
    row = WalkBehind.objects.get()
    assert (row.state, row.decided_by, row.said) == ("denied", day.leader, "A postman")
    assert set(row.shown) == {"walks"} and Alert.objects.get().state == "resolved"
    assert "erased when a person said" in signed_in(day.leader).get(page).content.decode()
    assert compared(day) == 0
    answer = bearer(day.leader).get(f"/api/v1/walks-behind/{row.pk}")
    assert answer.json()["parts"] == [] and answer.json()["state"] == "denied"
    again = bearer(day.leader).post(
        f"/api/v1/walks-behind/{row.pk}/decision", {"verdict": "confirmed"},
        content_type="application/json",
    )  # fmt: skip
    assert again.status_code == 422
    WalkBehind.objects.update(expires_at=now() - timedelta(seconds=1))
    assert behind.end_walks() == 1
    with pytest.raises(NotFound):
        queries.walk(day.leader, row.pk)


def test_what_is_confirmed_stays_for_the_days_of_its_cameras(day):
    play(day, {"own": PRINCIPAL, "tail": TAIL})
    compared(day)
    client = signed_in(day.leader)
    found = WalkBehind.objects.get()
    said = {"verdict": "confirmed", "words": "Grey coat, twice"}
    assert client.post(f"/surveillance/walks/{found.pk}/decide/", said).status_code == 302
    row = WalkBehind.objects.get()
    assert row.state == "confirmed" and len(row.shown["parts"]) == 3
    assert timedelta(days=2) < row.expires_at - now() <= timedelta(days=3)
    assert Position.objects.exists()

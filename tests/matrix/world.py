"""Team A has one of everything, each text marked; team B and the house's officers look at it."""

from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from uuid import UUID

from django.db import connection
from tests.factories import picture

from varangian.alerts.services import (
    add_channel,
    escalate,
    public_key,
    raise_alert,
    report_nuisance,
    set_switch,
    subscribe,
)
from varangian.intelligence.services.ingest import import_feed
from varangian.kernel.clock import now
from varangian.kernel.ids import new_id
from varangian.log.services import write_entry
from varangian.operations.models import Operation
from varangian.operations.services import (
    add_movement,
    add_post,
    open_engagement,
    open_operation,
    start_duty,
)
from varangian.places.library import form_for
from varangian.places.services import add_photo, add_place, answer_fact, sign_survey
from varangian.planning.change import Wish
from varangian.planning.models import Order
from varangian.planning.queries import exercises
from varangian.planning.services import (
    add_absence,
    add_shift,
    assign,
    call_sick,
    draft_change,
    plan_advance,
    publish,
    write_officer,
)
from varangian.planning.services.actions import plan_action
from varangian.planning.services.cards import (
    change_card,
    put_in_force,
    record_rehearsal,
    take_cards,
)
from varangian.planning.services.comms import record_test, write_comms
from varangian.planning.services.debrief import (
    add_observation,
    confirm_observation,
    open_debrief,
    release_words,
)
from varangian.planning.services.deciding import decide
from varangian.planning.services.exercises import begin_exercise, start_exercise
from varangian.planning.services.lessons import send_lesson
from varangian.planning.services.measures import add_measure
from varangian.planning.services.orders import draft_order
from varangian.planning.services.packs import give_receipt, make_pack
from varangian.planning.services.wishes import set_wishes
from varangian.platform.access.context import acting
from varangian.platform.access.models import Membership, User
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.platform.access.services import issue_token
from varangian.principals.services import add_contact, add_window, create_principal
from varangian.protection.models import Duress, NodeAct, Parcel, Phone, Uplink, Via
from varangian.protection.services import checks, duress, keys
from varangian.protection.services.duress import Heard
from varangian.protection.services.field import report
from varangian.protection.services.nodes import enrol_node
from varangian.protection.services.phones import open_phone
from varangian.threats.services import add_risk, add_source, assess
from varangian.tracking import store
from varangian.tracking.fix import Fix
from varangian.tracking.models import FenceSide, TakCertificate
from varangian.tracking.queries import missions as sets
from varangian.tracking.services import missions, tak
from varangian.tracking.services.calls import open_in_emergency
from varangian.tracking.services.devices import enrol
from varangian.tracking.services.fences import add_fence
from varangian.tracking.services.pulses import beat
from varangian.travel.services import presence
from varangian.travel.services.imports import import_itinerary, take_in
from varangian.travel.services.maps import add_map

from .world_bolo import bolo_records
from .world_briefs import brief_records
from .world_cameras import camera_records
from .world_choices import choice_records
from .world_crowds import crowd_records
from .world_exposure import exposure_records
from .world_fleet import fleet_records
from .world_incidents import incident_records
from .world_judgement import judgement_records
from .world_letters import letter_records
from .world_persons import person_records
from .world_routes import followed_routes, planned_day
from .world_sightings import seen_again
from .world_travel import destination_records
from .world_tvra import tvra_records

MARK, NAME = "ZEPHYRMARK", "Astrid Quillmark"
CALENDAR = f"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Invented//Matrix//EN
BEGIN:VEVENT
UID:matrix-1
DTSTART:20270110T100000Z
DTEND:20270110T120000Z
SUMMARY:{MARK} dinner at the quay
END:VEVENT
END:VCALENDAR
"""
FEED = """{"type":"FeatureCollection","metadata":{"title":"Invented"},"features":[
{"type":"Feature","id":"matrix-1","properties":{"title":"Invented storm","type":"storm"},
"geometry":{"type":"Point","coordinates":[24.9,60.2]}}]}"""


@dataclass
class World:
    """``ids`` maps a kind of record to what stands for it in an address."""

    ids: dict[str, Any] = field(default_factory=dict)
    compartments: tuple[UUID, ...] = ()
    inside: dict[str, User] = field(default_factory=dict)
    foreign: dict[str, User] = field(default_factory=dict)


def seat(user: User, role: Role, *records: Any) -> None:
    for record in records:
        Membership.objects.update_or_create(
            compartment_id=record.compartment_id, user=user, defaults={"role": role.value}
        )
    user.__dict__.pop("_reach", None)


def somebody(name: str, **fields: Any) -> User:
    return User.objects.create_user(f"{name}@example.org", None, name=name, **fields)


def spine(team: str, mark: str, leader: User) -> tuple[Any, Any, Any]:
    contract = open_engagement(
        actor=leader,
        slug=f"{team}-contract",
        title=f"{mark} contract",
        client=f"{mark} client",
        scope=f"{mark} scope",
    )
    who = create_principal(
        actor=leader,
        compartment_id=contract.compartment_id,
        code_name=f"{mark} {team}",
        slug=f"{team}-principal",
        name=NAME if mark == MARK else "Olaf Elsewhere",
        addresses=f"{mark} Lane 4",
    )
    operation = open_operation(
        actor=leader,
        engagement=contract,
        principal=who,
        title=f"{mark} two days",
        slug=f"{team}-operation",
        time_zone="Europe/Helsinki",
        starts=now() + timedelta(days=1),
        ends=now() + timedelta(days=3),
        intent=f"{mark} intent",
    )
    return contract, who, operation


def build() -> World:
    world = World()
    leader = somebody("a-detail_leader")
    records = spine("a", MARK, leader)
    contract, _, operation = records
    for role in Role:
        user = leader if role == Role.DETAIL_LEADER else somebody(f"a-{role.value}")
        seat(user, role, contract, operation)
        world.inside[role.value] = user
    world.compartments = (contract.compartment_id, operation.compartment_id)
    world.ids = {"engagement": contract.slug, **_records(leader, *records)}
    _strangers(world)
    world.ids |= {
        "compartment": operation.compartment_id,
        "engagement_compartment": contract.compartment_id,
        "member": world.inside["driver"].pk,
        "email": world.inside["driver"].email,
        **_roster(leader, operation, world.inside["driver"]),
        **_duress(leader, operation, world.inside["driver"]),
        **_edge(leader, operation),
        **camera_records(leader, operation, MARK),
    }
    leg, driver = world.ids["movement"], world.inside["driver"]
    world.ids |= person_records(leader, contract, MARK)
    world.ids |= judgement_records(leader, world.ids["person_of_interest"], MARK)
    world.ids |= fleet_records(leader, contract, leg, driver, MARK)
    return world


def _strangers(world: World) -> None:
    leader = somebody("b-detail_leader")
    contract, _, operation = spine("b", "OTHERTEAM", leader)
    for role in Role:
        user = leader if role == Role.DETAIL_LEADER else somebody(f"b-{role.value}")
        seat(user, role, contract, operation)
        world.foreign[role.value] = user
    world.foreign["administrator"] = somebody("administrator", is_administrator=True)
    world.foreign["auditor"] = somebody("auditor", is_auditor=True)
    world.foreign["nobody"] = somebody("no-seat-at-all")


def _records(leader: User, contract: Any, who: Any, operation: Any) -> dict[str, Any]:
    place = add_place(
        actor=leader,
        compartment_id=operation.compartment_id,
        key_id=operation.key_id,
        name=f"{MARK} quay",
        kind="venue",
        position=[60.17, 24.95],
        address=f"{MARK} street",
    )
    begins = operation.starts + timedelta(hours=2)
    movement = add_movement(
        actor=leader,
        operation=operation,
        kind="road",
        title=f"{MARK} to the quay",
        notes=f"{MARK} notes",
        starts=begins,
        ends=begins + timedelta(hours=1),
        destination=place,
    )
    post = add_post(
        actor=leader,
        operation=operation,
        title=f"{MARK} driver",
        role="driver_principal",
        edition="driver",
    )
    window = add_window(
        actor=leader,
        principal=who,
        starts=begins,
        ends=begins + timedelta(hours=1),
        rule=f"{MARK} rule",
    )
    contact = add_contact(
        actor=leader, principal=who, role="doctor", name=f"{MARK} Doctor", phone="112"
    )
    alert = raise_alert(
        operation=operation, title=f"{MARK} storm", source="system", dedupe="matrix", body=MARK
    )
    escalate()
    report_nuisance(actor=leader, alert=alert, words=f"{MARK} noise")
    entry = write_entry(actor=leader, operation=operation, event=f"{MARK} arrived")
    draft = import_itinerary(
        actor=leader,
        principal=who,
        data=CALENDAR.encode(),
        name=f"{MARK}.ics",
        operation=operation,
    )
    unread = f"%PDF-1.7 {MARK}".encode()
    refused = take_in(
        actor=leader, principal=who, data=unread, name=f"{MARK}.pdf", operation=operation
    ).refused
    _comms(leader, operation)
    decide(actor=leader, operation=operation, kind="override", reason=f"{MARK} drill")
    token, _ = issue_token(user=leader, label=f"{MARK} token")
    running = incident_records(leader, operation, place, alert, MARK)
    seen_again(leader, operation, MARK)
    with NamedTemporaryFile(suffix=".osm") as extract:
        extract.write(b"<osm version='0.6'/>")
        extract.flush()
        road_map, _ = add_map(actor=leader, path=Path(extract.name), name="Matrix city")
    return {
        "principal": who.slug,
        "operation": operation.slug,
        "road_map": road_map.pk,
        "route_plan": followed_routes(leader, movement, MARK).pk,
        **planned_day(movement, MARK),
        "place": place.pk,
        "movement": movement.pk,
        "post": post.pk,
        "window": window.pk,
        "contact": contact.pk,
        "alert": alert.pk,
        "alert_code": alert.code,
        **_reach(leader),
        "entry": entry.serial,
        "draft": draft.pk,
        "refused": refused.pk if refused else None,
        "traveller": _party(leader, operation),
        "token": token.pk,
        "card": _card(leader, operation, post),
        **_field(leader, operation),
        **_pack(leader, operation, place),
        **_advance(leader, operation, place),
        **_debrief(leader, operation, place, movement),
        **_exercise(leader, operation),
        **_register(leader, operation),
        **_house(),
        "change": _change(leader, movement),
        **_tracking(leader, operation),
        **_tak(leader, operation),
        **destination_records(leader, operation, place, MARK),
        **running,
        **choice_records(leader, operation, MARK),
        **crowd_records(leader, operation, MARK),
        "flight_source": "aeroapi",
        **bolo_records(leader, operation, MARK),
        **letter_records(leader, who, MARK),
        **tvra_records(leader, operation, place, MARK),
        **exposure_records(leader, who, MARK),
        **brief_records(leader, operation, MARK),
    }


def _party(leader: User, operation: Any) -> Any:
    """Somebody who travels along, with a clock and a word that was heard of them."""
    niece = presence.add_person(actor=leader, operation=operation, name=f"{MARK} niece")
    given = {"actor": leader, "operation": operation, "person": niece}
    presence.confirm(**given, how="call", words=f"{MARK} villa", safe=True, note=f"{MARK} note")
    presence.set_clock(**given, minutes=60)
    return niece.pk


def _reach(leader: User) -> dict[str, Any]:
    """A browser and an address of the leader's own, at services of this house."""
    for service in ("push", "webhook"):
        set_switch(actor=SYSTEM, service=service, on=True, hosts=["hooks.example.org"])
    channel = add_channel(actor=leader, url="jsons://hooks.example.org/x", label=f"{MARK} phone")
    browser = subscribe(
        actor=leader, endpoint="https://hooks.example.org/push", p256dh=public_key(), auth="AAAA"
    )
    return {"channel": channel.pk, "browser": browser.pk}


def _tracking(leader: User, operation: Any) -> dict[str, Any]:
    """A device with a fix that was believed and one that was not, inside a fence."""
    device, _ = enrol(
        actor=leader, operation=operation, person=leader, kind="owntracks", label=f"{MARK} phone"
    )
    open_in_emergency(device=device)
    fixes = [Fix(device.pk, now(), now(), lat, 24.95) for lat in (60.17, 200.0)]
    with connection.cursor() as cursor:
        store.write(cursor, fixes)
    fence = add_fence(
        actor=leader, operation=operation, name=f"{MARK} fence", position=[60.17, 24.95]
    )
    FenceSide.objects.create(
        compartment_id=fence.compartment_id, fence=fence, device=device, inside=True
    )
    beat({device.pk: None})
    return {"device": device.pk, "fence": fence.pk}


def _tak(leader: User, operation: Any) -> dict[str, Any]:
    """A client with all that it leaves behind."""
    client = tak.add_client(actor=leader, operation=operation, label=f"{MARK} TAK", person=leader)
    tak.invite_client(actor=leader, device=client)
    of = {"compartment_id": operation.compartment_id, "device": client}
    TakCertificate.objects.create(
        **of, fingerprint=client.pk.hex * 2, expires_at=now() + timedelta(days=1)
    )
    told = {"uid": f"{MARK}-uid", "callsign": f"{MARK} one", "client": "ATAK", "host": ""}
    tak.note_presence(device_id=client.pk, **told)
    tak.open_beacon(
        device_id=client.pk,
        uid=f"{MARK}-9-1-1",
        kind="b-a-o-tbl",
        at=now(),
        position=(60.17, 24.95),
        event=b"<event/>",
    )
    package = tak.keep_package(
        actor=leader,
        device=client,
        data=f"{MARK} {operation.pk}".encode(),
        name=f"{MARK}.zip",
        media_type="application/zip",
        creator_uid="",
    )
    mission, _ = missions.make(actor=leader, device=client, name=f"{MARK} mission", uid=MARK)
    mission = sets.mission(leader, operation, str(mission.pk))
    missions.put_in(
        actor=leader, device=client, mission=mission, digests=[package.digest], uid=MARK
    )
    missions.subscribe(actor=leader, device=client, mission=mission, uid=MARK)
    return {"tak_client": client.pk, "tak_package": package.digest}


def _duress(leader: User, operation: Any, driver: User) -> dict[str, Any]:
    """A button in a place that was pressed, and a check call that is due of the driver."""
    key, _ = keys.issue_place_key(actor=leader, operation=operation, label=f"{MARK} lobby")
    heard = Heard(key="matrix", via=Via.BUTTON, lat=60.17, lon=24.95, words=MARK)
    duress.press_of_place(key=key, heard=heard)
    duress.sweep()
    own, _ = keys.issue_key(actor=leader, label=f"{MARK} button", kind="button")
    checks.set_rule(actor=leader, operation=operation, minutes=30)
    turn = start_duty(actor=driver, operation=operation)
    call = Duress.objects.get(subject=f"key:{key.pk}")
    return {"call": call.pk, "place_key": key.pk, "own_key": own.pk, "turn": turn.pk}


def _edge(leader: User, operation: Any) -> dict[str, Any]:
    """A node with a conflict; and the same house as a node of another, with one act to send."""
    node, _ = enrol_node(actor=leader, operation=operation, label=f"{MARK} car")
    act = NodeAct.objects.create(
        compartment_id=operation.compartment_id,
        node=node,
        key=node.pk,
        number=1,
        kind="status",
        person=leader,
        at=now(),
        outcome="overtaken",
        words=f"{MARK} rest",
    )
    uplink = Uplink.objects.create(
        pk=node.pk,
        key_id=operation.key_id,
        operation=operation,
        label=f"{MARK} van",
        url="https://hub.invalid",
        expires_at=now() + timedelta(days=1),
    )
    Parcel.objects.create(
        key_id=operation.key_id,
        compartment_id=operation.compartment_id,
        uplink=uplink,
        act=node.pk,
        kind="entry",
        person=leader,
        at=now(),
        words=f"{MARK} words",
    )
    return {"node": node.pk, "conflict": act.pk}


def _exercise(leader: User, operation: Any) -> dict[str, Any]:
    """Running, with an inject that has reached a post."""
    add_post(
        actor=leader,
        operation=operation,
        title=f"{MARK} officer",
        role="ppo",
        edition="ppo",
        holder=leader,
    )
    report = start_exercise(actor=leader, operation=operation, script="medical_on_stage")
    with acting(leader, exercise=True):
        begin_exercise(actor=leader, exercise=exercises.exercise(leader, report.copy))
        told = exercises.mine(leader)[0]
    return {"exercise": report.copy, "inject": told.inject.pk, "delivery": told.pk}


def _roster(leader: User, operation: Any, driver: User) -> dict[str, Any]:
    """A published duty, and the proposal after a sick call."""
    shift = add_shift(
        actor=leader,
        operation=operation,
        title=f"{MARK} gate",
        vehicle=f"{MARK} 1",
        starts=operation.starts,
        ends=operation.starts + timedelta(hours=8),
    )
    duty = assign(actor=leader, shift=shift, person=driver)
    publish(actor=leader, operation=operation)
    write_officer(actor=leader, operation=operation, person=driver, skills=[MARK])
    add_absence(
        actor=leader,
        operation=operation,
        person=driver,
        starts=operation.ends + timedelta(days=1),
        ends=operation.ends + timedelta(days=2),
    )
    run = call_sick(
        actor=leader, operation=operation, person=driver, since=operation.starts - timedelta(days=1)
    )
    return {"shift": shift.pk, "duty": duty.pk, "run": run.pk}


def _change(leader: User, movement: Any) -> UUID:
    """Kept, so that whoever may can send it."""
    wish = Wish(minutes=-15, exit=f"{MARK} back door", words=f"{MARK} words")
    return draft_change(actor=leader, movement=movement, wish=wish, reason=f"{MARK} why").pk


def _comms(leader: User, operation: Any) -> None:
    write_comms(
        actor=leader,
        operation=operation,
        bearers={"primary": f"{MARK} channel 3"},
        check_minutes=30,
        code_words={"attack": f"{MARK} THUNDER"},
        duress_word=f"{MARK} WILLOW",
    )
    record_test(
        actor=leader, operation=operation, rank="primary", result="good", note=f"{MARK} noise"
    )


def _card(leader: User, operation: Any, post: Any) -> UUID:
    taken, _ = take_cards(actor=leader, operation=operation, library_ids=["medical"])
    change_card(actor=leader, card=taken[0], why="fitted", trigger=f"{MARK} collapses")
    record_rehearsal(
        actor=leader,
        operation=operation,
        chosen=taken,
        held_at=now() - timedelta(hours=1),
        minutes=20,
        posts=[post],
        findings=f"{MARK} findings",
    )
    return put_in_force(actor=leader, card=taken[0]).pk


def _field(leader: User, operation: Any) -> dict[str, Any]:
    """On duty, with a report that shows a picture, and a phone that keeps something."""
    turn = start_duty(actor=leader, operation=operation)
    sent = report(
        actor=leader,
        operation=operation,
        kind="log",
        act=new_id(),
        at=now(),
        content={"text": f"{MARK} at the gate"},
        photo=BytesIO(picture()),
    )
    open_phone(actor=leader, device="f" * 32)
    return {"turn": turn.pk, "report": sent.pk, "phone": Phone.objects.get().pk}


def _pack(leader: User, operation: Any, place: Any) -> dict[str, Any]:
    pack, secret = make_pack(
        actor=leader,
        operation=operation,
        recipient="Driver, car 2",
        phone="112",
        place=place,
        do=["Wait at the east door"],
        name_principal=True,
    )
    give_receipt(door=pack.door, name=f"{MARK} Ilkka")
    return {"pack": pack.pk, "pack_secret": secret}


def _advance(leader: User, operation: Any, place: Any) -> dict[str, Any]:
    """A dispute, a picture, a signed version, and a task that one tap does."""
    old = now() - timedelta(days=400)
    for item in ("main_entrance", "stage", "foot_route"):
        answer_fact(actor=leader, place=place, item=item, value=f"{MARK} {item}", seen_at=old)
    photo = add_photo(
        actor=leader, place=place, item="stage_photo", data=picture(), caption=f"{MARK} stage"
    )
    form = form_for(place.kind)
    gaps = {rule.id: f"{MARK} gap" for rule in (*form.facts(), *form.photos())}
    sign_survey(actor=leader, place=place, gaps=gaps, note=f"{MARK} note")
    tasks = {task.item: task for task in plan_advance(actor=leader, operation=operation)}
    return {"photo": photo.pk, "advance_task": tasks["main_entrance"].pk}


def _debrief(leader: User, operation: Any, place: Any, movement: Any) -> dict[str, Any]:
    """As if the day were on; it goes back to a draft, as the rest of the world expects it."""
    Operation.objects.filter(pk=operation.pk).update(state="active")
    wash = open_debrief(actor=leader, operation=operation)
    row = add_observation(
        actor=leader,
        debrief=wash,
        kind="improve",
        text=f"{MARK} the gate was shut",
        about=("movement", movement.pk),
    )
    row = confirm_observation(actor=leader, observation=row)
    row = release_words(actor=leader, observation=row, words=f"{MARK} a gate")
    due = now() + timedelta(days=2)
    plan_action(actor=leader, observation=row, action=f"{MARK} ask", owner=leader, due=due)
    lesson = send_lesson(
        actor=leader, observation=row, text=f"{MARK} ask first", place=place, item="stewards"
    )
    Operation.objects.filter(pk=operation.pk).update(state="draft")
    operation.refresh_from_db(fields=["state"])
    return {"observation": row.pk, "lesson": lesson.pk}


def _register(leader: User, operation: Any) -> dict[str, Any]:
    threat = add_source(actor=leader, operation=operation, title=f"{MARK} pursuer", history=MARK)
    assess(actor=leader, operation=operation, level="moderate", summary=f"{MARK} summary")
    risk = add_risk(
        actor=leader,
        operation=operation,
        title=f"{MARK} approach",
        likelihood=2,
        impact=2,
        responsibility="personal_protection",
        threat_source=threat,
    )
    measure = add_measure(
        actor=leader,
        operation=operation,
        title=f"{MARK} second car",
        task=f"{MARK} keep a second car",
        responsibility="personal_protection",
        effects={risk: (1, 0)},
    )
    set_wishes(actor=leader, operation=operation, refused={"M1": f"{MARK} dislikes it"}, each=2)
    order = draft_order(actor=leader, operation=operation)
    Order.objects.filter(pk=order.pk).update(state=Order.State.ISSUED, issued_at=now())
    return {
        "threat": threat.pk,
        "risk": risk.pk,
        "measure": measure.pk,
        "order": order.pk,
    }


def _house() -> dict[str, Any]:
    """Open feeds belong to no team."""
    record = import_feed(actor=SYSTEM, data=FEED.encode(), kind="geojson", name="invented.json")
    return {"feed": record.pk, "signal": record.signals.first().pk, "connector": "gdacs"}

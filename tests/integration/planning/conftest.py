"""One invented operation with everything an order needs."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from tests import factories

from varangian.kernel.clock import now
from varangian.operations import services as operations
from varangian.places.services import add_place
from varangian.planning import services
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.principals.models import Contact
from varangian.threats import services as threats

MEDICAL = {
    "blood_group": "O-",
    "allergies": "penicillin",
    "medication": "insulin twice a day",
    "doctor": "Dr Invented",
}
SOURCE_DETAIL = "wrote forty letters in green ink"
PLAN = {
    "concept": "Low profile, two cars.\nMain effort is the arrival at the hall.",
    "channels": "Primary: radio 3\nAlternate: phone\nContingency: satellite\nEmergency: runner",
    "check_calls": "Every 30 minutes to the operations room",
    "code_words": "attack: THUNDER\nmedical: WILLOW",
    "dress": "Dark suits",
    "money": "Float of 500 with the team leader",
    "emergency_contacts": "Emergency number: 112",
}


@pytest.fixture
def team(db):
    leader = factories.person("Lena Leader")
    contract = factories.engagement(leader)
    principal = factories.principal(
        contract,
        medical=MEDICAL,
        medical_checked_at=now(),
        preferences="Sits on the right\nNo small talk",
        duress_word="MARIGOLD",
    )
    operation = factories.operation(
        leader,
        engagement=contract,
        principal=principal,
        kind="visit",
        intent="The detail protects HERON in Helsinki on both days.",
        starts=now() + timedelta(hours=20),
        ends=now() + timedelta(hours=60),
    )
    Contact.objects.create(
        principal=principal,
        compartment_id=principal.compartment_id,
        key_id=principal.key_id,
        role="daughter",
        name="Ida Invented",
        phone="+358 1 111",
        emergency=True,
        checked_at=now(),
    )
    return _people(leader, contract, principal, operation)


def _people(leader, contract, principal, operation):
    roles = {
        "officer": Role.OFFICER,
        "driver": Role.DRIVER,
        "medic": Role.OFFICER,
        "operator": Role.OPERATOR,
        "analyst": Role.ANALYST,
        "client": Role.CLIENT,
    }
    people = {name: factories.member(operation, role) for name, role in roles.items()}
    found = SimpleNamespace(
        leader=leader, contract=contract, principal=principal, operation=operation, **people
    )
    leader.__dict__.pop("_reach", None)
    _places(found)
    _posts(found)
    _threats(found)
    operations.change_operation(actor=leader, operation=operation, plan=PLAN)
    return found


def _places(team):
    add = {
        "actor": SYSTEM,
        "compartment_id": team.contract.compartment_id,
        "key_id": team.principal.key_id,
    }
    team.hotel = add_place(**add, name="Hotel Invented", kind="hotel", position=[60.167, 24.947])
    team.hall = add_place(
        **add, name="Invented Hall", kind="venue", position=[60.175, 24.933], phone="+358 9 222"
    )
    team.trauma = add_place(
        **add, name="Invented Hospital", kind="trauma_centre", position=[60.19, 24.91]
    )
    team.haven = add_place(**add, name="Station One", kind="safe_haven", position=[60.17, 24.94])
    begin = team.operation.starts.replace(minute=30, second=0, microsecond=0)
    shared = {"actor": team.leader, "operation": team.operation, "zone": "Europe/Helsinki"}
    team.drive = operations.add_movement(
        **shared,
        kind="road",
        title="Hotel to hall",
        origin=team.hotel,
        destination=team.hall,
        starts=begin,
        ends=begin + timedelta(minutes=20),
        details={"routes": {"primary": "Mannerheim street", "alternate": "Bay road"}},
    )
    team.speech = operations.add_movement(
        **shared,
        kind="event",
        title="Speech",
        destination=team.hall,
        starts=begin + timedelta(minutes=30),
        ends=begin + timedelta(minutes=90),
    )


def _posts(team):
    made = (
        ("lead", "Team leader", "team_leader", "detail_leader", "ALFA", team.leader),
        ("ppo", "Personal protection officer", "ppo", "ppo", "BRAVO", team.officer),
        ("wheel", "Driver, principal's car", "driver", "driver", "DELTA", team.driver),
        ("med", "Medic", "medic", "medic", "MIKE", team.medic),
        ("room", "Operations-room controller", "controller", "controller", "ZERO", team.operator),
        ("desk", "Intelligence analyst", "analyst", "analyst", "INDIA", team.analyst),
    )
    for name, title, role, edition, sign, holder in made:
        post = operations.add_post(
            actor=team.leader,
            operation=team.operation,
            title=title,
            role=role,
            edition=edition,
            call_sign=sign,
            holder=holder,
        )
        setattr(team, name, post)


def _threats(team):
    team.source = threats.add_source(
        actor=team.leader,
        operation=team.operation,
        title="Angry letter writer",
        history=SOURCE_DETAIL,
        intent="high",
        capability="low",
        source_grade="B",
        information_grade="2",
    )
    team.risk = threats.add_risk(
        actor=team.leader,
        operation=team.operation,
        title="Approach at the hall door",
        likelihood=3,
        impact=3,
        responsibility="personal_protection",
        threat_source=team.source,
    )
    team.measure = services.add_measure(
        actor=team.leader,
        operation=team.operation,
        title="Stand at the side door",
        task="Use the side door, car facing out.",
        heading="tasks",
        responsibility="personal_protection",
        post=team.wheel,
        effects={team.risk: (1, 0)},
    )
    services.set_measure_state(actor=team.leader, measure=team.measure, state="agreed")


@pytest.fixture
def issued(team):
    """The same operation with its order signed and issued."""
    order = services.draft_order(actor=team.leader, operation=team.operation)
    order = services.approve_order(actor=team.leader, order=order)
    team.order = services.issue_order(actor=team.leader, order=order)
    return team

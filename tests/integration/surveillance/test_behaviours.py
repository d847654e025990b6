"""Rules of behaviour of a camera: by page, API and console; kept whole; handed to its reader."""

import json

import pytest
from tests.factories import member, operation, person, signed_in
from tests.integration.platform.access.test_api import bearer
from tests.integration.surveillance.test_cameras import camera, grip

from varangian.config.commands import root
from varangian.kernel.results import Refused
from varangian.platform.access.roles import Role
from varangian.surveillance.models import Camera, CameraRun
from varangian.surveillance.services import placing
from varangian.surveillance.services.behaviours import rule_camera

pytestmark = pytest.mark.django_db
RULES = """format: 1
picture: [640, 360]
rules:
  - {id: hedge, title: Behind the hedge, rule: zone, area: [[0, 0], [200, 0], [200, 300], [0, 300]]}
"""
WRONG = RULES.replace("rule: zone", "rule: zoen")


@pytest.fixture
def scene():
    return operation()


@pytest.fixture
def leader(scene):
    return member(scene, Role.DETAIL_LEADER)


def test_rules_reach_the_reader_with_the_next_beat(scene, leader):
    one = camera(scene)
    order = placing.claim(grip=grip(one), owner="w")
    assert order.behaviours == ""
    rule_camera(actor=leader, camera=one, text=RULES)
    assert placing.beat(grip=grip(one), health={}).behaviours == RULES
    rule_camera(actor=leader, camera=one, text="  \n")
    assert placing.beat(grip=grip(one), health={}).behaviours == ""


def test_what_does_not_fit_is_refused_and_the_old_rules_stand(scene, leader):
    one = rule_camera(actor=leader, camera=camera(scene), text=RULES)
    for text, words in ((WRONG, "zoen"), ("rules: [", "YAML")):
        with pytest.raises(Refused, match=words):
            rule_camera(actor=leader, camera=one, text=text)
    CameraRun.objects.update(size="720x1280")
    with pytest.raises(Refused, match="another shape"):
        rule_camera(actor=leader, camera=Camera.objects.get(), text=RULES + "\n")
    assert Camera.objects.get().behaviours == RULES


def test_only_who_changes_cameras_writes_rules(scene):
    one = camera(scene)
    for who in (member(scene, Role.OFFICER), person()):
        with pytest.raises(Refused):
            rule_camera(actor=who, camera=one, text=RULES)
    page = f"/surveillance/cameras/{one.pk}/behaviours/"
    assert signed_in(member(scene, Role.OFFICER)).get(page).status_code == 403
    assert signed_in(person()).get(page).status_code == 404


def test_the_page_names_every_fault_and_keeps_what_was_written(scene, leader):
    one, client = camera(scene), signed_in(leader)
    page = f"/surveillance/cameras/{one.pk}/behaviours/"
    answer = client.post(page, {"behaviours": WRONG})
    shown = answer.content.decode()
    assert answer.status_code == 422 and "hedge" in shown and "zoen" in shown
    answer = client.post(page, {"behaviours": RULES.replace("\n", "\r\n")})
    assert answer.status_code == 302 and Camera.objects.get().behaviours == RULES
    assert "Behind the hedge" in client.get(page).content.decode()


def test_the_api_and_the_console_do_the_same(scene, leader, tmp_path, capsys):
    one = camera(scene)
    path = f"/api/v1/cameras/{one.pk}/behaviours"
    client, said = bearer(leader), "application/json"
    answer = client.put(path, json.dumps({"behaviours": RULES}), content_type=said)
    assert answer.status_code == 200 and answer.json()["behaviours"] == RULES
    answer = client.put(path, json.dumps({"behaviours": WRONG}), content_type=said)
    assert answer.status_code == 422 and "zoen" in answer.content.decode()
    file = tmp_path / "rules.yaml"
    file.write_text(RULES.replace("hedge", "gate"))

    def run(*words: str) -> str:
        assert root(["camera", "rules", str(one.pk), *words]) == 0
        return capsys.readouterr().out

    run(str(file))
    assert "id: gate" in run()
    run("--clear")
    assert "No rules" in run()

"""Every action that the code asks for stands in the one table, and every row is asked for."""

import ast
from pathlib import Path

import varangian
from varangian.platform.access.roles import ACTIONS, OVERSIGHT, SEEN_FROM_BELOW, Role
from varangian.platform.ui.nav import AUDITOR

SOURCE = Path(varangian.__file__).parent
OTHER_ACTIONS = {"raise_alert", "consume", "add_argument"}
"""Calls whose ``action`` is what a person should do, or what is counted, or an option of a
command line."""
ASKING = {"require": 1, "may": 1, "compartments_for": 1, "circles": 1, "holds": 1, "visible_to": 1}


def asked() -> dict[str, set[str]]:
    """Actions named as literals in calls, keywords and class bodies, by file."""
    found: dict[str, set[str]] = {}
    for path in SOURCE.rglob("*.py"):
        names = {
            value.value
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            for value in _values(node)
            if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value
        }
        for name in names:
            found.setdefault(name, set()).add(str(path.relative_to(SOURCE)))
    return found


def _values(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        given = [k.value for k in node.keywords if k.arg == "action" and name not in OTHER_ACTIONS]
        if name in ASKING:
            given += node.args[ASKING[name] : ASKING[name] + 1]
        return given
    if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(getattr(target, "id", "") == "view_action" for target in targets):
            return [node.value]
    return []


def test_every_action_that_is_asked_for_exists():
    unknown = {name: files for name, files in asked().items() if name not in ACTIONS}
    assert not {name for name in unknown if name != AUDITOR}, unknown
    assert len(asked()) > 20, "the scan finds what it looks for"


def test_every_action_of_the_table_is_used_somewhere():
    texts = "\n".join(
        path.read_text("utf-8") for path in SOURCE.rglob("*.py") if path.name != "roles.py"
    )
    unused = [name for name in ACTIONS if f'"{name}"' not in texts]
    assert not unused


def test_every_action_is_somebodys_and_always_the_leaders():
    for name, roles in ACTIONS.items():
        assert roles and roles <= set(Role), name
        assert Role.DETAIL_LEADER in roles, name


def test_clients_and_drivers_change_nothing_of_the_plan():
    for name, roles in ACTIONS.items():
        verb = name.split(".")[1]
        if verb in ("change", "sign", "approve", "accept", "erase", "handle", "clear"):
            assert Role.DRIVER not in roles, name
            assert Role.CLIENT not in roles or name == "privacy.change"


def test_what_is_seen_from_below_is_only_seen():
    assert set(ACTIONS) >= SEEN_FROM_BELOW
    assert not {name for name in SEEN_FROM_BELOW if name.endswith("change")}
    assert Role.CLIENT not in OVERSIGHT and Role.DRIVER not in OVERSIGHT

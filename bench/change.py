"""What a change touches, computed before anybody is told, beside doing it and taking it back.

Prints JSON: milliseconds (median) of the preview on a day of 40 legs, 30 posts and some 200 lines
of order, and its ratio to the plain peer: amend the leg, draft the fragmentary order through the
services, and roll back. The pure part (follow the legs, name what is touched) stands by itself.
"""

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

LEGS, POSTS, REPEATS = 40, 30, 9
BUDGET_MS = 800.0


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="varangian-bench-") as home:
        os.environ |= {"VARANGIAN_HOME": home, "VARANGIAN_DB_ROLE": "owner"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "varangian.config.settings"
        from varangian.platform.database.connect import database_at_hand

        with database_at_hand(Path(home)):
            import django
            from django.core.management import call_command

            django.setup()
            call_command("migrate", verbosity=0)
            result = measure()
            from django.db import connection

            connection.close()
    print(json.dumps(result))
    return 0 if result["within_budget"] else 1


def measure() -> dict[str, Any]:
    from varangian.planning.change import Leg, Wish, apply, touches
    from varangian.planning.queries import changes
    from varangian.planning.queries.around import scene_of
    from varangian.planning.queries.material import material

    day = build()
    wish = Wish(minutes=90, exit="south door")
    shown = changes.preview(day.leader, day.leg, wish)
    legs = [Leg.of(row) for row in day.operation.movements.all()]
    known = material(day.leader, day.operation, secrets=False)
    fresh = changes.amended(day.leader, known, shown.plan)
    scene = scene_of(day.leader, known, fresh, shown.plan, shown.lines, 0)
    ours = median(lambda: changes.preview(day.leader, day.leg, wish))
    pure = median(lambda: touches(scene) and apply(legs, day.leg.pk, wish, {}))
    peer = median(lambda: done_and_taken_back(day))
    return {
        "bench": "change",
        "legs": LEGS,
        "posts": POSTS,
        "touched": len(shown.touched),
        "legs_moved": len(shown.plan.changed),
        "preview_ms": round(ours, 1),
        "pure_ms": round(pure, 2),
        "budget_ms": BUDGET_MS,
        "within_budget": ours < BUDGET_MS,
        "done_and_taken_back_ms": round(peer, 1),
        "ratio": round(ours / peer, 3),
    }


def build() -> SimpleNamespace:
    """A leader, a long day with its order issued, and somebody for each post."""
    from tests import factories

    from varangian.kernel.clock import now
    from varangian.operations.services import add_movement, add_post
    from varangian.planning import services

    leader = factories.person("Lena Leader")
    begin = now() + timedelta(hours=20)
    operation = factories.operation(leader, intent="Invented day.", starts=begin)
    places = [
        factories.place(operation, leader, name=f"Place {n}", position=[60.1 + n / 500, 24.9])
        for n in range(10)
    ]
    legs = []
    for number in range(LEGS):
        at = begin + timedelta(minutes=20 * number)
        pair = {"origin": places[number % 10], "destination": places[(number + 1) % 10]}
        kind = "event" if number % 2 else "road"
        ends = {"starts": at, "ends": at + timedelta(minutes=18)}
        given = {"kind": kind, "title": f"Leg {number}", **pair, **ends}
        legs.append(add_movement(actor=leader, operation=operation, **given))
    for number in range(POSTS):
        edition = "driver" if number % 2 else "ppo"
        post = {"title": f"Post {number}", "role": edition, "edition": edition}
        add_post(actor=leader, operation=operation, holder=leader, **post)
    add_post(
        actor=leader,
        operation=operation,
        title="Team leader",
        role="team_leader",
        edition="detail_leader",
        holder=leader,
    )
    order = services.draft_order(actor=leader, operation=operation)
    order = services.approve_order(actor=leader, order=order)
    services.issue_order(actor=leader, order=order)
    legs[4].refresh_from_db()
    return SimpleNamespace(leader=leader, operation=operation, leg=legs[4])


def done_and_taken_back(day: SimpleNamespace) -> None:
    from django.db import transaction

    from varangian.operations.queries import movement
    from varangian.operations.services import change_movement
    from varangian.planning.services import draft_fragmentary_order

    with transaction.atomic():
        leg = movement(day.leader, day.leg.pk)
        starts, ends = (t + timedelta(minutes=90) for t in (leg.starts, leg.ends))
        change_movement(actor=day.leader, movement=leg, starts=starts, ends=ends)
        draft_fragmentary_order(actor=day.leader, operation=day.operation)
        transaction.set_rollback(True)


def median(work: Callable[[], object]) -> float:
    """Milliseconds, after one warm-up."""
    work()
    spent = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        work()
        spent.append((time.perf_counter() - began) * 1000)
    return statistics.median(spent)


if __name__ == "__main__":
    sys.exit(main())

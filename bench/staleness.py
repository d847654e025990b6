"""One change among 5,000 artefacts: mark everything that rests on it, beside two plain peers.

Prints JSON: milliseconds (median) for a typical change and for the widest one, marks written and
audited included. Peers do the same work: a recursive walk that asks the database for each record's
neighbours, and, where networkx is installed, the whole graph loaded and its descendants. Each run
is rolled back.
"""

import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

LAYERS = (60, 240, 700, 1500, 2400, 100)
KINDS = ("place", "threat", "risk", "measure", "order_line", "order")
PARENTS = 2
REPEATS = 7
BUDGET_MS = 200.0


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
    circle, layers = build()
    reached = {node: spread(node) for node in (*layers[0], *layers[2][:20])}
    widest = max(layers[0], key=reached.__getitem__)
    typical = sorted(layers[2][:20], key=reached.__getitem__)[10]
    ours = {"typical": median(ours_of(typical)), "widest": median(ours_of(widest))}
    walk = {
        "typical": median(walk_of(typical, circle)),
        "widest": median(walk_of(widest, circle), 3),
    }
    graph = peer(widest, circle)
    return {
        "bench": "staleness",
        "artefacts": sum(LAYERS),
        "edges": edges(),
        "marks": {"typical": reached[typical], "widest": reached[widest]},
        "ms": {name: round(value, 1) for name, value in ours.items()},
        "budget_ms": BUDGET_MS,
        "within_budget": max(ours.values()) < BUDGET_MS,
        "walk_ms": {name: round(value, 1) for name, value in walk.items()},
        "ratio_to_walk": {n: round(ours[n] / walk[n], 3) for n in ours},
        "networkx_ms": None if graph is None else round(graph, 1),
        "ratio_to_networkx": None if graph is None else round(ours["widest"] / graph, 3),
    }


def build() -> tuple[Any, list[list[tuple[str, Any]]]]:
    """Layers from source to order; each record rests on a few of the layer before it."""
    from varangian.kernel.ids import new_id
    from varangian.platform.access.services import open_compartment
    from varangian.platform.thread.services import tie_all

    chance = random.Random(7)
    circle = open_compartment(label="bench").pk
    layers = [[(kind, new_id()) for _ in range(n)] for kind, n in zip(KINDS, LAYERS, strict=True)]
    for before, after in pairwise(layers):
        pairs = [(left, right) for right in after for left in chance.sample(before, PARENTS)]
        tie_all(pairs=pairs, relation="rests on", compartment_id=circle)
    return circle, layers


def edges() -> int:
    from varangian.platform.thread.models import Edge

    return Edge.objects.count()


def rolled_back(work: Callable[[], object]) -> float:
    """Milliseconds."""
    from django.db import transaction

    with transaction.atomic():
        began = time.perf_counter()
        work()
        spent = time.perf_counter() - began
        transaction.set_rollback(True)
    return spent * 1000


def median(work: Callable[[], object], repeats: int = REPEATS) -> float:
    rolled_back(work)
    return statistics.median(rolled_back(work) for _ in range(repeats))


def spread(node: tuple[str, Any]) -> int:
    from django.db import transaction

    from varangian.platform.thread.services import changed

    with transaction.atomic():
        count = changed(node=node, reason="bench")
        transaction.set_rollback(True)
    return count


def ours_of(node: tuple[str, Any]) -> Callable[[], object]:
    from varangian.platform.thread.services import changed

    return lambda: changed(node=node, reason="Changed")


def walk_of(node: tuple[str, Any], circle: Any) -> Callable[[], object]:
    """One question a record, as a service written without thought would do it."""
    from varangian.platform.thread.models import Edge

    def work() -> None:
        seen = {node}

        def visit(here: tuple[str, Any]) -> None:
            rows = Edge.objects.filter(left_kind=here[0], left_id=here[1], compartment_id=circle)
            for after in rows.values_list("right_kind", "right_id"):
                if after not in seen:
                    seen.add(after)
                    visit(after)

        visit(node)
        mark(seen - {node}, circle)

    return work


def peer(node: tuple[str, Any], circle: Any) -> float | None:
    try:
        import networkx  # pyright: ignore
    except ImportError:
        return None
    from varangian.platform.thread.models import Edge

    def work() -> None:
        graph = networkx.DiGraph()
        rows = Edge.objects.filter(compartment_id=circle)
        names = ("left_kind", "left_id", "right_kind", "right_id")
        graph.add_edges_from(((a, b), (c, d)) for a, b, c, d in rows.values_list(*names))
        mark(networkx.descendants(graph, node), circle)

    return median(work)


def mark(nodes: set[tuple[str, Any]], circle: Any) -> None:
    from varangian.platform.thread.models import StaleMark

    rows = [StaleMark(kind=k, record=r, reason="Changed", compartment_id=circle) for k, r in nodes]
    StaleMark.objects.bulk_create(rows)


if __name__ == "__main__":
    sys.exit(main())

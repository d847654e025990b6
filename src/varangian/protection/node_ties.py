"""What the edge brings to the house: the sender, ticks, the outbox of a node, a tab."""

from django.db.models.signals import post_save

from varangian.log.models import LogEntry
from varangian.operations import tabs
from varangian.operations.events import duty_changed
from varangian.platform.jobs.ticks import every
from varangian.platform.live.doors import service
from varangian.tracking.events import device_silent

from . import node_sender
from .services import nodes, outbox, parcels, silence, uplinks


def tie() -> None:
    service("node", node_sender.run)
    every(5, "look at the nodes", nodes.watch_nodes)
    every(60, "look at copies of the hub", uplinks.expire_copies)
    every(5, "look whether devices are heard again", silence.settle)
    device_silent.connect(silence.on_silent, dispatch_uid="nodes.silent")
    outbox.taken.connect(parcels.on_act, dispatch_uid="nodes.act")
    duty_changed.connect(parcels.on_duty_changed, dispatch_uid="nodes.duty")
    post_save.connect(parcels.on_entry, sender=LogEntry, dispatch_uid="nodes.entry")
    tabs.add(
        "nodes",
        "Nodes",
        icon="radar",
        url_name="nodes:index",
        action="node.view",
        rank=57,
    )

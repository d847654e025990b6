"""Who gets which event: groups by need-to-know, one write per client and tick, the same bytes.

Knows no socket, no database and no clock of its own: a member is anything with ``send``.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from .cot import Event, without_place
from .proto import encode

FEWEST, MOST = 0.05, 0.2
PER_MEMBER = 0.0006
REMEMBERED = 20_000
OPEN_BEACONS = 1_000
HIDDEN = ("t-x-takp", "t-x-c-t")
"""Between a client and the server only."""

Circle = UUID | None
"""The compartment whose members hear each other; None is the plain port for tests."""


class Member(Protocol):
    uid: str
    callsign: str
    kind: str
    protobuf: bool
    slow: bool

    @property
    def device(self) -> UUID | None: ...
    @property
    def circle(self) -> Circle: ...
    @property
    def shares(self) -> bool:
        """Does its owner want their position to be seen now?"""
        ...

    def send(self, data: bytes) -> None: ...
    def send_parts(self, parts: list[memoryview]) -> None: ...


def wire(event: Event, protobuf: bool) -> bytes:
    """Encoded once, however many read it."""
    if not protobuf:
        return event.raw
    known = event.__dict__.get("_wire")
    if known is None:
        known = event.__dict__["_wire"] = encode(event)
    return known


@dataclass
class Group:
    members: set[Member] = field(default_factory=set)
    named: dict[str, set[Member]] = field(default_factory=dict)
    """The members by the name that they gave themselves; one name may be on two connections."""
    queue: list[tuple[Member | None, Event]] = field(default_factory=list)
    last: dict[str, Event] = field(default_factory=dict)
    """The newest position of everyone, for whoever comes next."""
    beacons: dict[str, Event] = field(default_factory=dict)
    """Open calls for help. Their stale time means nothing: only a cancel ends them."""


class Relay:
    def __init__(self) -> None:
        self.groups: dict[Circle, Group] = {}
        self.counts: Counter[str] = Counter()
        self.listeners: list[Callable[[Member, Event], None]] = []
        """Called with what a client said and everybody was sent: positions, calls for help."""
        self._heard: dict[tuple[str, str, str], int] = {}
        self._heard_before: dict[tuple[str, str, str], int] = {}

    def group(self, circle: Circle) -> Group:
        return self.groups.setdefault(circle, Group())

    def join(self, member: Member) -> None:
        """Open calls for help at once, to whoever it is; positions when the client has a name."""
        group = self.group(member.circle)
        group.members.add(member)
        if member.uid:
            group.named.setdefault(member.uid, set()).add(member)
        for event in group.beacons.values():
            member.send(wire(event, member.protobuf))

    def leave(self, member: Member) -> bool:
        """True when others saw it and shall be told that it went."""
        group = self.group(member.circle)
        group.members.discard(member)
        if same := group.named.get(member.uid):
            same.discard(member)
        if not member.uid or same:
            return False
        group.named.pop(member.uid, None)
        return group.last.pop(member.uid, None) is not None

    def hear(self, member: Member, event: Event) -> None:
        if event.type.startswith(HIDDEN):
            return
        group = self.group(member.circle)
        if self._loops(member, event) or self._usurps(group, member, event):
            return
        self.counts["in"] += 1
        own = event.is_position and event.uid == member.uid
        shown = event
        if not member.shares and (own or event.is_chat):
            shown = without_place(event)
            self.counts["places kept back"] += 1
        if event.is_beacon:
            self._beacon(group, member, event)
        elif own:
            group.last[event.uid] = shown
            group.queue.append((member, shown))
        else:
            self._pass_on(group, member, shown)
        for listener in self.listeners:
            listener(member, shown)

    def inject(self, circle: Circle, event: Event) -> None:
        """From the house itself, or from another of its machines: to all, back to nobody."""
        group = self.groups.get(circle)
        if group is None:
            return
        if event.is_beacon:
            self._beacon(group, None, event)
            return
        if event.is_position:
            group.last[event.uid] = event
        self._pass_on(group, None, event)

    def name(self, member: Member, event: Event) -> None:
        """A client has said who it is: show it where the others are."""
        group = self.group(member.circle)
        member.uid, member.callsign, member.kind = event.uid, event.callsign, event.type
        group.named.setdefault(member.uid, set()).add(member)
        for uid, known in group.last.items():
            if uid != member.uid:
                member.send(wire(known, member.protobuf))

    def refresh(self, member: Member) -> None:
        """A reader that fell behind and reads again gets what is true now, not what it missed."""
        for uid, known in self.group(member.circle).last.items():
            if uid != member.uid:
                member.send(wire(known, member.protobuf))

    def _beacon(self, group: Group, member: Member | None, event: Event) -> None:
        """Waits for no tick, goes to all whoever it names, and to slow readers too."""
        if event.cancels:
            group.beacons.pop(event.uid, None)
        elif event.uid in group.beacons or len(group.beacons) < OPEN_BEACONS:
            group.beacons[event.uid] = event
        for other in list(group.members):
            if other is not member:
                other.send(wire(event, other.protobuf))
        self.counts["beacons"] += 1

    def _pass_on(self, group: Group, member: Member | None, event: Event) -> None:
        if wanted := event.to:
            self._direct(group, member, event, wanted)
        else:
            group.queue.append((member, event))

    def _direct(
        self, group: Group, member: Member | None, event: Event, wanted: Iterable[tuple[str, str]]
    ) -> None:
        uids = {uid for uid, _ in wanted if uid}
        callsigns = {callsign for _, callsign in wanted if callsign}
        for other in list(group.members):
            if other is not member and (other.uid in uids or other.callsign in callsigns):
                other.send(wire(event, other.protobuf))
                self.counts["out"] += 1

    def _loops(self, member: Member, event: Event) -> bool:
        """The same event over another connection: a bridge brings back what it was given."""
        name, source = (event.uid, event.type, event.time), id(member)
        first = self._heard.get(name) or self._heard_before.get(name)
        if first is None:
            self._heard[name] = source
            if len(self._heard) > REMEMBERED:
                self._heard_before, self._heard = self._heard, {}
            return False
        if first == source:
            return False
        self.counts["looped"] += 1
        return True

    def _usurps(self, group: Group, member: Member, event: Event) -> bool:
        """Nobody speaks as, or erases, a client that is here under another certificate."""
        subject = event.uid
        if event.type == "t-x-d-d":
            subject = event.word("detail/link", "uid")
        elif not event.is_position:
            return False
        if subject not in group.last:
            return False
        others = [one for one in group.named.get(subject, ()) if one is not member]
        erases = event.type == "t-x-d-d"
        taken = any(erases or other.device != member.device for other in others)
        self.counts["usurped"] += taken
        return taken

    def pause(self) -> float:
        """The tick grows with the crowd: the cost of a tick is one write to each of them."""
        crowd = max((len(group.members) for group in self.groups.values()), default=0)
        return min(MOST, max(FEWEST, crowd * PER_MEMBER))

    def tick(self) -> None:
        for circle, group in list(self.groups.items()):
            if group.queue:
                batch, group.queue = group.queue, []
                self._spread(group, batch)
            if not group.members and not group.beacons and circle is not None:
                del self.groups[circle]

    def _spread(self, group: Group, batch: list[tuple[Member | None, Event]]) -> None:
        joined = {form: Joined(batch, form) for form in {m.protobuf for m in group.members}}
        for member in list(group.members):
            if member.slow:
                self._trickle(member, batch)
                continue
            member.send_parts(joined[member.protobuf].without(member))
        self.counts["out"] += len(batch) * len(group.members)

    def _trickle(self, member: Member, batch: list[tuple[Member | None, Event]]) -> None:
        """Positions are overtaken by the next ones; messages are not."""
        for owner, event in batch:
            if owner is member:
                continue
            if event.is_position:
                self.counts["skipped"] += 1
            else:
                member.send(wire(event, member.protobuf))


class Joined:
    """All events of a tick in one piece, from which each client's own are cut out."""

    def __init__(self, batch: list[tuple[Member | None, Event]], protobuf: bool) -> None:
        pieces = [wire(event, protobuf) for _, event in batch]
        self.whole = memoryview(b"".join(pieces))
        self.own: dict[Member | None, list[tuple[int, int]]] = {}
        at = 0
        for (owner, _), piece in zip(batch, pieces, strict=True):
            self.own.setdefault(owner, []).append((at, at + len(piece)))
            at += len(piece)

    def without(self, member: Member) -> list[memoryview]:
        parts, at = [], 0
        for begin, end in self.own.get(member, ()):
            if begin > at:
                parts.append(self.whole[at:begin])
            at = end
        if at < len(self.whole):
            parts.append(self.whole[at:])
        return parts

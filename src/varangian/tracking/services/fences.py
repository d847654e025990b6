"""Fences, drawn and taken away."""

from typing import Any

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.geometry import valid_lat_lon
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, require, system_read
from varangian.platform.news.services import announce

from ..fence_rules import half_width, outline_fault, tidy
from ..models import Fence, FenceSide

RADIUS = (20, 50_000)
MARGIN = (0, 5_000)
LONGEST = 300
FIELDS = (
    *("name", "purpose", "kind", "position", "radius_m", "ring"),
    *("margin_m", "tells", "about", "urgency"),
)
SHAPE = ("kind", "lat", "lon", "radius_m", "ring", "margin_m", "about")


@transaction.atomic
def add_fence(
    *,
    actor: Actor,
    operation: Any,
    name: str,
    kind: str = Fence.Kind.CIRCLE,
    position: list[float] | None = None,
    radius_m: int = 200,
    ring: list[list[float]] | None = None,
    tells: str = Fence.Tells.BOTH,
    about: str = Fence.About.ALL,
    urgency: str = "attention",
    purpose: str = "",
    margin_m: int = 0,
) -> Fence:
    """A leash needs no position: it moves with the principal's own device, and tells when
    nobody of the team who is on duty is within its radius."""
    require(actor, "fence.change", operation.compartment_id)
    fence = Fence(compartment_id=operation.compartment_id, operation=operation)
    _take(
        fence,
        {
            "name": name, "purpose": purpose, "kind": kind, "position": position,
            "radius_m": radius_m, "ring": ring, "margin_m": margin_m, "tells": tells,
            "about": about, "urgency": urgency,
        },
    )  # fmt: skip
    fence.save(force_insert=True)
    _tell(fence, "added", f"Fence drawn: {fence.name}", actor)
    return fence


@transaction.atomic
def change_fence(*, actor: Actor, fence: Fence, **changes: Any) -> Fence:
    """Moved, drawn anew or told of otherwise. Where its line changes, who is inside is found out
    anew: the next fix of each device only says on which side it stands."""
    require(actor, "fence.change", fence.compartment_id)
    if unknown := set(changes) - set(FIELDS):
        raise Refused("A fence has no such field", where=", ".join(sorted(unknown)))
    if fence.removed_at is not None:
        raise Refused("This fence was taken away", where=fence.name, mend="Draw a new one.")
    kept = {name: getattr(fence, name) for name in FIELDS if name != "position"}
    kept["position"] = None if fence.lat is None else [fence.lat, fence.lon]
    before = _line(fence)
    _take(fence, kept | changes)
    fence.save()
    if _line(fence) != before:
        _forget_sides(fence)
    _tell(fence, "changed", f"Fence changed: {fence.name}", actor)
    return fence


def _take(fence: Fence, given: dict[str, Any]) -> None:
    """What was given, if it makes sense together."""
    kind, leash = given["kind"], given["kind"] == Fence.Kind.LEASH
    _chosen(kind, given["tells"], given["about"], given["urgency"])
    name, purpose = given["name"].strip(), given["purpose"].strip()
    if not name or len(name) > 80:
        raise Refused("A fence has a name of 1 to 80 characters", where="name")
    if len(purpose) > LONGEST:
        raise Refused(f"A purpose has up to {LONGEST} characters", where="purpose")
    if not RADIUS[0] <= given["radius_m"] <= RADIUS[1]:
        raise Refused(f"A radius is {RADIUS[0]} m to {RADIUS[1] // 1000} km", where="radius_m")
    fence.name, fence.kind, fence.radius_m = name, kind, given["radius_m"]
    fence.key_id = fence.operation.key_id
    fence.purpose = purpose
    fence.lat, fence.lon = _centre(kind, given["position"])
    fence.ring = _outline(kind, given["ring"])
    fence.margin_m = _margin(fence, given["margin_m"])
    fence.tells = Fence.Tells.EXIT if leash else given["tells"]
    fence.about = Fence.About.PRINCIPAL if leash else given["about"]
    fence.urgency = given["urgency"]


def _line(fence: Fence) -> list[Any]:
    return [getattr(fence, name) for name in SHAPE]


@system_read("who may move a fence need not see who was inside")
def _forget_sides(fence: Fence) -> None:
    FenceSide.objects.filter(fence=fence).delete()


@transaction.atomic
def remove_fence(*, actor: Actor, fence: Fence) -> None:
    require(actor, "fence.change", fence.compartment_id)
    if fence.removed_at is None:
        fence.removed_at = now()
        fence.save(update_fields=["removed_at"])
        _tell(fence, "removed", f"Fence taken away: {fence.name}", actor)


def _chosen(kind: str, tells: str, about: str, urgency: str) -> None:
    for name, value, known in (
        ("kind", kind, Fence.Kind.values),
        ("tells", tells, Fence.Tells.values),
        ("about", about, Fence.About.values),
        ("urgency", urgency, ["", "now", "attention", "inform"]),
    ):
        if value not in known:
            raise Refused("There is no such choice", where=f"{name} {value}", mend=", ".join(known))


def _centre(kind: str, position: list[float] | None) -> tuple[float | None, float | None]:
    if kind != Fence.Kind.CIRCLE:
        return None, None
    if position is None or len(position) != 2 or not valid_lat_lon(*position):
        raise Refused("A circle has a middle", where="position", mend="Give [lat, lon].")
    return position[0], position[1]


def _outline(kind: str, ring: list[list[float]] | None) -> list[list[float]]:
    if kind != Fence.Kind.OUTLINE:
        return []
    corners = tidy(ring or [])
    for number, corner in enumerate(corners, start=1):
        if len(corner) != 2 or not valid_lat_lon(*corner):
            raise Refused(
                "A corner is no place on earth", where=f"ring, corner {number}", mend="[lat, lon]"
            )
    if fault := outline_fault(corners):
        raise Refused(fault, where="ring", mend="Move the corners on the map or in the list.")
    return corners


def _margin(fence: Fence, margin_m: int) -> int:
    if not MARGIN[0] <= margin_m <= MARGIN[1]:
        raise Refused(f"A margin is 0 m to {MARGIN[1] // 1000} km", where="margin_m")
    inner = half_width(fence.ring) if fence.kind == Fence.Kind.OUTLINE else fence.radius_m
    if margin_m > inner:
        raise Refused(
            f"The margin ({margin_m} m) is wider than the fence itself ({inner:.0f} m from its "
            "middle to its edge): somebody would be far away before they had left",
            where="margin_m",
            mend="Make the margin smaller or the fence larger.",
        )
    return margin_m


def _tell(fence: Fence, event: str, text: str, actor: Actor) -> None:
    announce(
        topic="fences",
        event=event,
        text=text,
        compartment_id=fence.compartment_id,
        operation_id=fence.operation_id,
        record=None,
        actor=actor,
    )

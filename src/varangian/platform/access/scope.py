"""Need-to-know as a query: ``visible_to(user)`` starts every read, and shows nothing by default."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self, TypeVar
from uuid import UUID

from django.db import connection, models
from django.db.models import Q
from django.db.models.expressions import RawSQL

from varangian.kernel.clock import now
from varangian.kernel.ids import new_id
from varangian.kernel.results import Denied, NotFound

from .roles import LIVE_ONLY, OVERSIGHT, READING, SEEN_FROM_BELOW, Role, roles_for
from .stage import exercising, on_this_side

if TYPE_CHECKING:
    from .models import User


class System:
    """The house itself: the worker, and the person at its own console."""

    is_system = True
    is_authenticated = True
    is_active = True
    is_administrator = False
    is_auditor = False
    pk = None
    id = None
    name = "console"
    email = ""
    call_sign = ""

    def __str__(self) -> str:
        return self.name


SYSTEM = System()
CIRCLES = "select circle from varangian_circles(%s, %s, %s) as circle"
TIES = "select role, from_below from varangian_ties(%s, %s)"
Actor = Any
"""A User, or SYSTEM."""


@dataclass(frozen=True)
class Reach:
    """One compartment a person can look into, as what, and from where."""

    compartment: UUID
    role: Role
    from_below: bool = False


@dataclass
class Known:
    """What this request has learnt of a person: single circles as asked, or all of them."""

    circles: dict[UUID, list[Reach]] = field(default_factory=dict)
    whole: list[Reach] | None = None


def _known(user: "User") -> Known:
    known = user.__dict__.get("_reach")
    if known is None:
        known = vars(user)["_reach"] = Known()
    return known


def reach_of(user: "User") -> list[Reach]:
    """All compartments of a person, loaded once per request."""
    known = _known(user)
    if known.whole is None:
        known.whole = _load_reach(user)
        known.circles = defaultdict(list)
        for reach in known.whole:
            known.circles[reach.compartment].append(reach)
    return known.whole


def ties_in(user: Actor, compartment_id: UUID | None) -> list[Reach]:
    """A person's ties to one compartment, without loading the thousands they may have besides."""
    if user.is_system or not user.is_authenticated or compartment_id is None:
        return []
    known = _known(user)
    if known.whole is None and compartment_id not in known.circles:
        with connection.cursor() as cursor:
            cursor.execute(TIES, [user.pk, compartment_id])
            rows = cursor.fetchall()
        known.circles[compartment_id] = [Reach(compartment_id, Role(r), b) for r, b in rows]
    return known.circles.get(compartment_id, [])


def _load_reach(user: "User") -> list[Reach]:
    from .models import Compartment, Membership

    direct = list(
        Membership.objects.filter(
            Q(until=None) | Q(until__gt=now()), on_this_side("compartment__"), user=user
        ).values_list("compartment_id", "role", "compartment__parent_id")
    )
    found = [Reach(pk, Role(role)) for pk, role, _ in direct]
    found += [Reach(parent, Role(role), from_below=True) for _, role, parent in direct if parent]
    overseen = {pk: Role(role) for pk, role, _ in direct if Role(role) in OVERSIGHT}
    children = Compartment.objects.filter(on_this_side(""), parent_id__in=list(overseen))
    found += [Reach(pk, overseen[up]) for pk, up in children.values_list("pk", "parent_id")]
    return found


def compartments_for(user: Actor, action: str) -> set[UUID]:
    """Ids of the compartments in which this person may do this."""
    if not getattr(user, "is_active", False) or user.is_system or not user.is_authenticated:
        return set()
    roles, below = roles_for(action), action in SEEN_FROM_BELOW
    return {
        reach.compartment
        for reach in reach_of(user)
        if reach.role in roles and (below or not reach.from_below)
    }


def circles(user: Actor, action: str) -> RawSQL | None:
    """The same as a subquery, None for nobody: its text does not grow with the compartments."""
    if not getattr(user, "is_active", False) or not user.is_authenticated:
        return None
    roles = sorted(role.value for role in roles_for(action))
    below = action in SEEN_FROM_BELOW
    return RawSQL(CIRCLES, [user.pk, roles, below])  # noqa: S611 constant text


def holds(user: Actor, action: str) -> bool:
    """Is there any place where this person may do this? For menus; rows are asked one by one."""
    if not getattr(user, "is_active", False) or user.is_system or not user.is_authenticated:
        return False
    return bool(_held(user) & roles_for(action))


def always(user: Actor, action: str, *, where: str) -> bool:
    """May this person do ``action`` wherever they may do ``where``? Told by their roles alone."""
    if user.is_system or not user.is_authenticated:
        return user.is_system
    return _held(user) & roles_for(where) <= roles_for(action)


def _held(user: Any) -> set[Role]:
    held = user.__dict__.get("_roles")
    if held is None:
        held = user.__dict__["_roles"] = _roles(user)
    return held


def _roles(user: "User") -> set[Role]:
    known = user.__dict__.get("_reach")
    if known is not None and known.whole is not None:
        return {reach.role for reach in known.whole if not reach.from_below}
    from .models import Membership

    live = Membership.objects.filter(
        Q(until=None) | Q(until__gt=now()), on_this_side("compartment__"), user=user
    )
    return {Role(role) for role in live.values_list("role", flat=True).distinct()}


def role_in(user: Actor, compartment_id: UUID | None) -> Role | None:
    """A person's role in a compartment; the closest tie wins."""
    ties = ties_in(user, compartment_id)
    return min(ties, key=lambda r: r.from_below).role if ties else None


def may(user: Actor, action: str, compartment_id: UUID | None) -> bool:
    if user.is_system:
        return True
    roles, below = roles_for(action), action in SEEN_FROM_BELOW
    return bool(getattr(user, "is_active", False)) and any(
        tie.role in roles and (below or not tie.from_below) for tie in ties_in(user, compartment_id)
    )


def require(user: Actor, action: str, compartment_id: UUID | None) -> None:
    """Refuse unless this person may do this here; strangers are told that there is nothing."""
    if may(user, action, compartment_id):
        if exercising() and action not in READING:
            _refuse_live(action, compartment_id)
        return
    if role_in(user, compartment_id) is None:
        raise NotFound("There is no such record, or it is not yours to see")
    raise Denied(
        f"Your role does not allow this: {action.replace('.', ' ')}",
        mend="Ask the detail leader.",
    )


def _refuse_live(action: str, compartment_id: UUID | None) -> None:
    from .models import Compartment

    here = Compartment.objects.filter(pk=compartment_id, exercise=True)
    if action in LIVE_ONLY or not here.exists():
        raise Denied(
            "You are in an exercise, and this is not part of it",
            mend="Leave the exercise first.",
        )


def administrate(user: Actor) -> None:
    """People are managed by an administrator, or at the house's own console."""
    if not (user.is_system or user.is_administrator):
        raise Denied("Only an administrator manages people", mend="Ask an administrator.")


class ScopedQuerySet(models.QuerySet[Any]):
    """Rows carry a compartment; the model names the action that lets a person see them."""

    def visible_to(self, user: Actor, action: str | None = None) -> Self:
        if user.is_system:
            return self
        allowed = circles(user, action or self.model.view_action)
        if allowed is None:
            return self.none()
        path = getattr(self.model, "compartment_path", "compartment_id")
        return self.filter(**{f"{path}__in": allowed})


ScopedManager = models.Manager.from_queryset(ScopedQuerySet)


class ScopedModel(models.Model):
    """A record that belongs to a compartment."""

    view_action = ""
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    compartment = models.ForeignKey(
        "access.Compartment", on_delete=models.PROTECT, related_name="+"
    )
    objects = ScopedManager()

    class Meta:
        abstract = True


F = TypeVar("F", bound=Callable[..., Any])


def system_read(reason: str) -> Callable[[F], F]:
    """Mark a read that no person makes: a job, a check or a count. The lint asks for the reason."""
    if not reason:
        raise ValueError("a system read needs its reason")

    def mark(function: F) -> F:
        function.system_read = reason  # pyright: ignore
        return function

    return mark

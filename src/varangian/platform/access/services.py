"""Writers of the access floor: people, members, tokens and sign-in links."""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.platform.audit.services import note
from varangian.platform.news.services import announce

from .events import person_shut_out
from .models import ApiToken, Compartment, Membership, SignInLink, User
from .roles import Role
from .scope import Actor, administrate, require

INVITED_MINUTES = 3 * 24 * 60


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def create_user(
    *,
    email: str,
    name: str,
    password: str | None = None,
    call_sign: str = "",
    administrator: bool = False,
    auditor: bool = False,
) -> User:
    if User.objects.filter(email=email.lower()).exists():
        raise Refused("There is already a person with this address", where=email)
    return User.objects.create_user(
        email,
        password,
        name=name,
        call_sign=call_sign,
        is_administrator=administrator,
        is_auditor=auditor,
    )


@transaction.atomic
def invite(
    *,
    actor: Actor,
    email: str,
    name: str,
    call_sign: str = "",
    administrator: bool = False,
    auditor: bool = False,
) -> tuple[User, str]:
    """Returns the person and the one-time secret of their first sign-in."""
    administrate(actor)
    user = create_user(
        email=email,
        name=name,
        call_sign=call_sign,
        administrator=administrator,
        auditor=auditor,
    )
    return user, issue_link(user=user, minutes=INVITED_MINUTES)


@transaction.atomic
def link_for(*, actor: Actor, user: User) -> str:
    """A fresh one-time link. An administrator gets one only for a person who never came in:
    a link into a working account would open its content to whoever asked for the link."""
    administrate(actor)
    if not user.is_active:
        raise Refused("This person is shut out", where=user.email, mend="Let them in again first.")
    if not actor.is_system and user.last_login is not None:
        raise Denied(
            "This person has signed in before: a link would let you in as them",
            mend="At the console: varangian user link EMAIL.",
        )
    note(kind="sign-in link", record=user, actor=actor, purpose="one-time link issued")
    return issue_link(user=user)


@transaction.atomic
def deactivate(*, actor: Actor, user: User) -> None:
    """Shut a person out at once: sessions end, tokens and links die, and what the features above
    gave them (phones, trackers, TAK certificates, duress keys) with it."""
    administrate(actor)
    if user.pk == actor.pk:
        raise Refused("You cannot shut yourself out", mend="Ask another administrator.")
    others = User.objects.filter(is_administrator=True, is_active=True).exclude(pk=user.pk)
    if user.is_administrator and not others.exists():
        raise Refused("This is the last administrator", mend="Invite another one first.")
    user.is_active = False
    user.save(update_fields=["is_active"])
    for session in UserSession.objects.filter(user=user):
        session.end()
    ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=now())
    SignInLink.objects.filter(user=user, used_at=None).delete()
    person_shut_out.send(sender=User, user=user, actor=actor)


@transaction.atomic
def reactivate(*, actor: Actor, user: User) -> None:
    administrate(actor)
    user.is_active = True
    user.save(update_fields=["is_active"])


@transaction.atomic
def reset_second_factors(*, actor: Actor, user: User) -> int:
    """For a lost phone or key; the password is still asked. Returns how many were removed."""
    administrate(actor)
    count, _ = Authenticator.objects.filter(user=user).delete()
    note(kind="factors reset", record=user, actor=actor, purpose="second factors removed")
    return count


def open_compartment(
    *, label: str, parent: Compartment | None = None, exercise: bool = False
) -> Compartment:
    return Compartment.objects.create(label=label, parent=parent, exercise=exercise)


@transaction.atomic
def add_member(
    *,
    actor: Actor,
    compartment_id: UUID,
    user: User,
    role: Role,
    until: datetime | None = None,
) -> Membership:
    """Let a person into a compartment, or change what they are there."""
    require(actor, "member.change", compartment_id)
    if user.is_administrator:
        raise Refused(
            "An administrator sees no content",
            where=user.name,
            mend="Give this person a second account for the detail.",
        )
    if until is not None and until <= now():
        raise Refused("The membership would end before it begins", where="until")
    if role != Role.DETAIL_LEADER or until is not None:
        _keep_a_leader(compartment_id, user)
    member, added = Membership.objects.update_or_create(
        compartment_id=compartment_id,
        user=user,
        defaults={"role": role.value, "until": until, "added_by_id": actor.pk},
    )
    done = "joined as" if added else "is now"
    _tell_members(compartment_id, f"{user.name} {done} {role.words.lower()}", actor)
    return member


@transaction.atomic
def remove_member(*, actor: Actor, compartment_id: UUID, user: User) -> None:
    require(actor, "member.change", compartment_id)
    _keep_a_leader(compartment_id, user)
    gone, _ = Membership.objects.filter(compartment_id=compartment_id, user=user).delete()
    if not gone:
        raise NotFound("This person is no member here", where=user.email)
    _tell_members(compartment_id, f"{user.name} left the team", actor)


def _keep_a_leader(compartment_id: UUID, user: User) -> None:
    leaders = Membership.objects.filter(
        compartment_id=compartment_id, role=Role.DETAIL_LEADER, until=None
    )
    ids = set(leaders.values_list("user_id", flat=True))
    if ids == {user.pk}:
        raise Refused(
            "This is the only detail leader here",
            where=user.name,
            mend="Make somebody else detail leader first.",
        )


def _tell_members(compartment_id: UUID, text: str, actor: Actor) -> None:
    announce(
        topic="members", event="changed", text=text, compartment_id=compartment_id, actor=actor
    )


def issue_token(
    *, user: Actor, label: str, writes: bool = False, days: int = 30
) -> tuple[ApiToken, str]:
    """Returns the token record and the secret, which is shown once."""
    if not 1 <= days <= 366:
        raise Refused("A token lives between 1 and 366 days", where="days")
    if not label.strip():
        raise Refused("A token needs a name", where="label", mend="Say what it is for.")
    secret = "vt_" + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        label=label,
        digest=digest(secret),
        writes=writes,
        expires_at=now() + timedelta(days=days),
    )
    return token, secret


def revoke_token(*, user: Actor, token_id: UUID) -> None:
    live = ApiToken.objects.filter(user=user, pk=token_id, revoked_at=None)
    if not live.update(revoked_at=now()):
        raise NotFound("There is no such token", where=str(token_id))


def user_of_token(secret: str) -> tuple[User, ApiToken] | None:
    token = (
        ApiToken.objects.select_related("user")
        .filter(digest=digest(secret), revoked_at=None, expires_at__gt=now(), user__is_active=True)
        .first()
    )
    if token is None:
        return None
    if token.last_used_at is None or token.last_used_at < now() - timedelta(minutes=1):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now())
    return token.user, token


def issue_link(*, user: User, minutes: int = 30) -> str:
    """A one-time sign-in secret for the console line of ``up``."""
    secret = secrets.token_urlsafe(24)
    SignInLink.objects.create(
        user=user, digest=digest(secret), expires_at=now() + timedelta(minutes=minutes)
    )
    return secret


@transaction.atomic
def redeem_link(secret: str) -> User | None:
    link = (
        SignInLink.objects.select_for_update()
        .select_related("user")
        .filter(digest=digest(secret), used_at=None, expires_at__gt=now())
        .first()
    )
    if link is None or not link.user.is_active:
        return None
    link.used_at = now()
    link.save(update_fields=["used_at"])
    return link.user

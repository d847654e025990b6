"""How people, members and tokens look in the API and in ``--json``."""

from typing import Any

from .models import ApiToken, Membership, User
from .queries import seats


def person_shape(user: User) -> dict[str, Any]:
    return {
        "id": str(user.pk),
        "email": user.email,
        "name": user.name,
        "call_sign": user.call_sign,
        "active": user.is_active,
        "administrator": user.is_administrator,
        "auditor": user.is_auditor,
        "last_login": user.last_login,
    }


def me_shape(user: Any) -> dict[str, Any]:
    return {**person_shape(user), "seats": seats(user)}


def member_shape(member: Membership) -> dict[str, Any]:
    return {
        "user": str(member.user_id),
        "name": member.user.name,
        "call_sign": member.user.call_sign,
        "email": member.user.email,
        "role": member.role,
        "until": member.until,
    }


def token_shape(token: ApiToken) -> dict[str, Any]:
    return {
        "id": str(token.pk),
        "label": token.label,
        "writes": token.writes,
        "expires_at": token.expires_at,
        "last_used_at": token.last_used_at,
    }

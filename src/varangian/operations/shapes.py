"""How the spine looks in the API and in ``--json``."""

from typing import Any

from varangian.places.shapes import shape as place_shape

from .models import Engagement, Movement, Operation, Post


def engagement_shape(engagement: Engagement) -> dict[str, Any]:
    return {
        "slug": engagement.slug,
        "state": engagement.state,
        "title": engagement.title,
        "client": engagement.client,
        "scope": engagement.scope,
        "authority": engagement.authority,
        "starts": engagement.starts,
        "ends": engagement.ends,
    }


def operation_shape(operation: Operation) -> dict[str, Any]:
    return {
        "slug": operation.slug,
        "state": operation.state,
        "title": operation.title,
        "kind": operation.kind,
        "principal": operation.principal.slug,
        "engagement": operation.engagement.slug,
        "threat_level": operation.threat_level,
        "profile_level": operation.profile_level,
        "time_zone": operation.time_zone,
        "starts": operation.starts,
        "ends": operation.ends,
        "intent": operation.intent,
        "version": operation.version,
    }


def movement_shape(movement: Movement) -> dict[str, Any]:
    return {
        "id": str(movement.pk),
        "serial": movement.serial,
        "kind": movement.kind,
        "state": movement.state,
        "title": movement.title,
        "origin": place_shape(movement.origin) if movement.origin else None,
        "destination": place_shape(movement.destination) if movement.destination else None,
        "starts": movement.starts,
        "ends": movement.ends,
        "end_known": movement.ends is not None,
        "zone": movement.zone,
        "implied": movement.implied,
        "version": movement.version,
    }


def post_shape(post: Post) -> dict[str, Any]:
    return {
        "id": str(post.pk),
        "title": post.title,
        "role": post.role,
        "edition": post.edition,
        "call_sign": post.call_sign,
        "holder": post.holder.name if post.holder else None,
        "held_since": post.held_since,
    }

"""Posts of the detail and who holds them."""

from typing import Any

from django.db import transaction
from django.db.models import Max

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, require, role_in
from varangian.platform.news.services import announce
from varangian.platform.thread.services import changed

from ..events import post_changed
from ..models import Movement, Operation, Post, PostMovement


@transaction.atomic
def add_post(
    *,
    actor: Actor,
    operation: Operation,
    title: str,
    role: str,
    edition: str,
    call_sign: str = "",
    holder: Any = None,
) -> Post:
    require(actor, "post.change", operation.compartment_id)
    own = Post.objects.visible_to(actor).filter(operation=operation)
    last = own.aggregate(last=Max("serial"))["last"]
    post = Post.objects.create(
        compartment_id=operation.compartment_id,
        operation=operation,
        title=title,
        role=role,
        edition=edition,
        call_sign=call_sign,
        serial=(last or 0) + 1,
    )
    _tell(post, "added", f"Post added: {title}", actor)
    return assign_post(actor=actor, post=post, holder=holder) if holder else post


@transaction.atomic
def assign_post(*, actor: Actor, post: Post, holder: Any) -> Post:
    """Hand a post to a member of the operation, or leave it empty with ``None``."""
    require(actor, "post.change", post.compartment_id)
    if holder is not None and role_in(holder, post.compartment_id) is None:
        raise Refused(
            f"{holder} is not a member of this operation",
            where=post.title,
            mend="Add the person to the operation first.",
        )
    if holder == post.holder:
        return post
    words = f"{post.title} is held by {holder}" if holder else f"{post.title} is empty"
    changed(node=("post", post.pk), reason=f"Post: {words}")
    _hand_over(actor, post, holder, words)
    return post


@transaction.atomic
def relieve_post(*, actor: Actor, post: Post, holder: Any) -> bool:
    """A relief by the published roster. It is as planned, so nothing that rests on the post is
    marked stale. False: the person is no longer a member, and the post keeps its holder."""
    require(actor, "post.change", post.compartment_id)
    if role_in(holder, post.compartment_id) is None:
        return False
    _hand_over(
        actor, post, holder, f"{post.title}: {holder} has relieved {post.holder or 'nobody'}"
    )
    return True


def _hand_over(actor: Actor, post: Post, holder: Any, words: str) -> None:
    post.holder = holder
    post.held_since = now() if holder else None
    post.save(update_fields=["holder", "held_since"])
    post_changed.send(sender=Post, post=post, actor=actor)
    _tell(post, "assigned", words, actor)


@transaction.atomic
def cover_movements(*, actor: Actor, post: Post, movements: list[Movement]) -> None:
    """Name the legs a post takes part in; an empty list means all of them."""
    require(actor, "post.change", post.compartment_id)
    if any(m.operation_id != post.operation_id for m in movements):
        raise Refused("A post covers legs of its own operation only", where=post.title)
    post.covers.all().delete()
    PostMovement.objects.bulk_create([PostMovement(post=post, movement=m) for m in movements])
    post_changed.send(sender=Post, post=post, actor=actor)


@transaction.atomic
def remove_post(*, actor: Actor, post: Post) -> None:
    require(actor, "post.change", post.compartment_id)
    changed(
        node=("post", post.pk),
        reason=f"Post removed: {post.title}",
    )
    _tell(post, "removed", f"Post removed: {post.title}", actor)
    post.delete()


def _tell(post: Post, event: str, text: str, actor: Actor) -> None:
    announce(
        topic="posts",
        event=event,
        text=text,
        compartment_id=post.compartment_id,
        operation_id=post.operation_id,
        record=("post", post.pk),
        actor=actor,
    )

from typing import get_args

from varangian.operations.library import Edition, kinds, posts

ROLES = {
    "team_leader",
    "second_in_command",
    "ppo",
    "pes",
    "driver",
    "sap",
    "medic",
    "controller",
    "analyst",
    "sd_team",
    "rst",
    "client_liaison",
}


def test_the_roles_of_a_detail_are_there():
    assert posts().roles() == ROLES


def test_every_edition_has_a_reader_and_a_role_reads_one():
    assert {post.edition for post in posts().posts} == set(get_args(Edition))
    assert all(len(posts().editions_of(role)) == 1 for role in ROLES)


def test_drivers_read_the_driver_edition():
    assert posts().editions_of("driver") == {"driver"}
    assert posts().get("driver_follow").edition == "driver"


def test_kinds():
    assert {kind.id for kind in kinds().kinds} == {
        "visit",
        "residence",
        "public_event",
        "travel",
        "day",
    }
    assert all("team_leader" in kind.posts for kind in kinds().kinds)

from dataclasses import dataclass

from varangian.planning.rules import post_of_role


@dataclass
class Post:
    role: str
    serial: int


def test_the_first_post_that_does_the_work():
    posts = [Post("driver_follow", 3), Post("driver_principal", 2), Post("ppo", 1)]
    assert post_of_role(posts, "driver") is posts[1]
    assert post_of_role(posts, "ppo") is posts[2]
    assert post_of_role(posts, "medic") is None

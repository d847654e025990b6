"""Rules over the tracks of a camera: what people and vehicles do, told with the figures of it.

    for rule in read(yaml_text, size=(768, 432)):
        for event in rule.look(at, tracked): print(event.detail["words"])

Rules are YAML (schema: `schema()`); shapes are in pixels of the picture or metres of the ground.
All rules of one `read` share one scene, so give each frame to all of them. Over several cameras,
`following` tells whether somebody walks the principal's way behind him. No face, no name.
"""

from .earth import Earth
from .following import Follow, FollowLimits, GroundTrack, following
from .ground import Ground, ground_of
from .reading import Fault, Read, look_over, read
from .schema import schema
from .tracks_file import read_ground, read_tracks
from .walks import Walks

__all__ = [
    "Earth",
    "Fault",
    "Follow",
    "FollowLimits",
    "Ground",
    "GroundTrack",
    "Read",
    "Walks",
    "following",
    "ground_of",
    "look_over",
    "read",
    "read_ground",
    "read_tracks",
    "schema",
]

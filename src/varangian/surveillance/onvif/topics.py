"""What a camera notices, in the words of the house: motion, line, field, tamper, input. Pure."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from ..sensors.told import Told
from . import soap

KINDS = {
    ("CellMotionDetector", "Motion"): ("motion.begun", "motion.ended"),
    ("MotionRegionDetector", "Motion"): ("motion.begun", "motion.ended"),
    ("VideoSource", "MotionAlarm"): ("motion.begun", "motion.ended"),
    ("LineDetector", "Crossed"): ("line.crossed", ""),
    ("FieldDetector", "ObjectsInside"): ("field.entered", "field.left"),
    ("TamperDetector", "Tamper"): ("tamper.begun", "tamper.ended"),
    ("GlobalSceneChange", ""): ("tamper.begun", "tamper.ended"),
    ("ImageTooBlurry", ""): ("tamper.begun", "tamper.ended"),
    ("ImageTooDark", ""): ("tamper.begun", "tamper.ended"),
    ("ImageTooBright", ""): ("tamper.begun", "tamper.ended"),
    ("Trigger", "DigitalInput"): ("input.on", "input.off"),
}
"""Last two parts of a topic, the second empty for any: what is told as it begins and as it ends."""
SAYS = {
    "GlobalSceneChange": "the scene changed at once",
    "ImageTooBlurry": "the picture is blurred",
    "ImageTooDark": "the picture is dark",
    "ImageTooBright": "the picture is glaring",
}
MOTION = "motion.begun"
MOST_NOTICES, MOST_STATES = 50, 200
YES, NO = ("true", "1", "active", "on"), ("false", "0", "inactive", "off")
QUIET = (
    "VideoSourceConfigurationToken",
    "VideoAnalyticsConfigurationToken",
    "Source",
    "VideoSource",
)
"""Names of the camera's own parts: they tell a person nothing."""


@dataclass(frozen=True)
class Notice:
    topic: tuple[str, str]
    """As in KINDS."""
    of: str
    """Which detector, input or rule of the camera."""
    words: str
    state: bool | None
    """None for something that happens and has no end."""
    at: datetime | None
    first: bool
    """How it was when we came, not news."""


def notices(root: soap.Element) -> list[Notice]:
    """Those that the house knows; the others say nothing that is kept here."""
    found = []
    for one in list(soap.each(root, "NotificationMessage"))[:MOST_NOTICES]:
        notice = _notice(one)
        if notice is not None:
            found.append(notice)
    return found


def _notice(given: soap.Element) -> Notice | None:
    path = [part.rpartition(":")[2] for part in soap.text(given, "Topic").split("/")]
    topic = _known(path)
    message = soap.first(given, "Message", "Message")
    if topic is None or message is None:
        return None
    source = [*_items(message, "Source"), *_items(message, "Key")]
    named = [value for name, value in source if name not in QUIET and value]
    if said := SAYS.get(topic[0]):
        named = [said]
    return Notice(
        topic=topic,
        of="|".join(value for _, value in source)[:120],
        words=", ".join(named)[:120],
        state=_state(message),
        at=soap.moment(message.get("UtcTime", "")),
        first=message.get("PropertyOperation", "") == "Initialized",
    )


def _known(path: list[str]) -> tuple[str, str] | None:
    for before, last in pairwise(path):
        if (before, last) in KINDS:
            return before, last
        for one in (before, last):
            if (one, "") in KINDS:
                return one, ""
    return None


def _items(message: soap.Element, part: str) -> list[tuple[str, str]]:
    found = soap.first(message, part)
    if found is None:
        return []
    rows = [
        (soap.clean(one.get("Name", ""), 60), soap.clean(one.get("Value", ""), 60))
        for one in soap.each(found, "SimpleItem")
    ]
    return rows[:6]


def _state(message: soap.Element) -> bool | None:
    for name, value in _items(message, "Data"):
        if name in ("ObjectId", "Count"):
            continue
        if value.lower() in YES:
            return True
        if value.lower() in NO:
            return False
    return None


@dataclass
class States:
    """Of one camera: what goes on is told once, also after a subscription was made anew. Motion is
    one, whichever of its detectors tell of it: it begins with the first and ends with the last."""

    going_on: set[tuple[str, str]] = field(default_factory=set)

    def hear(self, notice: Notice, drift: timedelta = timedelta()) -> Told | None:
        begins, ends = KINDS[notice.topic]
        at = notice.at - drift if notice.at is not None else None
        detail = {"words": notice.words, "by": "camera"} if notice.words else {"by": "camera"}
        if not ends or notice.state is None:
            return None if notice.first else Told(begins, at, detail)
        key = (begins, f"{notice.topic[0]}|{notice.of}")
        if notice.state == (key in self.going_on) or len(self.going_on) >= MOST_STATES:
            return None
        alone = begins != MOTION or all(one != MOTION for one, _ in self.going_on - {key})
        (self.going_on.add if notice.state else self.going_on.discard)(key)
        return Told(begins if notice.state else ends, at, detail) if alone else None

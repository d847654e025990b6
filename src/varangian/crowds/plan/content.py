"""What a crowd management plan says, part by part. The same shape for screens, API and files."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic import field_validator as check
from pydantic import model_validator as check_whole

from varangian.kernel.results import Refused

Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,59}$")]
Count = Annotated[int, Field(ge=0, le=2_000_000)]
Language = Literal["en", "de", "fr", "fi", "es"]
STATES, PHASES, ASPECTS = (
    ("normal", "emergency"),
    ("ingress", "circulation", "egress"),
    ("design", "information", "management"),
)
CELLS = tuple(f"{s}.{p}.{a}" for s in STATES for p in PHASES for a in ASPECTS)


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Event(Part):
    """Times bear their offset. ``opens`` to ``clear`` is how long the posts stand."""

    people: Count | None = None
    profile: Words = ""
    opens: datetime | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    clear: datetime | None = None

    @check("opens", "starts", "ends", "clear")
    @classmethod
    def with_an_offset(cls, value: datetime | None) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a time bears its offset, such as 2027-06-01T18:00+02:00")
        return value

    @check_whole(mode="after")
    def in_order(self) -> "Event":
        told = [t for t in (self.opens, self.starts, self.ends, self.clear) if t]
        if told != sorted(told):
            raise ValueError("doors open, then it starts, then it ends, then all is clear")
        return self


class Fact(Part):
    words: Annotated[str, StringConstraints(max_length=600)]
    source: Annotated[str, StringConstraints(max_length=600)] = ""


class Cell(Part):
    text: Words = ""
    facts: list[Fact] = Field(default=[], max_length=40)
    """From venue plan, standards and runs; brought up to date, never typed."""


class Zone(Part):
    """``amber`` and ``red`` are people, or people on a square metre, as ``measure`` says."""

    key: Key
    name: Short
    level: int = 0
    m2: float | None = Field(None, ge=0)
    holds: Count | None = None
    measure: Literal["count", "density"] = "count"
    amber: float = Field(gt=0, le=2_000_000)
    red: float = Field(gt=0, le=2_000_000)
    amber_do: Words = ""
    red_do: Words = ""
    source: Annotated[str, StringConstraints(max_length=600)] = ""

    @check_whole(mode="after")
    def amber_comes_first(self) -> "Zone":
        if self.amber >= self.red:
            raise ValueError(f"amber comes before red: {self.amber:g} is not below {self.red:g}")
        if self.measure == "density" and self.red > 10:
            raise ValueError(f"nowhere stand {self.red:g} people on a square metre")
        if self.measure == "count" and not (self.amber.is_integer() and self.red.is_integer()):
            raise ValueError("people are whole numbers")
        return self


class ShowStop(Part):
    who: Short = ""
    reach: Short = ""
    deputies: list[Short] = Field(default=[], max_length=10)
    words: Words = ""
    how: Words = ""
    restart: Words = ""


class Routes(Part):
    ingress: Words = ""
    egress: Words = ""
    emergency: Words = ""
    accessible: Words = ""
    signage: Words = ""


class Message(Part):
    key: Key
    title: Short
    when: Short = ""
    texts: dict[Language, Annotated[str, StringConstraints(strip_whitespace=True, max_length=800)]]


class Messages(Part):
    fills: dict[Key, Short] = {}
    items: list[Message] = Field(default=[], max_length=40)


class Post(Part):
    key: Key
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    call_sign: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""
    zone: Annotated[str, StringConstraints(max_length=60)] = ""
    place: Short = ""
    people: Annotated[int, Field(ge=1, le=200)] = 1
    staffed_by: Literal["team", "organiser", "venue"] = "team"
    tasks: Words = ""
    call: Short = ""
    ours_alone: bool = False
    """Not in the organiser's copy: it tells of the principal's way."""


class Kit(Part):
    what: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    count: Count | None = None
    where: Short = ""


class Party(Part):
    party: Literal["organiser", "venue", "police", "medical", "other"]
    organisation: Short = ""
    name: Short = ""
    role: Short = ""
    reach: Short = ""


class Medical(Part):
    aiders: Count | None = None
    posts: Count | None = None
    ambulances: Count | None = None
    where: Words = ""
    hospital: Short = ""
    casualty_way: Words = ""
    who_orders: Short = ""
    evacuation: Words = ""
    assembly: Words = ""
    staying_in: Words = ""
    wheelchairs: Words = ""


class Own(Part):
    """For the team alone, never in a copy for others."""

    safe_room: Words = ""
    way_out: Words = ""
    vehicle_point: Words = ""
    words: Words = ""
    hidden: list[Key] = Field(default=[], max_length=100)
    """Shapes of the drawing that tell of the way out, by their id: left out of other copies."""


class Content(Part):
    event: Event = Event()
    matrix: dict[str, Cell] = Field(default_factory=lambda: {name: Cell() for name in CELLS})
    zones: list[Zone] = Field(default=[], max_length=200)
    show_stop: ShowStop = ShowStop()
    routes: Routes = Routes()
    messages: Messages = Messages()
    posts: list[Post] = Field(default=[], max_length=300)
    kit: list[Kit] = Field(default=[], max_length=200)
    parties: list[Party] = Field(default=[], max_length=20)
    medical: Medical = Medical()
    principal: Own = Own()

    @check("matrix")
    @classmethod
    def every_cell(cls, value: dict[str, Cell]) -> dict[str, Cell]:
        if strange := set(value) - set(CELLS):
            raise ValueError(f"there is no cell {min(strange)}; the first is {CELLS[0]}")
        return {name: value.get(name, Cell()) for name in CELLS}

    @check("zones", "posts")
    @classmethod
    def told_once(cls, value: list[Any]) -> list[Any]:
        keys = [row.key for row in value]
        if twice := next((key for key in keys if keys.count(key) > 1), ""):
            raise ValueError(f"{twice} stands here twice")
        return value


SECTIONS = tuple(Content.model_fields)
TITLES = {
    "event": "The event", "matrix": "Matrix", "zones": "Zones and triggers",
    "show_stop": "Show stop", "routes": "Routes and signs", "messages": "Announcements",
    "posts": "Posts", "kit": "Barriers and kit", "parties": "Agreed with",
    "medical": "Medical and evacuation", "principal": "The principal",
}  # fmt: skip


def read_content(given: dict[str, Any]) -> Content:
    """What does not fit is refused: where, and in words."""
    try:
        return Content.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        what = first["msg"].removeprefix("Value error, ")
        mend = "See docs/how-to/write-a-crowd-plan.md for the parts of a plan."
        raise Refused(f"This does not fit: {what}", where, mend) from error


def plain(content: Content) -> dict[str, Any]:
    return content.model_dump(mode="json")

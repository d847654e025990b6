"""What a person fills in about a camera, a sensor and a rule."""

from typing import Any

from django import forms

from varangian.kernel.results import Refused

from .models import Camera, Sensor

URGENCIES = (("attention", "For attention"), ("now", "Act now"), ("inform", "For information"))
EVENTS = (
    ("motion.begun", "Motion begins"),
    ("behaviour.*", "Any behaviour"),
    ("line.crossed", "A camera says that a line is crossed"),
    ("tamper.begun", "A camera says that it is tampered with"),
    ("input.on", "An input of a camera goes on"),
    ("source.lost", "The picture is lost"),
    ("door.opened", "A door or window opens"),
    ("plate.read", "A number plate is read"),
    ("panel.*", "Anything an alarm panel says"),
    ("person.begun", "A recorder sees a person"),
    ("*", "Everything"),
)


class Refusable(forms.Form):
    use_required_attribute = False

    def refused(self, why: Refused) -> None:
        """What only the service knows, beside the field that it is about."""
        field = why.where.split(",")[0].split(" ")[0]
        field = "onvif_address" if field == "onvif" else field
        words = f"{why.what}. {why.mend}".strip()
        self.add_error(field if field in self.fields else None, words)


def read_position(text: str) -> list[float] | None:
    if not text.strip():
        return None
    try:
        lat, lon = (float(part) for part in text.replace(";", ",").split(","))
    except ValueError as error:
        raise forms.ValidationError("Write latitude, longitude, such as 60.1699, 24.9384.") from (
            error
        )
    return [lat, lon]


class CameraForm(Refusable):
    owner = forms.ChoiceField(
        label="Belongs to", help_text="Its members see the camera; nobody else knows of it"
    )
    name = forms.CharField(max_length=80, help_text="Such as Gate north, or Lobby")
    source = forms.CharField(
        max_length=1000,
        label="Address of the stream",
        help_text="rtsp://user:password@camera/stream. Kept sealed and never shown again",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    onvif_address = forms.CharField(
        max_length=300,
        required=False,
        label="ONVIF address",
        help_text="Where the camera tells what it notices itself; empty for none",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    onvif_user = forms.CharField(
        max_length=80,
        required=False,
        label="ONVIF user",
        help_text="Put into the address of the stream as well, where that names none",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    onvif_password = forms.CharField(
        max_length=120,
        required=False,
        strip=False,
        label="ONVIF password",
        help_text="Kept sealed and never shown again; empty keeps the one that is there",
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}, render_value=True),
    )
    purpose = forms.CharField(max_length=400, help_text="What it is watched for")
    legal_basis = forms.CharField(
        max_length=400, label="Legal basis", help_text="On what ground it may be watched"
    )
    signage = forms.CharField(
        max_length=400, required=False, help_text="Where a sign tells of it, or why there is none"
    )
    retention_days = forms.IntegerField(
        min_value=1, max_value=90, initial=3, label="Keep events (days)"
    )
    keeps_looks = forms.BooleanField(
        required=False,
        label="Keep how people and vehicles looked, for a search",
        help_text="Colours and a small picture without a head, of cameras with rules, for as many "
        "days as events",
    )
    keeps_stills = forms.BooleanField(
        required=False,
        label="Keep a picture when a rule of behaviour tells",
        help_text="Private areas painted over, for as many days as events; shown to whoever says "
        "why they look",
    )
    reads_plates = forms.BooleanField(
        required=False,
        label="Read number plates",
        help_text="Held against the BOLO cards of the operation; what no card looks out for is "
        "not kept. Needs the extra plates on the worker",
    )
    plates_basis = forms.CharField(
        max_length=400,
        required=False,
        label="Ground for reading plates",
        help_text="Needed to read them, apart from that of the camera",
    )
    plate_countries = forms.CharField(
        max_length=60,
        required=False,
        label="Plates of",
        help_text="Such as GB, FR; the fewer, the less is taken for a plate that is none",
    )
    keeps_tracks = forms.BooleanField(
        required=False,
        label="Compare ways with the principal's",
        help_text="Only while the operation is under way: where people walk, without picture or "
        "looks, is kept for less than half an hour. Needs rules that say where the ground lies",
    )
    tracks_basis = forms.CharField(
        max_length=400,
        required=False,
        label="Ground for comparing ways",
        help_text="Needed to compare them, apart from that of the camera",
    )
    place = forms.ChoiceField(
        required=False, label="At the place", help_text="Puts it there; then click where exactly"
    )
    position = forms.CharField(
        max_length=60, required=False, help_text="Latitude, longitude; or click the map"
    )
    bearing = forms.IntegerField(
        min_value=0, max_value=360, initial=0, label="Looks to (degrees)", help_text="0 is north"
    )
    width_deg = forms.IntegerField(
        min_value=5, max_value=360, initial=70, label="Field of view (degrees)"
    )
    reach_m = forms.IntegerField(min_value=5, max_value=2000, initial=40, label="Sees (metres)")

    def __init__(
        self,
        *args: Any,
        owners: Any = (),
        places: Any = (),
        camera: Camera | None = None,
        **kw: Any,
    ):
        super().__init__(*args, **kw)
        self.places = {str(one.pk): one for one in places}
        rows = [(pk, one.name) for pk, one in self.places.items()]
        self.fields["place"].choices = [("", "None of the places"), *rows]  # pyright: ignore
        if camera is not None:
            del self.fields["owner"]
            self.fields["source"].required = False
            self.fields["source"].help_text = "Empty keeps the one that is there"
        else:
            self.fields["owner"].choices = [  # pyright: ignore
                (str(one.compartment_id), one.title) for one in owners
            ]

    @property
    def spots(self) -> dict[str, list[float]]:
        """Where each place is, for the map of the form."""
        return {pk: list(one.position) for pk, one in self.places.items() if one.position}

    def clean_position(self) -> list[float] | None:
        return read_position(self.cleaned_data["position"])

    def fields_of(self) -> dict[str, Any]:
        given = {name: value for name, value in self.cleaned_data.items() if name != "owner"}
        parts = ("address", "user", "password")
        access = {part: given.pop(f"onvif_{part}") for part in parts}
        return {**given, "onvif": access, "place": self.places.get(given["place"])}


def initial(camera: Camera) -> dict[str, Any]:
    plain = ("name", "purpose", "legal_basis", "signage", "retention_days", "keeps_looks")
    plain = (*plain, "keeps_stills")
    plates = ("reads_plates", "plates_basis", "plate_countries", "keeps_tracks", "tracks_basis")
    view = ("bearing", "width_deg", "reach_m")
    where, access = camera.position, camera.onvif or {}
    return {
        "onvif_address": access.get("address", ""),
        "onvif_user": access.get("user", ""),
        **{name: getattr(camera, name) for name in (*plain, *plates, *view)},
        "position": f"{where[0]:.6f}, {where[1]:.6f}" if where else "",
        "place": str(camera.place_id or ""),  # pyright: ignore
    }


class DeviceForm(Refusable):
    """Which camera of the network is asked, and as whom."""

    address = forms.CharField(
        max_length=300,
        help_text="Of a camera above, or one that you know, such as 192.168.1.20",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    user = forms.CharField(
        max_length=80,
        required=False,
        help_text="A user of the camera that may see its picture",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    password = forms.CharField(
        max_length=120,
        required=False,
        strip=False,
        help_text="It goes to this camera alone, as a digest",
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


class SensorForm(Refusable):
    name = forms.CharField(max_length=80, help_text="Such as Garden door")
    kind = forms.ChoiceField(choices=Sensor.Kind.choices, label="What it is")
    outside_id = forms.CharField(
        max_length=60,
        required=False,
        label="What it calls itself",
        help_text="Its name over MQTT, or the account number of an alarm panel",
    )
    position = forms.CharField(max_length=60, required=False, help_text="Latitude, longitude")
    legal_basis = forms.CharField(
        max_length=400, required=False, label="Legal basis", help_text="Needed to read plates"
    )
    panel_key = forms.CharField(
        max_length=80,
        required=False,
        label="Key of the panel",
        help_text="Hexadecimal, where the panel encrypts",
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    address = forms.CharField(
        max_length=300,
        required=False,
        label="Address of the recorder",
        help_text="Such as http://192.168.1.30:5000; it is asked every ten seconds. Empty when it "
        "speaks itself",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    access_token = forms.CharField(
        max_length=2000,
        required=False,
        label="Token of the recorder",
        help_text="Where it wants one. Kept sealed and never shown again",
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    retention_days = forms.IntegerField(
        min_value=1, max_value=90, initial=3, label="Keep events (days)"
    )
    period_s = forms.IntegerField(
        min_value=0,
        max_value=86_400,
        initial=0,
        label="Speaks every (seconds)",
        help_text="Twice as long in silence and the team is told; 0 when it only tells of events",
    )

    def clean_position(self) -> list[float] | None:
        return read_position(self.cleaned_data["position"])


class RuleForm(Refusable):
    name = forms.ChoiceField(choices=EVENTS, label="When")
    source = forms.ChoiceField(label="Of", required=False)
    urgency = forms.ChoiceField(choices=URGENCIES, label="The alert is")
    begins = forms.TimeField(
        required=False, label="From", widget=forms.TimeInput(attrs={"type": "time"})
    )
    ends = forms.TimeField(
        required=False, label="Until", widget=forms.TimeInput(attrs={"type": "time"})
    )
    quiet_s = forms.IntegerField(
        min_value=0, max_value=86_400, initial=300, label="Then quiet for (seconds)"
    )

    def __init__(self, *args: Any, cameras: Any = (), sensors: Any = (), **kw: Any):
        super().__init__(*args, **kw)
        self.sources = {str(one.pk): one for one in (*cameras, *sensors)}
        choices = [("", "Everything of the operation")]
        choices += [(pk, one.name) for pk, one in self.sources.items()]
        self.fields["source"].choices = choices  # pyright: ignore

    def fields_of(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        one = self.sources.get(given.pop("source"))
        which = "camera" if isinstance(one, Camera) else "sensor"
        return {**given, which: one} if one else given

"""What duress and check calls bring to the house: doors, ticks, news, banner, tab."""

from varangian.operations import tabs
from varangian.operations.events import duty_changed
from varangian.platform.access import unseen
from varangian.platform.jobs.ticks import every
from varangian.platform.live.doors import route, speak
from varangian.platform.ui import bar
from varangian.tracking.events import sos_cancelled, sos_heard

from . import door, live_door, sos
from .queries import duress as calls
from .services import buttons, checks, duress, duress_acts


def tie() -> None:
    assert duress_acts
    route(door.PATH, live_door.handle)
    every(1, "answer what was pressed", duress.sweep)
    every(1, "look at check calls", checks.look)
    every(5, "look at silent buttons", buttons.look)
    sos_heard.connect(sos.on_sos_heard, dispatch_uid="duress.heard")
    sos_cancelled.connect(sos.on_sos_cancelled, dispatch_uid="duress.taken_back")
    duty_changed.connect(checks.on_duty_changed, dispatch_uid="checks.duty")
    bar.banner(calls.banners)
    speak("duress", bar.banners_html)
    unseen.keep(calls.kept_from)
    tabs.add(
        "checks",
        "Check calls",
        icon="clock",
        url_name="duress:checks",
        action="check.view",
        rank=56,
    )

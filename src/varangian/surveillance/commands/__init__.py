"""``varangian camera|faces|sensor|event-rule ...``"""

from . import cameras, events, faces, looks

cameras.camera.command("find")(looks.find_looks)
groups = {**cameras.groups, **events.groups, **faces.groups}

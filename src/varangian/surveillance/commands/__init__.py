"""``varangian camera|clip|faces|sensor|event-rule ...``"""

from . import cameras, clips, events, faces, looks

cameras.camera.command("find")(looks.find_looks)
groups = {**cameras.groups, **clips.groups, **events.groups, **faces.groups}

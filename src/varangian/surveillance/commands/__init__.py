"""``varangian camera|clip|faces|sensor|event-rule|walk ...``"""

from . import cameras, clips, events, faces, kept, looks, walks

cameras.camera.command("find")(looks.find_looks)
groups = {
    **cameras.groups,
    **clips.groups,
    **events.groups,
    **faces.groups,
    **walks.groups,
    **kept.groups,
}

from django.apps import AppConfig


class ProtectionConfig(AppConfig):
    name = "varangian.protection"
    label = "protection"

    def ready(self) -> None:
        from varangian.operations import tabs
        from varangian.platform.access.events import person_shut_out
        from varangian.tracking.events import fence_crossed

        from . import bolo_ties, duress_ties, incident_ties, node_ties
        from .queries import phone_brief, phone_crowd, phone_maps
        from .services import acts, crowd_acts, leaving, nearness

        assert acts and crowd_acts
        assert phone_maps and phone_crowd and phone_brief
        tabs.add(
            "on-duty",
            "On duty",
            icon="user-check",
            url_name="on_duty:index",
            action="duty.view",
            rank=55,
        )
        incident_ties.register_all()
        fence_crossed.connect(nearness.on_fence, dispatch_uid="protection.fences")
        person_shut_out.connect(leaving.on_shut_out, dispatch_uid="protection.shut_out")
        duress_ties.tie()
        node_ties.tie()
        bolo_ties.tie()

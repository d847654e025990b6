from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    name = "varangian.platform.audit"
    label = "audit"

    def ready(self) -> None:
        from varangian.platform.database.walls import lay

        post_migrate.connect(lay, sender=self, dispatch_uid="walls")

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "varangian.platform.access"
    label = "access"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in, user_login_failed

        from . import doors

        user_logged_in.connect(doors.entered, dispatch_uid="access.entered")
        user_login_failed.connect(doors.refused, dispatch_uid="access.refused")

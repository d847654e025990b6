from django.apps import AppConfig


class ProtectionConfig(AppConfig):
    name = "varangian.protection"
    label = "protection"

from django.apps import AppConfig


class StorageConfig(AppConfig):
    name = "varangian.platform.storage"
    label = "storage"

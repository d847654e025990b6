from django.apps import AppConfig


class ProcessesConfig(AppConfig):
    name = "varangian.platform.processes"
    label = "processes"

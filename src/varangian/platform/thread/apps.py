from django.apps import AppConfig


class ThreadConfig(AppConfig):
    name = "varangian.platform.thread"
    label = "thread"

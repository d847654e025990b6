from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "varangian.platform.ui"
    label = "ui"

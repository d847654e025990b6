from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "varangian.demo"
    label = "demo"

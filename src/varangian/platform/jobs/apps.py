from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "varangian.platform.jobs"
    label = "house_jobs"

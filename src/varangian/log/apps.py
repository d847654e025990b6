from django.apps import AppConfig


class LogConfig(AppConfig):
    name = "varangian.log"
    label = "log"

    def ready(self) -> None:
        from django.urls import reverse

        from varangian.platform.audit.chains import register as register_chain
        from varangian.platform.news.services import announced
        from varangian.platform.thread.registry import register

        from .queries import house_chains
        from .services import record_news

        announced.connect(record_news, dispatch_uid="operations log")
        register_chain("log", house_chains)
        register(
            "log",
            words="Log entry",
            model="log.LogEntry",
            caption=lambda entry: f"Log entry {entry.serial}",
            url=lambda entry: f"{reverse('log:show', args=[entry.operation.slug])}#{entry.serial}",
        )

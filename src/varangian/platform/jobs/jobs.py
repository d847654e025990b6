from .tasks import rescue_stalled, seal_audit

__all__ = ["rescue_stalled", "seal_audit"]

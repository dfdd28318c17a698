from notices.models.outbox import Notice, RefusedAddress

__all__ = ["Notice", "RefusedAddress"]

from webhooks.admin import delivery, endpoint

__all__ = ["delivery", "endpoint"]

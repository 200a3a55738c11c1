from webhooks.models import attempt, delivery, endpoint

__all__ = ["attempt", "delivery", "endpoint"]

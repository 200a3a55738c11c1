from shared.models import base, idempotency_key, rate_limit, record_change

__all__ = ["base", "idempotency_key", "rate_limit", "record_change"]

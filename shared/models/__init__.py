from shared.models import base, feed, idempotency_key, kept_file, operation_run, rate_limit, record_change

__all__ = ["base", "feed", "idempotency_key", "kept_file", "operation_run", "rate_limit", "record_change"]

from shared.models import alert, base, feed, idempotency_key, kept_file, operation_run, rate_limit, record_change

__all__ = ["alert", "base", "feed", "idempotency_key", "kept_file", "operation_run", "rate_limit", "record_change"]

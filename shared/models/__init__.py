from shared.models import base, rate_limit, record_change

__all__ = ["base", "rate_limit", "record_change"]

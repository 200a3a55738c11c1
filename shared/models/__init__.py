from shared.models import base, rate_limit

__all__ = ["base", "rate_limit"]

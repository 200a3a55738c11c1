from events.admin import feed

__all__ = ["feed"]

"""Jobs on orders; config/jobs.py says when they run. `timestamp`: when one was due (Unix time, seconds)."""

from orders.services.expire_unpaid_orders import expire_unpaid_orders as expire
from orders.services.purge_idempotency_keys import purge_idempotency_keys as purge
from orders.services.refresh_sales import refresh_sales as refresh


def expire_unpaid_orders(timestamp: int | None = None) -> int:
    return expire()


def purge_idempotency_keys(timestamp: int | None = None) -> int:
    return purge()


def refresh_sales(timestamp: int | None = None) -> int:
    return refresh()


def rebuild_sales(timestamp: int | None = None) -> int:
    """Once a day from the ground up: whatever changed orders without an event is caught then."""
    return refresh(everything=True)

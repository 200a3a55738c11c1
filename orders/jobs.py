"""Jobs on orders; config/jobs.py says when they run. `timestamp`: when one was due (Unix time, seconds)."""

import structlog
from django.conf import settings

from orders.partitioning.bound import forget_left_bounds
from orders.partitioning.ensure import ensure_months as ensure_months_ahead
from orders.partitioning.locked import BRIEFLY
from orders.services.drafts.decide_draft import expire_drafts as end_drafts
from orders.services.orders.expire_unpaid_orders import expire_unpaid_orders as expire
from orders.services.orders.fill_backorders import fill_backorders as fill
from orders.services.upkeep.purge_idempotency_keys import purge_idempotency_keys as purge
from orders.services.upkeep.refresh_sales import refresh_sales as refresh
from shared.clock import database_now

log = structlog.get_logger("kontor.orders")


def expire_unpaid_orders(timestamp: int | None = None) -> int:
    if not settings.SWEEP_UNPAID_ORDERS:
        log.warning("sweep_is_off")
        return 0
    return expire()


def expire_drafts(timestamp: int | None = None) -> int:
    """Drafts and quotes whose last day was yesterday."""
    return end_drafts()


def fill_backorders(timestamp: int | None = None) -> int:
    """Queued wherever goods come in that somebody waits for; on the clock as well, should one have been missed."""
    return fill()


def purge_idempotency_keys(timestamp: int | None = None) -> int:
    return purge()


def refresh_sales(timestamp: int | None = None) -> int:
    return refresh()


def ensure_months(timestamp: int | None = None) -> int:
    """Months ahead, where there are any; else it only sees to it that a conversion that was killed refuses nobody."""
    forget_left_bounds(database_now())
    made = ensure_months_ahead(database_now(), tries=BRIEFLY)
    if made:
        log.info("months_made", partitions=made)
    return len(made)


def rebuild_sales(timestamp: int | None = None) -> int:
    """Once a day from the ground up: whatever changed orders without an event is caught then."""
    return refresh(everything=True)

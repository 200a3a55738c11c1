"""Bring the sums of sales up to date with the orders."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from orders.models.sales import SalesRollup
from orders.reads import sales as sales_sql
from shared.clock import database_now, shop_zone
from shared.database.transactions import take_time

# Orders placed so lately may belong to transactions that are still running: pages count them live.
SETTLING = timedelta(seconds=10)
# An event's moment is the database's, and its transaction may commit late. Ids are of the machines' clocks.
OVERLAP = timedelta(minutes=5)


@transaction.atomic
def refresh_sales(*, everything: bool = False, now: datetime | None = None) -> int:
    """Add up anew each day and customer whose orders changed since the last time; return how many days had
    changed, one for each currency.

    The first time, when the shop's time zone is another one, or with `everything`, all of them:
    also what changed without an event (generated orders, orders
    given to another customer). Again, it changes nothing. Locks: the row that says how far the sums reach; another
    refresh that holds it is left to it, and 0 returned, but waited for with `everything`: it does not do that.
    """
    # There must be a row to lock; of two first refreshes one inserts it and the other finds it.
    SalesRollup.objects.bulk_create([SalesRollup(as_of=None)], ignore_conflicts=True)
    rollup = SalesRollup.objects.select_for_update(skip_locked=not everything).first()
    if rollup is None:
        return 0
    take_time()
    as_of = (now or database_now()) - SETTLING
    zone = shop_zone().key
    if everything or rollup.as_of is None or rollup.time_zone != zone:
        days = customers = None
    else:
        touched = sales_sql.touched_since(rollup.as_of - OVERLAP)
        days, customers = touched.days, touched.customers
    written = sales_sql.write_days(as_of, days)
    sales_sql.write_customers(as_of, customers)
    rollup.as_of, rollup.time_zone = as_of, zone
    rollup.save(update_fields=["as_of", "time_zone"])
    return written


@transaction.atomic
def refresh_customers(*, customer_ids: Iterable[UUID]) -> None:
    """Add up these customers anew, in the caller's transaction: for orders that got another customer, which no event
    tells of. Locks: the row that says how far the sums reach."""
    rollup = SalesRollup.objects.select_for_update().first()
    if rollup is not None and rollup.as_of is not None:
        sales_sql.write_customers(rollup.as_of, list(customer_ids))

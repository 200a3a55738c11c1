"""A shop that was empty a minute ago: what PostgreSQL planned for its few orders is kept while they become many."""

from collections.abc import Callable

import pytest
from django.db import connection

from orders.models.order import Order
from orders.services.orders.advance_order import advance_order
from orders.states import OrderStatus
from shared.actor import SYSTEM
from tests.shop.goods import make_level
from tests.shop.order_actions import cancel, pay
from tests.shop.orders import order_of
from tests.shop.people import make_buyer

pytestmark = pytest.mark.django_db(transaction=True)
TABLES = ("orders_order_item", "orders_reservation", "orders_shipment_item", "inventory_stock_movement")


def _ship(order: Order) -> None:
    pay(order)()
    for status in (OrderStatus.PROCESSING, OrderStatus.SHIPPED):
        advance_order(order_id=order.pk, status=status, actor=SYSTEM)


@pytest.mark.parametrize("change", [lambda order: cancel(order)(), _ship], ids=["cancelled", "shipped"])
def test_what_a_change_writes_is_found_by_indexes_however_few_orders_there_were(
    change: Callable[[Order], None],
) -> None:
    levels = [make_level(on_hand=1_000) for _ in range(3)]
    with connection.cursor() as cursor:
        # From now on PostgreSQL takes the tables for empty, until the next ANALYZE.
        cursor.execute(f"VACUUM ANALYZE {', '.join(TABLES)}")
    orders = [order_of(make_buyer(), *((level, 1) for level in levels)) for _ in range(12)]
    for order in orders[:6]:  # whatever is planned once and kept, is
        change(order)

    before = _scans()
    for order in orders[6:]:
        change(order)

    # The read that makes the answer may: it is planned again as soon as the tables have been counted.
    scans = {table: count - before[table] for table, count in _scans().items()}
    assert all(count <= 6 * 3 for count in scans.values()), scans


def _scans() -> dict[str, int]:
    """Times that each table was read from end to end, up to now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT relname, seq_scan FROM pg_stat_user_tables WHERE relname = ANY(%s)", [list(TABLES)])
        return dict(cursor.fetchall())

"""Orders for more than there is, for tests: placed and held as placing does it, with the rest waiting for goods."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection

from catalog.models.stock_level import StockLevel
from catalog.models.variant import Variant
from catalog.services import stock
from orders.backorders import Waiting, check_sold_out, hold_backorders
from orders.models.order import Order
from orders.models.order_event import EventKind, OrderEvent
from orders.models.order_item import OrderItem
from orders.models.reservation import Reservation
from orders.order_state import OrderStatus
from shared.clock import database_now
from shared.ids import new_id
from shared.transactions import outermost_transaction, retry_transaction
from tests.shop import Buyer, make_level


def make_level_to_wait_for(*, on_hand: int, limit: int) -> StockLevel:
    """A level whose variant may be sold `limit` units beyond it."""
    level = make_level(on_hand=on_hand, tax_rate="0")
    Variant.objects.filter(pk=level.variant_id).update(backorder_limit=limit)
    return level


def sell_ahead(buyer: Buyer, level: StockLevel, units: int, *, now: datetime | None = None) -> Order:
    """An order of `units`: what is free is held, the rest waits. Raises NoBackorderRoom."""

    def work(_again: bool) -> Order:
        free = StockLevel.objects.get(pk=level.pk).available
        with outermost_transaction():
            order, item = _write(buyer, level, units, now or database_now())
            here = min(free, units)
            waiting = [Waiting(item.pk, level.variant_id, item.seller_id, units - here)] if units > here else []
            hold_backorders(waiting, now=now)
            levels = stock.lock([level.pk])
            moves = [stock.Move(level.pk, here, item.pk)] if here else []
            stock.reserve(levels, moves, now=now)
            if waiting:
                check_sold_out(levels, [level.pk])
            for move in moves:
                Reservation.objects.create(
                    item=item,
                    level=level,
                    quantity=move.quantity,
                    expires_at=order.payment_expires_at,
                    created_at=order.created_at,
                    updated_at=order.created_at,
                )
            return order

    while True:
        try:
            return retry_transaction(work, name="sell_ahead")
        except stock.StockShort:
            continue


def _write(buyer: Buyer, level: StockLevel, units: int, now: datetime) -> tuple[Order, OrderItem]:
    variant = level.variant
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('orders_order_number_seq')")
        (number,) = cursor.fetchone()
    total = variant.price * units
    order = Order.objects.create(
        number=str(number),
        customer=buyer.customer,
        customer_name=buyer.customer.name,
        customer_email=buyer.customer.email,
        currency=variant.currency,
        subtotal=total,
        total=total,
        payment_expires_at=now + timedelta(minutes=15),
        created_at=now,
    )
    item = OrderItem.objects.create(
        id=new_id(),
        order=order,
        position=1,
        variant=variant,
        seller_id=level.location.seller_id,
        sku=variant.sku,
        name=variant.sku,
        quantity=units,
        unit_price=variant.price,
        tax_rate=Decimal(0),
        total_price=total,
        tax_amount=Decimal(0),
        status=OrderStatus.PENDING,
        listed_at=now,
    )
    OrderEvent.objects.create(order=order, kind=EventKind.PLACED, to_status=OrderStatus.PENDING, created_at=now)
    return order, item

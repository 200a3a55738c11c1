"""A shop with an order in every state, whose books are right, and the means to spoil them by raw SQL."""

import io
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.management import call_command
from django.db import connection, transaction

from inventory.ledger import stock
from inventory.models.level import StockLevel
from orders.models.order import Order
from orders.services.orders.advance_order import advance_order
from orders.services.orders.cancel_order import cancel_order
from orders.services.orders.expire_unpaid_orders import expire_unpaid_orders
from orders.services.payments.confirm_payment import confirm_payment
from orders.states import CancelReason
from shared.actor import SYSTEM
from tests.shop.goods import add_level, make_level, make_level_of_another, make_location
from tests.shop.orders import order_of
from tests.shop.people import make_buyer

LONG_AGO = datetime(2024, 5, 1, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Books:
    """One order of each kind; `level` is what most of them are taken from."""

    level: StockLevel
    pending: Order
    spread: Order
    paid: Order
    delivered: Order
    cancelled: Order
    expired: Order
    revived: Order
    refund_due: Order
    paid_twice: Order
    split: Order


def open_books() -> Books:
    """Place, pay, ship, cancel and expire through the services until every state has its order."""
    buyer, level, scarce = make_buyer(), make_level(on_hand=100), make_level(on_hand=3, price="7.35")
    here = make_level(on_hand=2)
    add_level(here.variant, make_location("Attic"), on_hand=2)

    expired, revived, refund_due = (
        order_of(buyer, (what, units), now=LONG_AGO) for what, units in ((level, 1), (level, 2), (scarce, 3))
    )
    expire_unpaid_orders(now=LONG_AGO + timedelta(hours=1))
    confirm_payment(order_id=revived.pk, actor=SYSTEM, reference="late-1")
    with transaction.atomic():
        stock.adjust(stock.lock([scarce.pk]), [stock.Move(scarce.pk, -1)], reason="broken")
    confirm_payment(order_id=refund_due.pk, actor=SYSTEM, reference="late-2")

    pending, spread, cancelled = (
        order_of(buyer, *lines, key=f"key-{index}")
        for index, lines in enumerate((((level, 3), (scarce, 1)), ((here, 3),), ((level, 4),)))
    )
    cancel_order(order_id=cancelled.pk, actor=buyer.actor, reason=CancelReason.CUSTOMER)
    paid, delivered, paid_twice = (order_of(buyer, (level, units)) for units in (5, 6, 7))
    for order in (paid, delivered, paid_twice):
        confirm_payment(order_id=order.pk, actor=SYSTEM, reference="first")
    confirm_payment(order_id=paid_twice.pk, actor=SYSTEM, reference="second")
    split = order_of(buyer, (level, 2), (make_level_of_another(on_hand=9), 3))
    confirm_payment(order_id=split.pk, actor=SYSTEM)
    for status in ("PROCESSING", "SHIPPED", "DELIVERED"):
        advance_order(order_id=delivered.pk, status=status, actor=SYSTEM)
    return Books(level, pending, spread, paid, delivered, cancelled, expired, revived, refund_due, paid_twice, split)


def sql(statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """Run raw SQL; what a RETURNING or SELECT gives. Parameters are positional, or one dict of named ones."""
    named = parameters[0] if parameters and isinstance(parameters[0], dict) else parameters
    with connection.cursor() as cursor:
        cursor.execute(statement, named or None)
        return cursor.fetchall() if cursor.description else []


def item_ids(order_id: UUID) -> list[UUID]:
    """Ids of the order's lines."""
    return [row[0] for row in sql("SELECT id FROM orders_order_item WHERE order_id = %s", order_id)]


def unprotect(table: str, *constraints: str) -> None:
    """Take away the table's own triggers (append-only) and these constraints until the transaction ends."""
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for constraint in constraints:
        sql(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")


def drop_foreign_keys(table: str) -> None:
    """Let the table's rows point into the void, for the rest of the transaction."""
    names = sql("SELECT conname FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass", table)
    unprotect(table, *(name for (name,) in names))


def audit(*arguments: str) -> tuple[int, dict[str, Any]]:
    """Exit code and JSON of `manage.py audit`."""
    code, text = audit_text("--json", *arguments)
    return code, json.loads(text)


def audit_text(*arguments: str) -> tuple[int, str]:
    """Exit code and output of `manage.py audit`."""
    out = io.StringIO()
    try:
        call_command("audit", *arguments, stdout=out)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()

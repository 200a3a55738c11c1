"""What keeps a month from leaving: orders about which something may still happen."""

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings

from orders.partitioning.locked import PartitioningFailed
from orders.partitioning.months import Month
from orders.partitioning.tables import fetch_named
from orders.states import FINISHED, OPEN_REFUNDS, OPEN_RETURNS, OPEN_SHIPMENTS, in_sql


def _exists(tables: str, condition: str) -> str:
    return f"EXISTS (SELECT FROM {tables} WHERE order_id = o.id AND {condition})"


_OF_LINES = "FROM orders_order_item AS item JOIN {table} AS row ON row.item_id = item.id WHERE item.order_id = o.id"
_DUE = "created_at >= now() - make_interval(days => %(days)s)"
_ODD = "(status IN ('UNDERPAID', 'REFUND_DUE') OR match <> 'exact' AND settled_at IS NULL)"
# In words, and as a condition on the order `o`.
_OPEN: dict[str, str] = {
    "are not finished": f"o.status NOT IN ({in_sql(FINISHED)})",
    # A second payment, or one that was too much, leaves its order paid.
    "have money to give back": "o.payment_status = 'REFUND_DUE' OR " + _exists("orders_payment", _ODD),
    "are not paid in full": "o.open_amount > 0 AND o.status <> 'CANCELLED'",
    "hold stock": f"EXISTS (SELECT {_OF_LINES.format(table='orders_reservation')} AND row.status = 'active')",
    "wait for goods": f"EXISTS (SELECT {_OF_LINES.format(table='orders_backorder')} AND row.status = 'waiting')",
    "have a refund under way": _exists("orders_refund", f"status IN ({in_sql(OPEN_REFUNDS)})"),
    "have a return under way": _exists("orders_return", f"status IN ({in_sql(OPEN_RETURNS)})"),
    "are disputed": _exists("orders_dispute", "closed_at IS NULL"),
    "have a shipment under way": _exists("orders_shipment", f"status IN ({in_sql(OPEN_SHIPMENTS)})"),
    "are asked about at a provider": _exists(
        "payments_intent AS intent JOIN payments_operation AS operation ON operation.intent_id = intent.id",
        "operation.status IN ('planned', 'sent')",
    ),
    # Of the app above: all but payments.states.OVER.
    "may be paid at a provider yet": _exists("payments_intent", "status NOT IN ('voided', 'captured')"),
    "have an e-mail to be sent": _exists("crm_order_mail", "status IN ('queued', 'sending')"),
    "have a key that may be sent again": _exists("orders_idempotency_key", "true"),
    # The feed, and whoever reads it, may still be about to tell of it.
    "were changed of late": _exists("orders_order_event", _DUE)
    + " OR "
    + _exists("orders_invoice", _DUE.replace("created_at", "issued_at")),
}
# Parent orders of the month, with their sub-orders: these are a moment younger, and may be of the next one.
IN_MONTH = """(o.parent_id IS NULL AND o.id >= %(first)s AND o.id < %(after)s
    OR o.parent_id >= %(first)s AND o.parent_id < %(after)s)"""
_FLAGS = ", ".join(f"({condition})" for condition in _OPEN.values())
_FIND = f"""
SELECT open.place, count(*), (array_agg(o.number ORDER BY o.id))[1:5]
FROM orders_order AS o CROSS JOIN LATERAL unnest(ARRAY[{_FLAGS}]) WITH ORDINALITY AS open (is_open, place)
WHERE open.is_open AND {{scope}} GROUP BY open.place ORDER BY open.place
"""  # noqa: S608 - every part is a constant of ours
# How many days ago the last change must be, at least.
_QUIET_DAYS = 30


class MonthIsOpen(PartitioningFailed):
    """Something may still happen to its orders."""


def bounds(month: Month) -> dict[str, UUID]:
    """The parameters of IN_MONTH."""
    return {"first": month.first_id, "after": month.later(1).first_id}


def check_month(month: Month) -> None:
    """Raises MonthIsOpen, naming all that is open and some orders."""
    _refuse(_FIND.format(scope=IN_MONTH), **bounds(month))


def check_orders(order_ids: Sequence[UUID]) -> None:
    """The same of these orders."""
    _refuse(_FIND.format(scope="o.id = ANY(%(orders)s)"), orders=list(order_ids))


def _refuse(sql: str, **values: object) -> None:
    days = max(_QUIET_DAYS, settings.EVENT_RETENTION_DAYS)
    names = list(_OPEN)
    found = fetch_named(sql, days=days, **values)
    if found:
        told = "; ".join(
            f"{count:,} {names[place - 1]} ({', '.join(numbers)}{', …' if count > len(numbers) else ''})"
            for place, count, numbers in found
        )
        raise MonthIsOpen(f"Orders stay, and so does their month: {told}.")

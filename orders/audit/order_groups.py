"""Orders over several sellers: the parent order and its sub-orders tell one story."""

from orders.audit.check import Check
from orders.states import NOT_GOING, in_sql

_AMOUNTS = ("subtotal", "discount_total", "tax_total", "shipping_total", "shipping_tax", "total")
_SUMS = ", ".join(f"sum({name}) AS {name}" for name in _AMOUNTS)
_OF_PARENT = ", ".join(f"parent.{name}" for name in _AMOUNTS)
_OF_SUB_ORDERS = ", ".join(f"sub_order.{name}" for name in _AMOUNTS)

CHECKS = (
    Check(
        "sub_orders_add_up",
        "The sub-orders of an order over several sellers add up to it, amount by amount.",
        f"""
        SELECT parent.id AS order_id, parent.number, parent.total, sub_order.total AS total_of_sub_orders
        FROM (
            SELECT parent_id, {_SUMS} FROM orders_order WHERE parent_id IS NOT NULL GROUP BY parent_id
        ) AS sub_order
        JOIN orders_order AS parent ON parent.id = sub_order.parent_id
        WHERE ({_OF_PARENT}) IS DISTINCT FROM ({_OF_SUB_ORDERS})
        """,  # noqa: S608 - every part is a constant of ours
    ),
    Check(
        "sub_order_belongs_to_its_order",
        "A sub-order is as its parent order: same customer, currency, time, a number of its own; one seller's lines.",
        """
        SELECT sub_order.id AS order_id, sub_order.number, parent.number AS whole
        FROM orders_order AS sub_order JOIN orders_order AS parent ON parent.id = sub_order.parent_id
        WHERE sub_order.customer_id <> parent.customer_id OR sub_order.currency <> parent.currency
           OR sub_order.created_at <> parent.created_at OR parent.parent_id IS NOT NULL
           OR sub_order.number NOT LIKE parent.number || '-%%'
           OR EXISTS (SELECT FROM orders_order_item WHERE order_id = sub_order.id AND seller_id <> sub_order.seller_id)
           OR EXISTS (SELECT FROM orders_order_item WHERE order_id = parent.id)
           OR NOT EXISTS (SELECT FROM orders_order_item WHERE order_id = sub_order.id)
        """,
    ),
    Check(
        "sub_orders_go_along",
        "Sub-orders wait, are paid, expire and are cancelled with their parent; one alone may only be cancelled.",
        f"""
        SELECT sub_order.id AS order_id, sub_order.number, sub_order.status, parent.status AS status_of_whole
        FROM orders_order AS sub_order JOIN orders_order AS parent ON parent.id = sub_order.parent_id
        WHERE (parent.status IN ({in_sql(NOT_GOING)}) AND sub_order.status NOT IN (parent.status, 'CANCELLED'))
           OR (parent.status NOT IN ({in_sql(NOT_GOING)}) AND sub_order.status = 'PENDING')
           OR (sub_order.payment_status = 'PENDING') <> (parent.payment_status = 'PENDING')
        """,  # noqa: S608 - of our own words alone
    ),
)

"""Orders over several sellers: the parent order and its sub-orders tell one story."""

from orders.audit.check import Check
from orders.states import NOT_GOING, in_sql

_AMOUNTS = ("subtotal", "discount_total", "tax_total", "shipping_total", "shipping_tax", "total")
_SUMS = ", ".join(f"sum({name}) AS {name}" for name in _AMOUNTS)
_OF_ROOT = ", ".join(f"root.{name}" for name in _AMOUNTS)
_OF_PARTS = ", ".join(f"part.{name}" for name in _AMOUNTS)

CHECKS = (
    Check(
        "parts_add_up",
        "The sub-orders of an order over several sellers add up to it, amount by amount.",
        f"""
        SELECT root.id AS order_id, root.number, root.total, part.total AS total_of_parts
        FROM (
            SELECT parent_id, {_SUMS} FROM orders_order WHERE parent_id IS NOT NULL GROUP BY parent_id
        ) AS part
        JOIN orders_order AS root ON root.id = part.parent_id
        WHERE ({_OF_ROOT}) IS DISTINCT FROM ({_OF_PARTS})
        """,  # noqa: S608 - every part is a constant of ours
    ),
    Check(
        "part_belongs_to_its_order",
        "A part is its order's: same customer, currency and time, one of its number, of one seller whose lines it has.",
        """
        SELECT part.id AS order_id, part.number, root.number AS whole
        FROM orders_order AS part JOIN orders_order AS root ON root.id = part.parent_id
        WHERE part.customer_id <> root.customer_id OR part.currency <> root.currency
           OR part.created_at <> root.created_at OR root.parent_id IS NOT NULL
           OR part.number NOT LIKE root.number || '-%%'
           OR EXISTS (SELECT FROM orders_order_item WHERE order_id = part.id AND seller_id <> part.seller_id)
           OR EXISTS (SELECT FROM orders_order_item WHERE order_id = root.id)
           OR NOT EXISTS (SELECT FROM orders_order_item WHERE order_id = part.id)
        """,
    ),
    Check(
        "parts_go_along",
        "Parts wait, are paid, expire and are cancelled with their order; a part alone may only be cancelled.",
        f"""
        SELECT part.id AS order_id, part.number, part.status, root.status AS status_of_whole
        FROM orders_order AS part JOIN orders_order AS root ON root.id = part.parent_id
        WHERE (root.status IN ({in_sql(NOT_GOING)}) AND part.status NOT IN (root.status, 'CANCELLED'))
           OR (root.status NOT IN ({in_sql(NOT_GOING)}) AND part.status = 'PENDING')
           OR (part.payment_status = 'PENDING') <> (root.payment_status = 'PENDING')
        """,  # noqa: S608 - of our own words alone
    ),
)

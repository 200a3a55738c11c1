# ruff: noqa: S608 - every part of these statements is a constant of ours
"""Rows that name other rows: none may point into the void, foreign key or not."""

from orders.audit.check import Check, in_the_archive, removed_with_the_demo

_LINKS = (
    ("orders_order", "customer_id", "users_customer"),
    ("orders_order", "parent_id", "orders_order"),
    ("orders_order_item", "order_id", "orders_order"),
    ("orders_order_item", "variant_id", "catalog_variant"),
    ("orders_order_item", "seller_id", "catalog_seller"),
    ("orders_reservation", "item_id", "orders_order_item"),
    ("orders_reservation", "level_id", "inventory_stock_level"),
    ("orders_payment", "order_id", "orders_order"),
    ("orders_order_event", "order_id", "orders_order"),
    ("inventory_stock_level", "variant_id", "catalog_variant"),
    ("inventory_stock_level", "location_id", "inventory_stock_location"),
    ("inventory_stock_movement", "level_id", "inventory_stock_level"),
    # No foreign key: the catalogue knows nothing of orders.
    ("inventory_stock_movement", "order_item_id", "orders_order_item"),
)


def _dangling_sql(table: str, column: str, target: str) -> str:
    # Of the demo shop's removed orders the list of its rows keeps the lines that the ledger still names; of orders in
    # the archive, what stays of each.
    left = removed_with_the_demo("row.order_item_id"), in_the_archive("row.order_item_id")
    excused = " ".join(f"AND NOT {each}" for each in left) if column == "order_item_id" else ""
    return f"""
        SELECT row.id, '{table}.{column}' AS link, row.{column} AS missing_id
        FROM {table} AS row LEFT JOIN {target} AS target ON target.id = row.{column}
        WHERE row.{column} IS NOT NULL AND target.id IS NULL {excused}
    """


CHECKS = (
    Check(
        "references_exist",
        "Every order, line, reservation, payment, event, level and ledger row names rows that exist.",
        " UNION ALL ".join(_dangling_sql(*link) for link in _LINKS),
    ),
    Check(
        "ledger_item_bought_this_variant",
        "A ledger row that names an order's line is at a level of the variant that line bought.",
        """
        SELECT movement.id AS movement_id, movement.level_id, item.id AS item_id, level.variant_id,
               item.variant_id AS bought_variant_id
        FROM inventory_stock_movement AS movement
        JOIN inventory_stock_level AS level ON level.id = movement.level_id
        JOIN orders_order_item AS item ON item.id = movement.order_item_id
        WHERE item.variant_id <> level.variant_id
        """,
    ),
    Check(
        # Keys of other routes name no order: with them the answer is kept. 64 is SHA-256 in hexadecimal.
        "keys_point_at_orders",
        "An order's idempotency key is of an order; every key is used once by its principal, and not of the future.",
        """
        SELECT key.order_id, key.principal_id, key.key, key.created_at,
               o.id IS NOT NULL AS order_exists, key.uses
        FROM (
            SELECT *, count(*) OVER (PARTITION BY principal_id, key) AS uses FROM orders_idempotency_key
        ) AS key
        LEFT JOIN orders_order AS o ON o.id = key.order_id
        WHERE (o.id IS NULL AND key.route = '') OR key.uses > 1 OR length(key.fingerprint) <> 64
              OR key.created_at > now() + interval '1 hour'
        """,
    ),
    Check(
        "old_keys_are_purged",
        "No idempotency key is kept days longer than it must be: does the daily purge run?",
        """
        SELECT order_id, principal_id, key, created_at FROM orders_idempotency_key
        WHERE created_at < now() - make_interval(days => %(key_days)s + 3)
        """,
        is_discrepancy=False,
    ),
)

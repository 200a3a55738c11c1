"""Checks of some orders instead of all: the same statements, with the tables that hang on orders cut down to theirs."""

import re

# What follows from more than one order and what hangs on it: levels, the ledger, counters, series, the feed. The audit
# of the whole books alone can say it.
OF_WHOLE_BOOKS = frozenset(
    {
        "level_equals_last_movement",
        "level_equals_ledger_sum",
        "ledger_versions_gapless",
        "ledger_balance_follows",
        "ledger_never_oversold",
        "level_never_oversold",
        "ledger_row_is_sane",
        "level_reserved_equals_holds",
        "document_lines_are_in_the_ledger",
        "transfers_and_counts_have_documents",
        "backorder_count_is_their_sum",
        "coupons_count_their_uses",
        "order_number_unique",
        "references_exist",
        "keys_point_at_orders",
        "old_keys_are_purged",
        "document_numbers_have_no_gap",
        "events_tell_each_change",
        "events_are_of_changes",
        "events_have_no_gap",
        "the_feed_is_up_to_date",
    }
)
_ORDERS = "= ANY(%(orders)s::uuid[])"
_LINES = f"IN (SELECT id FROM orders_order_item WHERE order_id {_ORDERS})"  # noqa: S608 - of our own words alone
NARROWED = {
    "orders_order": f"id {_ORDERS}",
    **dict.fromkeys(
        (
            "orders_order_item",
            "orders_order_event",
            "orders_order_edit",
            "orders_adjustment",
            "orders_coupon_use",
            "orders_payment",
            "orders_dispute",
            "orders_refund",
            "orders_invoice",
            "orders_shipment",
            "payments_intent",
        ),
        f"order_id {_ORDERS}",
    ),
    **dict.fromkeys(
        (
            "orders_reservation",
            "orders_backorder",
            "orders_refund_item",
            "orders_return_item",
            "orders_shipment_item",
        ),
        f"item_id {_LINES}",
    ),
    "inventory_stock_movement": f"order_item_id {_LINES}",
    # Excuses lines of orders that are not here, which are none of these.
    "orders_archived_order": "false",
}
# By what has an index by time, as orders have none by their last change: every change of an order that raises its
# version has an event, its own or a sub-order's (order_version_counts_its_events). A new order is looked at even where
# its event is missing. With the orders that each is of or is divided into: some of what is checked is of the group.
FIND_CHANGED = """
WITH changed AS (
    SELECT order_id AS id FROM orders_order_event WHERE created_at >= %(since)s
    UNION SELECT order_id FROM orders_payment WHERE created_at >= %(since)s
    UNION SELECT id FROM orders_order WHERE created_at >= %(since)s
), whole AS (
    SELECT DISTINCT coalesce(o.parent_id, o.id) AS id FROM orders_order AS o JOIN changed USING (id)
)
SELECT id FROM whole UNION ALL SELECT o.id FROM orders_order AS o JOIN whole ON whole.id = o.parent_id
LIMIT %(most)s
"""


def narrowed(sql: str) -> str:
    """What stands before the statement of a check, so that it sees the orders of the parameter `orders` and what hangs
    on them. A table of WITH hides the real one from all but itself, and has no primary key: GROUP BY names every
    column."""
    tables = [
        f"{table} AS (SELECT * FROM {table} WHERE {condition})"  # noqa: S608 - of our own words alone
        for table, condition in NARROWED.items()
        if re.search(rf"\b{table}\b", sql)
    ]
    return f"WITH {', '.join(tables)} " if tables else ""

# ruff: noqa: S608 - every part of these statements is a constant of ours
"""Orders against their own history, their lines and the keys that placed them."""

from orders.audit.check import Check
from orders.states import LINE_AHEAD, MONEY_IS_HERE, NOT_GOING, ORDER, in_sql

# From the tables that services go by, so that a new status is right here as soon as it is there.
_ALLOWED = ", ".join(f"('{before}', '{after}')" for before, after in ORDER)

_AHEAD = ", ".join(f"('{order}', '{line}')" for order, line in LINE_AHEAD)

# By moment and id: of several events of one transaction, which have one moment, ids tell the order.
_STEPS = """
    SELECT event.*, lag(to_status) OVER steps AS status_before, row_number() OVER steps AS place
    FROM orders_order_event AS event WINDOW steps AS (PARTITION BY order_id ORDER BY created_at, event.id)
"""

_LAST = "SELECT DISTINCT ON (order_id) * FROM orders_order_event ORDER BY order_id, created_at DESC, id DESC"

CHECKS = (
    Check(
        "order_begins_with_being_placed",
        "Every order has exactly one event that says it was placed, and it is the first.",
        f"""
        SELECT o.id AS order_id, o.number, count(step.id) AS placed_events,
               min(step.place) AS place_in_history
        FROM orders_order AS o
        LEFT JOIN ({_STEPS}) AS step ON step.order_id = o.id AND step.kind = 'placed'
        GROUP BY o.id, o.number HAVING count(step.id) <> 1 OR min(step.place) <> 1
        """,
    ),
    Check(
        "order_is_its_buyers",
        "An order is the customer's who placed it, or whom that one was merged into.",
        # One step leads to the end: a merge takes earlier merges along, and its undo brings them back. Compared as
        # text, so that whatever stands in the event is a row that is found and no error.
        """
        SELECT o.id AS order_id, o.number, o.customer_id, placed.data ->> 'customer' AS placed_for,
               merge.kept_id AS merged_into
        FROM orders_order_event AS placed JOIN orders_order AS o ON o.id = placed.order_id
        LEFT JOIN crm_customer_merge AS merge
               ON merge.duplicate_id::text = placed.data ->> 'customer' AND merge.undone_at IS NULL
        WHERE placed.kind = 'placed' AND placed.data ? 'customer'
              AND o.customer_id::text IS DISTINCT FROM coalesce(merge.kept_id::text, placed.data ->> 'customer')
        """,
    ),
    Check(
        "order_status_is_its_last_event",
        "An order's status is where its last event took it.",
        f"""
        SELECT o.id AS order_id, o.number, o.status, last.id AS event_id,
               last.to_status
        FROM orders_order AS o LEFT JOIN ({_LAST}) AS last ON last.order_id = o.id
        WHERE last.to_status IS DISTINCT FROM o.status
        """,
    ),
    Check(
        "order_version_counts_its_events",
        "An order's version is the number of its events and of changes elsewhere: none went unrecorded or got lost.",
        """
        SELECT o.id AS order_id, o.number, o.version, o.changes_elsewhere, count(event.id) AS events
        FROM orders_order AS o LEFT JOIN orders_order_event AS event ON event.order_id = o.id
        GROUP BY o.id, o.number, o.version, o.changes_elsewhere
        HAVING count(event.id) + o.changes_elsewhere <> o.version OR o.changes_elsewhere < 0
        """,
    ),
    Check(
        "whole_order_versions_follow_its_sub_orders",
        "A parent order has another version after every step of a sub-order: by an event of its own at the same "
        "time, or counted as a change elsewhere.",
        """
        SELECT parent.id AS order_id, parent.number, parent.changes_elsewhere, count(*) AS steps_of_sub_orders
        FROM orders_order AS parent
        JOIN orders_order AS sub_order ON sub_order.parent_id = parent.id
        JOIN orders_order_event AS step ON step.order_id = sub_order.id
        WHERE NOT EXISTS (
            SELECT FROM orders_order_event AS own
            WHERE own.order_id = parent.id AND own.created_at = step.created_at
        )
        GROUP BY parent.id, parent.number, parent.changes_elsewhere HAVING count(*) > parent.changes_elsewhere
        """,
    ),
    Check(
        "order_events_follow_the_rules",
        "Each event starts from where the one before it ended, and goes where the state table allows.",
        f"""
        SELECT order_id, id AS event_id, kind, status_before, from_status, to_status FROM ({_STEPS}) AS step
        WHERE from_status <> coalesce(status_before, '')
              OR (place > 1 AND from_status <> to_status
                  AND (from_status, to_status) NOT IN (VALUES {_ALLOWED}))
              OR (place = 1 AND to_status <> 'PENDING')
        """,
    ),
    Check(
        "item_status_follows_the_order",
        "Every line has its order's status, or was called off as a whole, or left or arrived before the others.",
        f"""
        SELECT o.id AS order_id, o.number, item.id AS item_id, o.status,
               item.status AS item_status
        FROM orders_order_item AS item JOIN orders_order AS o ON o.id = item.order_id
        WHERE item.status <> o.status
              AND NOT (item.status = 'CANCELLED' AND item.cancelled_quantity = item.quantity)
              AND NOT (item.shipped_quantity > 0
                       AND item.shipped_quantity + item.cancelled_quantity = item.quantity
                       AND (o.status, item.status) IN (VALUES {_AHEAD}))
        """,
    ),
    Check(
        "order_has_its_lines",
        "An order has lines, counted 1, 2, 3 …, through all its sub-orders where it has some.",
        """
        SELECT o.id AS order_id, o.number, count(item.position) AS lines,
               max(item.position) AS last_position
        FROM orders_order AS o LEFT JOIN (
            SELECT coalesce(owner.parent_id, owner.id) AS whole_id, position
            FROM orders_order_item JOIN orders_order AS owner ON owner.id = order_id
        ) AS item ON item.whole_id = o.id
        WHERE o.parent_id IS NULL
        GROUP BY o.id, o.number
        HAVING count(item.position) = 0
               OR (min(item.position), max(item.position), count(DISTINCT item.position))
                  <> (1, count(item.position), count(item.position))
        """,
    ),
    Check(
        "order_listed_once_for_each_seller",
        "One line of each seller in an order says when it was placed: by that the seller's orders are listed.",
        """
        SELECT o.id AS order_id, o.number, item.seller_id, o.created_at, count(item.listed_at) AS listed_lines,
               max(item.listed_at) AS listed_at
        FROM orders_order_item AS item JOIN orders_order AS o ON o.id = item.order_id
        GROUP BY o.id, o.number, o.created_at, item.seller_id
        HAVING count(item.listed_at) <> 1 OR max(item.listed_at) <> o.created_at
        """,
    ),
    Check(
        "order_fields_fit_its_status",
        "Only a cancelled order says when and why, only a paid one goes on, and a paid one has no deadline.",
        f"""
        SELECT id AS order_id, number, status, payment_status, cancelled_at, cancel_reason, paid_at,
               payment_expires_at
        FROM orders_order
        WHERE (status = 'CANCELLED') <> (cancelled_at IS NOT NULL)
              OR (status = 'CANCELLED') <> (cancel_reason <> '')
              OR (status = 'PENDING' AND payment_status IN ({in_sql(MONEY_IS_HERE)}))
              OR (status = 'CANCELLED' AND payment_status = 'PAID')
              OR (status NOT IN ({in_sql(NOT_GOING)})
                  AND payment_status NOT IN ({in_sql(MONEY_IS_HERE)}))
              OR (payment_status = 'PAID' AND payment_expires_at IS NOT NULL)
        """,
    ),
    Check(
        # Beside the unique index: one whose order a new collation of the system has broken lets a number in twice.
        "order_number_unique",
        "No two orders share a number.",
        """
        SELECT (array_agg(id ORDER BY id))[1:10] AS order_ids, number, count(*) AS orders FROM orders_order
        GROUP BY number HAVING count(*) > 1
        """,
    ),
    Check(
        # CASE, as AND promises no order: a number that is no digits is to be found, not to break the cast.
        "order_number_from_the_sequence",
        "An order's number is plain digits that the sequence has handed out; a sub-order's has one more after it.",
        """
        SELECT o.id AS order_id, o.number, handed_out.last_value
        FROM orders_order AS o, orders_order_number_seq AS handed_out
        WHERE CASE WHEN o.parent_id IS NULL AND o.number ~ '^[1-9][0-9]{3,17}$'
                     OR o.parent_id IS NOT NULL AND o.number ~ '^[1-9][0-9]{3,17}-[1-9][0-9]*$'
                   THEN split_part(o.number, '-', 1)::numeric > handed_out.last_value ELSE true END
        """,
    ),
    Check(
        # Three, since one interval passes anyway, and a sweep that is at work may take another.
        "unpaid_orders_are_swept",
        "No pending order is overdue for more than three intervals of the sweep: is the worker running?",
        """
        SELECT id AS order_id, number, payment_expires_at FROM orders_order
        WHERE status = 'PENDING' AND payment_expires_at < now() - make_interval(mins => 3 * %(sweep_minutes)s)
        """,
        is_discrepancy=False,
    ),
)

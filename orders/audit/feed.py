# ruff: noqa: S608 - every part of these statements is a constant of ours
"""The feed of events against the ledgers that it is made of."""

from orders.audit.check import Check, removed_with_the_demo

# Each row's event has its id; a row of history has a number, which is made an id in the same way as the feed makes it.
_LEDGERS = """
    SELECT 'order event' AS ledger, id, order_id AS record_id, feed_tx, created_at AS at FROM orders_order_event
    UNION ALL
    SELECT 'stock movement', id, level_id, feed_tx, created_at FROM inventory_stock_movement
    UNION ALL
    SELECT 'invoice', id, order_id, feed_tx, issued_at FROM orders_invoice
    UNION ALL
    SELECT 'history', ('00000000-0000-8000-8000-' || lpad(to_hex(id), 12, '0'))::uuid, record::uuid, feed_tx, at
    FROM shared_record_change
    WHERE "table" IN ('users_customer', 'users_company', 'catalog_product', 'catalog_variant', 'crm_lead', 'crm_deal',
                      'crm_task', 'users_customer_tag', 'crm_deal_line', 'catalog_picture')
"""

CHECKS = (
    Check(
        "events_tell_each_change",
        "Each row of a ledger that the feed has passed is an event.",
        # After a restore elsewhere the horizon begins anew: rows of later transactions were there before.
        f"""
        SELECT row.id, row.ledger, row.record_id, row.at
        FROM ({_LEDGERS}) AS row CROSS JOIN events_sequencer AS feed
        WHERE row.feed_tx < feed.horizon AND row.at >= feed.kept_from
              AND NOT EXISTS (SELECT FROM events_event AS event WHERE event.id = row.id)
        """,
    ),
    Check(
        "events_are_of_changes",
        "An event about stock is a row of its ledger, and says what that row says.",
        f"""
        SELECT event.id, event.position, event.aggregate_id FROM events_event AS event
        LEFT JOIN inventory_stock_movement AS movement ON movement.id = event.id
        WHERE event.type = 'stock.changed' AND NOT {removed_with_the_demo("event.aggregate_id")}
              AND (movement.level_version::text IS DISTINCT FROM event.data ->> 'version'
                   OR movement.level_id <> event.aggregate_id)
        """,
    ),
    Check(
        # The first that is kept has none before it (NULL, so never a finding): the feed forgets from its beginning.
        "events_have_no_gap",
        "Positions count all events, and sequences those of each record, without a gap.",
        """
        SELECT id, position, sequence, aggregate_id FROM (
            SELECT id, position, sequence, aggregate_id, lag(position) OVER (ORDER BY position) AS position_before,
                   lag(sequence) OVER (PARTITION BY aggregate_id ORDER BY position) AS sequence_before
            FROM events_event
        ) AS told
        WHERE position <> position_before + 1 OR sequence <> sequence_before + 1
        """,
    ),
    Check(
        # Of the last day alone: ledgers of millions of rows are read no further than what is new.
        "the_feed_is_up_to_date",
        "What changed a minute ago is in the feed; else no worker is running.",
        f"""
        SELECT row.id, row.ledger, row.record_id, row.at
        FROM ({_LEDGERS}) AS row LEFT JOIN events_sequencer AS feed ON true
        WHERE row.feed_tx >= coalesce(feed.horizon, 0) AND row.at < now() - interval '1 minute'
              AND row.at > coalesce(feed.kept_from, to_timestamp(0)) AND row.at > now() - interval '1 day'
              AND NOT EXISTS (SELECT FROM events_event AS event WHERE event.id = row.id)
        """,
        is_discrepancy=False,
    ),
)

"""What the feed says of order events. `c` is the row of candidates (events/feed/sequencing_sql.py)."""

from orders.states import ReturnStatus

# What of a ledger row's own details leaves the house: ids, states, amounts, counts. Words somebody wrote, and what may
# lead to a person (tracking numbers, references), do not.
_FACTS = (
    *("amount", "backorder", "cause", "currency", "difference", "dispute", "dispute_status", "from", "funds", "item"),
    *("items", "kind", "lines", "match", "minutes", "part", "payment", "provider", "refund", "refund_status"),
    *("refunds", "restocking_fee", "return", "return_status", "seller_order", "shipping_amount", "sub_order"),
    *("sub_orders", "to", "too_much", "units"),
)

_RETURN_STATUSES = ", ".join(f"'{status}'" for status in ReturnStatus.values)
_TYPE = f"""
CASE e.kind
    WHEN 'placed' THEN 'order.placed'
    WHEN 'paid' THEN 'order.paid'
    WHEN 'underpaid' THEN 'order.payment_received'
    WHEN 'payment_refund_due' THEN 'order.payment_received'
    WHEN 'payment_failed' THEN 'order.payment_failed'
    WHEN 'cancelled' THEN 'order.cancelled'
    WHEN 'expired' THEN 'order.expired'
    WHEN 'edited' THEN 'order.edited'
    WHEN 'extended' THEN 'order.extended'
    WHEN 'deleted' THEN 'order.deleted'
    WHEN 'restored' THEN 'order.restored'
    WHEN 'shipped' THEN 'shipment.sent'
    WHEN 'delivered' THEN 'shipment.delivered'
    WHEN 'disputed' THEN 'payment.disputed'
    WHEN 'return' THEN CASE WHEN d.data ->> 'return_status' IN ({_RETURN_STATUSES})
        THEN 'return.' || lower(d.data ->> 'return_status') ELSE 'return.changed' END
    WHEN 'refunded' THEN CASE d.data ->> 'refund_status'
        WHEN 'SENT' THEN 'refund.sent' WHEN 'DONE' THEN 'refund.done' WHEN 'FAILED' THEN 'refund.failed'
        WHEN 'CANCELLED' THEN 'refund.cancelled' ELSE 'refund.created' END
    WHEN 'status_changed' THEN CASE d.data #>> '{{shipments,0,status}}'
        WHEN 'READY' THEN 'shipment.created' WHEN 'CANCELLED' THEN 'shipment.cancelled' ELSE 'order.status_changed' END
    ELSE 'order.' || e.kind
END
"""

# An order that is not split has its lines itself, all of one seller. Of a split order the whole is no seller's.
_SELLER = """
coalesce(o.seller_id, (SELECT item.seller_id FROM orders_order_item AS item WHERE item.order_id = o.id LIMIT 1))
"""

_DATA = f"""
jsonb_strip_nulls(jsonb_build_object(
    'order', o.id, 'number', o.number, 'parent', o.parent_id, 'currency', o.currency,
    'from_status', nullif(e.from_status, ''), 'to_status', e.to_status,
    'shipments', (
        SELECT jsonb_agg(jsonb_build_object('id', s -> 'id', 'number', s -> 'number', 'status', s -> 'status',
                                            'items', s -> 'items'))
        FROM jsonb_array_elements(
            CASE WHEN jsonb_typeof(d.data -> 'shipments') = 'array' THEN d.data -> 'shipments' ELSE '[]' END
        ) AS s
    )
)) || (
    SELECT coalesce(jsonb_object_agg(key, value), '{{}}') FROM jsonb_each(d.data)
    WHERE key IN ({", ".join(f"'{fact}'" for fact in _FACTS)})
)
"""

# A change that is told as a shipment's, refund's or return's and moves the order on is two events.
ORDERS = f"""
SELECT c.serial, told.part, told.id, told.type, 'order' AS aggregate_type, e.order_id AS aggregate_id,
       {_SELLER} AS seller_id, {_DATA} AS data, e.created_at
FROM candidates AS c
JOIN orders_order_event AS e ON e.id = c.id
JOIN orders_order AS o ON o.id = e.order_id
-- Details that were erased, or are not what they should be, hold up nobody's events.
CROSS JOIN LATERAL (SELECT CASE WHEN jsonb_typeof(e.data) = 'object' THEN e.data ELSE '{{}}' END AS data) AS d
CROSS JOIN LATERAL (SELECT {_TYPE} AS type) AS t
CROSS JOIN LATERAL (
    SELECT 0 AS part, e.id, t.type
    UNION ALL
    SELECT 1, md5(e.id::text || ':status')::uuid, 'order.status_changed'
    WHERE e.from_status NOT IN ('', e.to_status) AND t.type NOT LIKE 'order.%%'
) AS told
WHERE c.source = 'order_event'
"""

INVOICES = f"""
SELECT c.serial, 0, i.id, 'invoice.issued', 'order', i.order_id, {_SELLER},
       jsonb_strip_nulls(jsonb_build_object('order', o.id, 'invoice', i.id, 'number', i.number, 'kind', i.kind,
                                            'refund', i.refund_id)),
       i.issued_at
FROM candidates AS c
JOIN orders_invoice AS i ON i.id = c.id
JOIN orders_order AS o ON o.id = i.order_id
WHERE c.source = 'invoice'
"""

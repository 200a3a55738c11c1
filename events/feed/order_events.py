"""What the feed says of order events. `c` is the row of candidates (events/feed/sequencing_sql.py).

One row of the ledger may be several events: each of its shipments is one, and that the order went on is another.
"""

from typing import Final

from orders.states import ReturnStatus, ShipmentStatus

# What of a ledger row's own details leaves the house: ids, states, amounts, counts. Words somebody wrote, and what may
# lead to a person (tracking numbers, references), do not.
FACTS: Final = (
    *(
        "amount",
        "backorder",
        "cause",
        "changed",
        "currency",
        "difference",
        "dispute",
        "dispute_status",
        "from",
        "funds",
        "item",
    ),
    *("items", "kind", "lines", "match", "minutes", "part", "payment", "provider", "refund", "refund_status"),
    *("refunds", "restocking_fee", "return", "return_status", "seller_order", "shipping_amount", "sub_order"),
    *("sub_orders", "to", "too_much", "units"),
)
# Of an order that is paid its sellers' people hear; what came in for all of it is for those who may see payments.
_OF_PAYMENTS = ("amount", "match", "payment", "too_much")


def _listed(words: tuple[str, ...] | list[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


# Of kinds that have one event, whatever their details.
_TYPE = f"""
CASE e.kind
    WHEN 'underpaid' THEN 'order.payment_received'
    WHEN 'payment_refund_due' THEN 'order.payment_received'
    WHEN 'shipped' THEN 'shipment.sent'
    WHEN 'delivered' THEN 'shipment.delivered'
    WHEN 'disputed' THEN 'payment.disputed'
    WHEN 'return' THEN CASE WHEN d.data ->> 'return_status' IN ({_listed(ReturnStatus.values)})
        THEN 'return.' || lower(d.data ->> 'return_status') ELSE 'return.changed' END
    WHEN 'refunded' THEN CASE d.data ->> 'refund_status'
        WHEN 'DUE' THEN 'refund.retried' WHEN 'SENT' THEN 'refund.sent' WHEN 'DONE' THEN 'refund.done'
        WHEN 'FAILED' THEN 'refund.failed' WHEN 'CANCELLED' THEN 'refund.cancelled'
        -- A refund of a sub-order is written down at the whole order, too.
        ELSE CASE WHEN coalesce(d.data ->> 'seller_order', d.data ->> 'part', o.number) = o.number
                  THEN 'refund.created' ELSE 'order.refunded' END END
    ELSE 'order.' || e.kind
END
"""

_SHIPMENT_TYPE = f"""
CASE s.value ->> 'status'
    WHEN '{ShipmentStatus.READY}' THEN 'shipment.created' WHEN '{ShipmentStatus.SHIPPED}' THEN 'shipment.sent'
    WHEN '{ShipmentStatus.DELIVERED}' THEN 'shipment.delivered'
    WHEN '{ShipmentStatus.CANCELLED}' THEN 'shipment.cancelled'
END
"""

_KNOWN_STATUS = " || ".join(f'@.status == "{status}"' for status in ShipmentStatus.values)

# An order that is not split has its lines itself, all of one seller. Of a split order the whole is no seller's.
_SELLER = """
coalesce(o.seller_id, (SELECT item.seller_id FROM orders_order_item AS item WHERE item.order_id = o.id LIMIT 1))
"""

_DATA = f"""
jsonb_strip_nulls(jsonb_build_object(
    'order', o.id, 'number', o.number, 'parent', o.parent_id, 'currency', o.currency,
    'from_status', nullif(e.from_status, ''), 'to_status', e.to_status, 'shipment', told.shipment
)) || (
    SELECT coalesce(jsonb_object_agg(key, value), '{{}}') FROM jsonb_each(d.data)
    WHERE key IN ({_listed(FACTS)}) AND NOT (e.kind = 'paid' AND key IN ({_listed(_OF_PAYMENTS)}))
)
"""

ORDERS = f"""
SELECT c.serial, told.part, CASE told.part WHEN 0 THEN e.id ELSE md5(e.id || ':' || told.part)::uuid END AS id,
       told.type, 'order' AS aggregate_type, e.order_id AS aggregate_id, {_SELLER} AS seller_id, {_DATA} AS data,
       e.created_at
FROM candidates AS c
JOIN orders_order_event AS e ON e.id = c.id
JOIN orders_order AS o ON o.id = e.order_id
-- Details that were erased, or are not what they should be, hold up nobody's events.
CROSS JOIN LATERAL (SELECT CASE WHEN jsonb_typeof(e.data) = 'object' THEN e.data ELSE '{{}}' END AS data) AS d
CROSS JOIN LATERAL (SELECT {_TYPE} AS type) AS t
CROSS JOIN LATERAL (
    SELECT CASE WHEN e.kind IN ('status_changed', 'shipped', 'delivered')
                THEN jsonb_path_query_array(d.data, '$.shipments[*] ? ({_KNOWN_STATUS})') ELSE '[]' END AS list
) AS shipments
CROSS JOIN LATERAL (
    SELECT (row_number() OVER (ORDER BY place))::int - 1 AS part, type, shipment FROM (
        SELECT place, {_SHIPMENT_TYPE} AS type, s.value - 'tracking_number' - 'carrier' AS shipment
        FROM jsonb_array_elements(shipments.list) WITH ORDINALITY AS s (value, place)
        UNION ALL
        -- The row itself, but where it tells of its shipments alone.
        SELECT 1000, t.type, NULL
        WHERE shipments.list = '[]' OR (e.kind = 'status_changed' AND e.from_status NOT IN ('', e.to_status))
        UNION ALL
        -- That the order went on, where its kind does not say so itself.
        SELECT 1001, 'order.status_changed', NULL
        WHERE e.from_status NOT IN ('', e.to_status) AND t.type NOT LIKE 'order.%%'
        UNION ALL
        SELECT 1002, 'refund.done', NULL WHERE t.type = 'refund.created' AND d.data #>> '{{refunds,0,status}}' = 'DONE'
    ) AS several
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

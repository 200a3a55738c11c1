"""What an event's `data` may hold, by its kind of record, as JSON Schema.

Everything is optional: what does not apply is left out. What makes it are events/feed/order_events.py and its
neighbours; a test holds events against this.
"""

from typing import Any, Final

from events.feed.order_events import FACTS
from events.feed.types import RECORDS, aggregate_of

_ID: Final = {"type": "string", "format": "uuid"}
_TEXT: Final = {"type": "string"}
_COUNT: Final = {"type": "integer"}

_OF_ORDERS: Final[dict[str, Any]] = {
    "order": _ID,
    "number": {**_TEXT, "description": "The order's; of `invoice.issued` the invoice's."},
    "parent": {**_ID, "description": "Of a sub-order: its parent order."},
    "currency": {**_TEXT, "description": "ISO 4217."},
    "from_status": _TEXT,
    "to_status": _TEXT,
    "shipment": {"type": "object", "description": "Of `shipment.*`: its id, status and lines."},
    "invoice": _ID,
    "kind": _TEXT,
    "changed": {"type": "array", "items": _TEXT, "description": "Of `order.updated`: names, not what they hold."},
    "refund": {"type": ["string", "object"]},
}
_OF_STOCK: Final[dict[str, Any]] = {
    **dict.fromkeys(("level", "variant", "location", "item"), _ID),
    "kind": {**_TEXT, "description": "What moved it: receive, reserve, release, sale, …"},
    **dict.fromkeys(("quantity", "on_hand", "reserved", "available", "version"), _COUNT),
}
_OF_RECORDS: Final[dict[str, Any]] = {
    "table": {**_TEXT, "description": "Where it is a part of the record that changed."},
    "changed": {"type": "array", "items": _TEXT, "description": "Names of the columns, not what they hold."},
    "status": {"type": ["string", "null"]},
    "stage": {"type": ["string", "null"]},
    "into": {**_ID, "description": "Of `customer.merged`: the customer that stays."},
}


def data_schema(event_type: str) -> dict[str, Any]:
    """Of the `data` of events of this type."""
    kind = aggregate_of(event_type)
    if kind == "order":
        known = {name: {} for name in FACTS} | _OF_ORDERS
    else:
        known = _OF_RECORDS if kind in RECORDS else _OF_STOCK
    return {"type": "object", "properties": dict(sorted(known.items())), "additionalProperties": False}

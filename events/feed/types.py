"""All types of events: what each tells of, and who may see it. The one table of them; the feed's SQL makes each
(events/feed/order_events.py and its neighbours), and a test holds that none is made that is not here."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A kind of record that has events. `right`: who may see them. `path`: where its records are read, under /api/v1.

    `of_sellers`: a seller's own people see those of their sellers alone.
    """

    right: str
    path: str
    of_sellers: bool = False


AGGREGATES: Final = {
    "order": Aggregate("orders.view_order", "orders", of_sellers=True),
    "stock_level": Aggregate("inventory.view_stocklevel", "stock-levels", of_sellers=True),
    "product": Aggregate("catalog.view_product", "products"),
    "variant": Aggregate("catalog.view_variant", "variants"),
    "customer": Aggregate("users.view_customer", "customers"),
    "company": Aggregate("users.view_company", "companies"),
    "lead": Aggregate("crm.view_lead", "leads"),
    "deal": Aggregate("crm.view_deal", "deals"),
    "task": Aggregate("crm.view_task", "tasks"),
}

# type: what has happened
_OF_ORDERS = {
    "order.placed": "An order was placed, and its stock reserved.",
    "order.payment_received": "Money came in that does not settle the order: too little, too late or twice.",
    "order.payment_failed": "A try to pay failed.",
    "order.paid": "The order is paid and confirmed.",
    "order.status_changed": "The order stepped on, by hand or with its shipments.",
    "order.cancelled": "The order was cancelled, and its stock released.",
    "order.expired": "The order was not paid in time, and its stock released.",
    "order.edited": "Lines of the order were added, changed or dropped.",
    "order.updated": "An address or the metadata of the order was changed.",
    "order.extended": "The time to pay was extended.",
    "order.deleted": "The order was put out of sight.",
    "order.restored": "The order is in sight again.",
    "order.refunded": "Money is to be given back for one of its sub-orders, which has the refund.",
    "shipment.created": "Units of the order were packed.",
    "shipment.sent": "A shipment left.",
    "shipment.delivered": "A shipment arrived.",
    "shipment.cancelled": "A packed shipment was unpacked.",
    "refund.created": "Money is to be given back.",
    "refund.retried": "A refund that had failed is tried again.",
    "refund.sent": "The provider was asked to give money back.",
    "refund.done": "Money was given back.",
    "refund.failed": "The provider refused to give money back.",
    "refund.cancelled": "A refund was called off.",
    "return.requested": "Goods are to come back.",
    "return.approved": "A return was approved.",
    "return.rejected": "A return was rejected.",
    "return.received": "Returned goods came in.",
    "return.refunded": "A return was refunded.",
    "return.cancelled": "A return was withdrawn.",
    "return.changed": "Something happened to a return; its details were erased meanwhile.",
    "payment.disputed": "A payer has the bank take money back, or such a dispute moved on.",
    "invoice.issued": "An invoice or a credit note was issued.",
}
_OF_RECORDS = {"created": "was added", "updated": "was changed", "deleted": "was deleted"}
_MORE = {
    "stock.changed": "A stock level changed: goods came, went, or were reserved or released.",
    "customer.restored": "A deleted customer is there again.",
    "customer.merged": "A customer was merged into another one, which `data.into` names.",
    "customer.erased": "All that was kept about a person was erased.",
    "lead.converted": "A lead became a customer.",
    "deal.moved": "A deal came to another stage.",
    "deal.won": "A deal was won.",
    "deal.lost": "A deal was lost.",
    "task.done": "A task was done.",
}
RECORDS: Final = ("customer", "company", "product", "variant", "lead", "deal", "task")

EVENT_TYPES: Final = {
    **_OF_ORDERS,
    **{f"{record}.{verb}": f"A {record} {text}." for record in RECORDS for verb, text in _OF_RECORDS.items()},
    **_MORE,
}
# Who may see an order need not see the money behind it: what else is needed for a type, or for all that begin so.
_RIGHTS: Final = {
    "order.payment_": "orders.view_payment",
    "order.refunded": "orders.view_refund",
    "refund.": "orders.view_refund",
    "return.": "orders.view_return",
    "payment.disputed": "orders.view_dispute",
    "invoice.": "orders.view_invoice",
}


def rights_of(event_type: str) -> list[str]:
    """All the permissions that whoever sees events of this type must have."""
    besides = [right for beginning, right in _RIGHTS.items() if event_type.startswith(beginning)]
    return [AGGREGATES[aggregate_of(event_type)].right, *besides]


def aggregate_of(event_type: str) -> str:
    """The kind of record that has events of this type."""
    if event_type in _OF_ORDERS:
        return "order"
    first = event_type.split(".", maxsplit=1)[0]
    return "stock_level" if first == "stock" else first


def types_like(pattern: str) -> list[str]:
    """The types that a pattern means: a type, `order.*`, or `*`. Empty for what means none."""
    if pattern == "*":
        return list(EVENT_TYPES)
    if pattern.endswith(".*"):
        return [name for name in EVENT_TYPES if name.startswith(pattern[:-1])]
    return [pattern] if pattern in EVENT_TYPES else []

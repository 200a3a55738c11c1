"""What the e-mails of a lot are about: so many statements however many e-mails there are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from crm.models.order_mail import OrderMail, OrderMailStatus
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.models.shipment import Shipment, ShipmentItem
from shared.planner.lookups import one_of


class Line(NamedTuple):
    """Of an order or of a shipment."""

    quantity: int
    name: str
    sku: str


class ShipmentFacts(NamedTuple):
    number: str
    carrier: str
    tracking: str
    url: str


class _Queued(NamedTuple):
    """A queued e-mail with its whole order as it is now; the columns of _COLUMNS."""

    mail_id: UUID
    kind: str
    is_resend: bool
    order_id: UUID
    number: str
    customer_name: str
    to: str
    total: Decimal
    currency: str
    status: str
    payment_status: str
    payment_method: str
    payment_expires_at: datetime | None
    deleted_at: datetime | None
    erased_at: datetime | None
    language: str
    details: dict[str, Any]


_COLUMNS = (
    *("pk", "kind", "is_resend", "order_id"),
    *("order__number", "order__customer_name", "order__customer_email", "order__total", "order__currency"),
    *(
        "order__status",
        "order__payment_status",
        "order__payment_method",
        "order__payment_expires_at",
        "order__deleted_at",
    ),
    *("order__customer__erased_at", "order__customer__language", "event__data"),
)


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """Of one e-mail. `shipments` are those that its event sent: usually one. `fault`: what its event says is broken."""

    queued: _Queued
    lines: Sequence[Line] = field(default_factory=list)
    shipments: Sequence[ShipmentFacts] = field(default_factory=list)
    shipment_lines: Sequence[Line] = field(default_factory=list)
    fault: str = ""


def read_order_facts(mail_ids: Iterable[UUID]) -> list[OrderFacts]:
    """Of those that are still queued, the first queued first. At most five statements."""
    queued = OrderMail.objects.filter(one_of("pk", mail_ids), status=OrderMailStatus.QUEUED)
    rows = [_Queued(*row) for row in queued.order_by("pk").values_list(*_COLUMNS)]
    if not rows:
        return []
    lines = _lines_of({row.order_id for row in rows})
    named = [_shipments_named(row.details) for row in rows]
    shipments, shipment_lines = _shipments_of({shipment for ids, _fault in named for shipment in ids})
    return [
        OrderFacts(
            row,
            lines[row.order_id],
            sorted(shipments[shipment] for shipment in ids if shipment in shipments),
            [line for shipment in ids for line in shipment_lines[shipment]],
            fault,
        )
        for row, (ids, fault) in zip(rows, named, strict=True)
    ]


def _lines_of(wholes: set[UUID]) -> Mapping[UUID, list[Line]]:
    """By the whole order, sub-orders' lines included. The orders are named to the second statement, as an OR over both
    tables would read them from end to end."""
    sub_orders = Order.objects.filter(one_of("parent_id", wholes)).order_by("id").values_list("pk", "parent_id")
    whole_of = {**{whole: whole for whole in wholes}, **dict(sub_orders)}
    found: Mapping[UUID, list[Line]] = defaultdict(list)
    shown = OrderItem.objects.filter(one_of("order_id", whole_of), quantity__gt=0).order_by("order__number", "position")
    for order_id, quantity, name, sku in shown.values_list("order_id", "quantity", "name", "sku"):
        found[whole_of[order_id]].append(Line(quantity, name, sku))
    return found


def _shipments_named(details: Mapping[str, Any]) -> tuple[list[UUID], str]:
    """With what is wrong, if they cannot be read: that is one e-mail's trouble and not its whole lot's."""
    try:
        return [UUID(facts["id"]) for facts in details.get("shipments", [])], ""
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        return [], f"{type(error).__name__}: {error}"


def _shipments_of(ids: set[UUID]) -> tuple[dict[UUID, ShipmentFacts], Mapping[UUID, list[Line]]]:
    lines: Mapping[UUID, list[Line]] = defaultdict(list)
    if not ids:
        return {}, lines
    columns = ("pk", "number", "carrier", "tracking_number", "tracking_url")
    rows = Shipment.objects.filter(one_of("pk", ids)).order_by("number").values_list(*columns)
    shipments = {shipment_id: ShipmentFacts(*shipment) for shipment_id, *shipment in rows}
    items = ShipmentItem.objects.filter(one_of("shipment_id", ids)).order_by("shipment__number", "id")
    for shipment_id, quantity, name, sku in items.values_list("shipment_id", "quantity", "item__name", "item__sku"):
        lines[shipment_id].append(Line(quantity, name, sku))
    return shipments, lines

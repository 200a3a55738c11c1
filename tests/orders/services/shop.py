"""The shop in which two services meet: one order that waits for its payment, one that is paid, and little stock."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from inventory.models.document import DocumentKind, StockDocument
from inventory.models.level import StockLevel
from inventory.services.adjust_stock import adjust_stock
from inventory.services.apply_stock_document import apply_stock_document
from inventory.services.create_stock_document import RequestedDocumentLine, create_stock_document
from orders.editing.edit_requests import ChangedQuantity, EditRequest
from orders.models.order import Order
from orders.models.shipment import Shipment
from orders.refunds.plans import RefundRequest, RequestedLine
from orders.services.orders.cancel_order import cancel_order
from orders.services.orders.cancel_paid_order import cancel_paid_order
from orders.services.orders.edit_order import edit_order
from orders.services.orders.expire_unpaid_orders import expire_unpaid_orders
from orders.services.payments.confirm_payment import confirm_payment
from orders.services.refunds.refund_order import refund_order
from orders.services.shipments.change_shipment import ship_shipment
from orders.services.shipments.pack_shipment import pack_shipment
from orders.states import CancelReason
from shared.actor import SYSTEM
from tests.shop.goods import add_level, make_level, make_location
from tests.shop.order_actions import LONG_AGO
from tests.shop.orders import order_of
from tests.shop.people import Buyer, make_buyer
from tests.shop.shipments import lines_of

Work = Callable[[], Any]


@dataclass(frozen=True)
class MeetingShop:
    """Two variants at one location, `free` units of each that nobody holds, and an annex with some of both.

    `waiting` and `paid` have a unit of each, named in opposite orders; of `paid` one unit is packed. `transfer` is
    to carry a unit of each to the annex.
    """

    first: StockLevel
    second: StockLevel
    buyer: Buyer
    waiting: Order
    paid: Order
    shipment: Shipment
    transfer: StockDocument


def open_shop(*, free: int, is_overdue: bool) -> MeetingShop:
    first, second = make_level(on_hand=3 + free), make_level(on_hand=3 + free)
    annex = make_location("Annex")
    paid = order_of(make_buyer(), (second, 2), (first, 2))
    confirm_payment(order_id=paid.pk, actor=SYSTEM, reference="bank-0")
    paid.refresh_from_db()
    waiting = order_of(make_buyer(), (first, 1), (second, 1), now=LONG_AGO if is_overdue else None)
    for level in (first, second):
        add_level(level.variant, annex, on_hand=0)
    transfer = create_stock_document(
        kind=DocumentKind.TRANSFER,
        location_id=first.location_id,
        target_id=annex.pk,
        lines=[RequestedDocumentLine(level.variant.sku, 1) for level in (second, first)],
        actor=SYSTEM,
    )
    packed = pack_shipment(order_id=paid.pk, actor=SYSTEM, items={line.pk: 1 for line in lines_of(paid)})
    return MeetingShop(first, second, make_buyer(), waiting, paid, packed, transfer)


def work_of(service: str, shop: MeetingShop, order: Order) -> Work:
    """The service as somebody calls it; `order` is what it is about, if it is about one."""
    about: dict[str, Any] = {"order_id": order.pk, "actor": SYSTEM}
    first_line = lines_of(order)[0].pk
    works: dict[str, Work] = {
        "place": partial(order_of, shop.buyer, (shop.second, 1), (shop.first, 1)),
        "pay": partial(confirm_payment, **about, reference="bank-1"),
        "cancel": partial(cancel_order, **about, reason=CancelReason.STAFF),
        "cancel_paid": partial(cancel_paid_order, **about, reason=CancelReason.STAFF),
        "expire": expire_unpaid_orders,
        "pack": partial(pack_shipment, **about),
        "ship": partial(ship_shipment, shipment_id=shop.shipment.pk, actor=SYSTEM),
        "refund": partial(
            refund_order, **about, requested=RefundRequest((RequestedLine(first_line, 1),)), reason="dented"
        ),
        "edit": partial(
            edit_order, **about, requested=EditRequest((ChangedQuantity(0, first_line, 3),)), reason="told by phone"
        ),
        "adjust": partial(adjust_stock, level_id=shop.first.pk, quantity=-1, reason="broken", actor=SYSTEM),
        "transfer": partial(apply_stock_document, document_id=shop.transfer.pk, actor=SYSTEM),
    }
    return works[service]


# Of each service: which of the two orders it is meant for; None: of neither.
HOME = {
    "place": None,
    "pay": "waiting",
    "cancel": "waiting",
    "cancel_paid": "paid",
    "expire": "waiting",
    "pack": "paid",
    "ship": "paid",
    "refund": "paid",
    "edit": "waiting",
    "adjust": None,
    "transfer": None,
}


def told_alike(outcome: Any) -> str:
    """What a service answered, as far as it may be compared between runs."""
    code = getattr(outcome, "code", None)
    return code or (repr(outcome) if isinstance(outcome, Exception) else "done")

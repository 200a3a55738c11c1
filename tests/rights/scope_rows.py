"""A row in the state in which a call about it is answered."""

from decimal import Decimal
from typing import Any

from crm.models.customer_merge import CustomerMerge
from crm.models.deal import Deal
from crm.models.deal_line import DealLine
from crm.models.duplicate_pair import DuplicatePair
from crm.models.segment import Segment
from crm.services.merging.merge_customers import merge_customers
from inventory.models.document import DocumentKind, StockDocument
from inventory.models.level import StockLevel
from inventory.services.create_stock_document import RequestedDocumentLine, create_stock_document
from orders.models.draft import Draft
from orders.models.hold_policy import HoldPolicy
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.models.order_return import Return
from orders.models.refund import Refund
from orders.models.shipment import Shipment
from orders.refunds.plans import RefundRequest, RequestedLine
from orders.services.drafts.write_draft import DraftedLine, create_draft
from orders.services.orders.advance_order import advance_order
from orders.services.payments.confirm_payment import confirm_payment
from orders.services.refunds.refund_order import refund_order
from orders.services.refunds.settle_refund import fail_refund, mark_refund_sent
from orders.services.returns.decide_return import approve_return
from orders.services.returns.receive_return import receive_return
from orders.services.returns.request_return import request_return
from orders.services.shipments.change_shipment import ship_shipment
from orders.services.shipments.pack_shipment import pack_shipment
from payments.models.payment_intent import PaymentIntent
from payments.services.create_intent import create_intent
from shared.actor import SYSTEM
from tests.shop.admin_rows import make_deal
from tests.shop.backorders import make_level_to_wait_for, sell_ahead
from tests.shop.customer_pasts import give_past
from tests.shop.goods import make_level
from tests.shop.orders import order_of
from tests.shop.people import CustomerFactory, make_buyer
from users.models.api_key import Scope
from users.models.customer import Customer
from users.models.user import User
from users.services.create_api_key import create_api_key
from webhooks.models.endpoint import Endpoint
from webhooks.services.save_endpoint import create_endpoint


def pending(units: int = 3) -> Order:
    return order_of(make_buyer(), (make_level(on_hand=9), units))


def paid() -> Order:
    order = pending()
    confirm_payment(order_id=order.pk, actor=SYSTEM)
    return order


def shipped() -> Order:
    order = paid()
    for status in ("PROCESSING", "SHIPPED"):
        advance_order(order_id=order.pk, status=status, actor=SYSTEM)
    return order


def line_of(order: Order) -> OrderItem:
    return OrderItem.objects.get(order=order)


def refunded() -> Refund:
    order = paid()
    return refund_order(
        order_id=order.pk, requested=RefundRequest((RequestedLine(line_of(order).pk, 1),)), reason="x", actor=SYSTEM
    )[0]


def packed_shipment() -> Shipment:
    return pack_shipment(order_id=paid().pk, actor=SYSTEM)


def shipment_on_its_way() -> Shipment:
    shipment = packed_shipment()
    ship_shipment(shipment_id=shipment.pk, actor=SYSTEM)
    return shipment


def asked_back() -> Return:
    order = shipped()
    return request_return(order_id=order.pk, units=[(line_of(order).pk, 1)], reason="small", actor=SYSTEM)


def approved() -> Return:
    made = asked_back()
    approve_return(return_id=made.pk, actor=SYSTEM)
    return made


def received() -> Return:
    made = approved()
    receive_return(return_id=made.pk, actor=SYSTEM)
    return made


def draft(agreed: Decimal | None = None) -> Draft:
    line = DraftedLine(make_level(on_hand=9).variant_id, 1, agreed_price=agreed)
    return create_draft(customer_id=CustomerFactory.create().pk, currency="USD", actor=SYSTEM, lines=[line])


def intent() -> PaymentIntent:
    return create_intent(order_id=pending().pk, actor=SYSTEM, provider="manual", method="bank_transfer").intent


def deal_with_a_line() -> Deal:
    deal, level = make_deal(make_buyer()), make_level(on_hand=9)
    DealLine.objects.create(deal=deal, variant_id=level.variant_id, unit_price=Decimal(10))
    return deal


def receipt() -> StockDocument:
    level = make_level(on_hand=1)
    lines = [RequestedDocumentLine(level.variant.sku, 2)]
    return create_stock_document(kind=DocumentKind.RECEIPT, location_id=level.location_id, lines=lines, actor=SYSTEM)


def known_customer() -> Customer:
    """With something in every table that is about people."""
    buyer = make_buyer()
    give_past(buyer, ["order", "paid order", "deal's task", "note", "lead"], tags=["red"], segments=["Regulars"])
    return buyer.customer


def forgettable_customer() -> Customer:
    buyer = make_buyer()
    give_past(buyer, ["deal's task", "note", "lead"], tags=["red"], segments=["Regulars"])
    return buyer.customer


def merged() -> CustomerMerge:
    return merge_customers(kept_id=known_customer().pk, duplicate_id=known_customer().pk, actor=SYSTEM)


def pair() -> DuplicatePair:
    first, second = sorted((CustomerFactory.create(), CustomerFactory.create()), key=lambda one: str(one.pk))
    return DuplicatePair.objects.create(first=first, second=second, score=90, reasons=["email"])


def lines_of_one(**fields: Any) -> dict[str, Any]:
    return {"items": [{"variant": str(make_level(on_hand=9).variant_id), "quantity": 1}], **fields}


def to_merge() -> dict[str, str]:
    return {"kept": str(known_customer().pk), "duplicate": str(known_customer().pk)}


def endpoint_of_a_key() -> Endpoint:
    """Of the newest superuser's."""
    owner = User.objects.filter(is_superuser=True).latest("pk")
    key, _ = create_api_key(owner=owner, name="listener", scopes=[Scope.WEBHOOKS_WRITE])
    return create_endpoint(owner=owner, url="https://example.com/", types=["*"], api_key_id=key.pk)[0]


def segment_of_one() -> Segment:
    Segment.objects.filter(name="Regulars").delete()
    known_customer()
    return Segment.objects.get(name="Regulars")


def failed_refund() -> Refund:
    refund = refunded()
    mark_refund_sent(refund_id=refund.pk, actor=SYSTEM)
    fail_refund(refund_id=refund.pk, actor=SYSTEM, failure="closed account")
    return refund


def extendable() -> Order:
    HoldPolicy.objects.filter(customer_group=None, payment_method="").delete()
    HoldPolicy.objects.create(minutes=20)
    return pending()


def waited_for() -> StockLevel:
    """What comes in fills an order that waits."""
    level = make_level_to_wait_for(on_hand=0, limit=5)
    sell_ahead(make_buyer(), level, 2)
    return level


def two_alike() -> Customer:
    """One of two that are alike."""
    first, _second = CustomerFactory.create(email="same@example.com"), CustomerFactory.create(email="same@example.com")
    return first

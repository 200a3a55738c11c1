"""Addresses of what follows an order: its parts, money back, shipments, quotes and papers of the warehouse."""

from inventory.models.document import DocumentKind
from inventory.services.create_stock_document import RequestedDocumentLine, create_stock_document
from orders.models.draft import Draft
from orders.models.order import Order
from orders.services.payments.confirm_payment import confirm_payment
from shared.actor import SYSTEM
from tests.shop.goods import make_level, make_level_of_another
from tests.shop.http.admin_pages import page_url
from tests.shop.orders import order_of
from tests.shop.people import Buyer


def sold_pages(buyer: Buyer) -> list[str]:
    """Of a paid order over two sellers, a draft and a delivery."""
    level = make_level(on_hand=9)
    order = order_of(buyer, (level, 2), (make_level_of_another(on_hand=9), 1))
    confirm_payment(order_id=order.pk, actor=SYSTEM)
    draft = Draft.objects.create(customer=buyer.customer, currency="USD", number="D-1")
    draft.lines.create(variant=level.variant, quantity=2)
    arrived = create_stock_document(
        kind=DocumentKind.RECEIPT,
        location_id=level.location_id,
        lines=[RequestedDocumentLine(level.variant.sku, 5)],
        actor=SYSTEM,
    )
    return [
        page_url(order),
        page_url(Order.objects.filter(parent=order)[0], "refund"),
        page_url(draft),
        page_url(arrived),
        "/admin/orders/shipment/worklist/",
    ]

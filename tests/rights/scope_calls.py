"""A request for every route of the API that succeeds: what it is about is made first, and what is sent with it.

A route that is not here fails tests/rights/test_scopes.py, and so does one whose request is refused."""

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model

from catalog.models.category import Category
from catalog.models.price_list import PriceList
from catalog.models.product import Product
from catalog.models.seller import Seller
from catalog.models.tax import TaxRegion
from catalog.models.variant import Variant
from catalog.services.ensure_default_seller import ensure_default_seller
from crm.models.deal import Deal
from crm.models.lead import Lead
from crm.models.segment import Segment
from crm.models.task import Task
from events.feed.reading import last_position
from inventory.models.location import StockLocation
from inventory.services.ensure_location import ensure_location
from orders.models.coupon import Coupon
from orders.models.order import Order
from orders.models.payment_method import PaymentMethod
from orders.models.shipping_method import ShippingMethod
from tests.rights.scope_rows import (
    approved,
    asked_back,
    deal_with_a_line,
    draft,
    endpoint_of_a_key,
    extendable,
    failed_refund,
    forgettable_customer,
    intent,
    known_customer,
    line_of,
    lines_of_one,
    merged,
    packed_shipment,
    paid,
    pair,
    pending,
    receipt,
    received,
    refunded,
    segment_of_one,
    shipment_on_its_way,
    shipped,
    to_merge,
    two_alike,
    waited_for,
)
from tests.shop.admin_rows import make_deal
from tests.shop.goods import make_level
from tests.shop.http.api_client import Form
from tests.shop.people import CompanyFactory, CustomerFactory, make_buyer
from tests.shop.pictures import a_picture, png
from users.models.tag import Tag
from webhooks.services.send_again import send_test


class Call(NamedTuple):
    """`row`: whose address it is. `body` is sent as JSON; None: nothing is."""

    row: Model | UUID | None = None
    body: Any = None


def key_of(row: Model) -> str:
    return str(row.pk)


_RULE = {"all": [{"field": "last_order", "op": "not_within_days", "value": 90}]}
_LEAD = {"name": "Grace", "email": "grace@example.com", "company_name": "Compilers"}
_CONSENT = {"purpose": "profiling", "is_given": True, "source": "call"}
_UNIQUE = iter(range(10**6))


def _name() -> str:
    return f"scope {next(_UNIQUE)}"


def _edit(**more: str) -> Call:
    order = pending(3)
    return Call(order, {"lines": [{"item": key_of(line_of(order)), "quantity": 2}], **more})


# By the route's name and its action.
CALLS: dict[str, Callable[[], Call]] = {
    "order-list (create)": lambda: Call(None, lines_of_one(customer=key_of(make_buyer().customer))),
    "order-preview (preview)": lambda: Call(None, lines_of_one(customer=key_of(make_buyer().customer))),
    "order-detail (retrieve)": lambda: Call(paid()),
    "order-detail (destroy)": lambda: Call(pending()),
    "order-detail (partial_update)": lambda: Call(paid(), {"metadata": {"erp": "1"}}),
    "order-advance (advance)": lambda: Call(paid(), {"status": "PROCESSING"}),
    "order-payment (payment)": lambda: Call(pending(), {"status": "paid"}),
    "shipment-cancellation (cancellation)": lambda: Call(packed_shipment(), {}),
    "shipment-departure (departure)": lambda: Call(packed_shipment(), {}),
    "shipment-delivery (delivery)": lambda: Call(shipment_on_its_way(), {}),
    "draft-list (create)": lambda: Call(
        None,
        {
            "customer": key_of(CustomerFactory.create()),
            "lines": [{"variant": str(make_level(on_hand=9).variant_id), "quantity": 1}],
        },
    ),
    "draft-detail (partial_update)": lambda: Call(draft(), {"note": "Hm"}),
    "draft-detail (retrieve)": lambda: Call(draft()),
    "draft-decline (decline)": lambda: Call(draft(), {}),
    "draft-sending (sending)": lambda: Call(draft(), {}),
    "draft-order (order)": lambda: Call(draft(), {}),
    "draft-quote (quote)": lambda: Call(draft()),
    "refund-retry (retry)": lambda: Call(failed_refund(), {}),
    "refund-settlement (settlement)": lambda: Call(refunded(), {"reference": "bank"}),
    "return-approval (approval)": lambda: Call(asked_back(), {}),
    "return-rejection (rejection)": lambda: Call(asked_back(), {"answer": "worn"}),
    "return-withdrawal (withdrawal)": lambda: Call(asked_back(), {}),
    "return-receipt (receipt)": lambda: Call(approved(), {}),
    "return-refund (refund)": lambda: Call(received(), {}),
    "order-invoice-list (create)": lambda: Call(paid(), {}),
    "order-lines-detail (partial_update)": lambda: _edit(reason="one less"),
    "order-lines-preview (preview)": _edit,
    "order-extension-list (create)": lambda: Call(extendable(), {}),
    "order-shipment-list (create)": lambda: Call(paid(), {}),
    "order-refund-list (create)": lambda: _of_line(paid(), reason="broken"),
    "order-refund-list (list)": lambda: Call(refunded().order),
    "order-return-list (create)": lambda: _of_line(shipped(), reason="small"),
    "order-return-list (list)": lambda: Call(asked_back().order),
    "order-cancellation-list (create)": lambda: Call(paid(), {"reason": "customer"}),
    "order-payment-intent-list (create)": lambda: Call(pending(), {"provider": "manual", "method": "bank_transfer"}),
    "payment-intent-capture (capture)": lambda: Call(intent(), {}),
    "payment-intent-void (void)": lambda: Call(intent(), {}),
    "customer-list (create)": lambda: Call(
        None,
        {
            "name": "Ada",
            "email": "ada@example.com",
            "company": key_of(CompanyFactory.create()),
            "tags": [_name()],
        },
    ),
    "customer-detail (retrieve)": lambda: Call(known_customer()),
    "customer-detail (partial_update)": lambda: Call(known_customer(), {"phone": "1", "tags": [_name()]}),
    "customer-detail (destroy)": lambda: Call(CustomerFactory.create()),
    "customer-duplicates-list (list)": lambda: Call(two_alike()),
    "company-list (create)": lambda: Call(None, {"name": "Engines"}),
    "company-detail (partial_update)": lambda: Call(CompanyFactory.create(), {"phone": "1"}),
    "company-detail (destroy)": lambda: Call(CompanyFactory.create()),
    "category-list (create)": lambda: Call(None, {"name": _name()}),
    "category-detail (partial_update)": lambda: Call(Category.objects.all()[0], {"name": _name()}),
    "category-detail (destroy)": lambda: Call(Category.objects.all()[0]),
    "product-list (create)": lambda: Call(None, {"name": _name()}),
    "product-picture-list (create)": lambda: Call(
        Product.objects.all()[0], Form(file=SimpleUploadedFile("a.png", png(), "image/png"))
    ),
    "picture-detail (retrieve)": lambda: Call(a_picture()),
    "picture-detail (partial_update)": lambda: Call(a_picture(), {"alternative_text": "A cup"}),
    "picture-detail (destroy)": lambda: Call(a_picture()),
    "product-detail (partial_update)": lambda: Call(Product.objects.all()[0], {"name": _name()}),
    "product-detail (destroy)": lambda: Call(Product.objects.all()[0]),
    "variant-list (create)": lambda: Call(
        None, {"product": key_of(Product.objects.all()[0]), "sku": _name().replace(" ", "-"), "price": "1.00"}
    ),
    "variant-detail (partial_update)": lambda: Call(Variant.objects.all()[0], {"price": "2.00"}),
    "variant-detail (destroy)": lambda: Call(Variant.objects.all()[0]),
    "seller-list (create)": lambda: Call(None, {"name": _name()}),
    "seller-detail (partial_update)": lambda: Call(Seller.objects.latest("id"), {"name": _name()}),
    "seller-detail (destroy)": lambda: Call(Seller.objects.latest("id")),
    "price-list-list (create)": lambda: Call(
        None,
        {
            "name": _name(),
            "currency": "USD",
            "prices": [{"variant": str(make_level(on_hand=1).variant_id), "amount": "1"}],
        },
    ),
    "price-list-detail (partial_update)": lambda: Call(PriceList.objects.all()[0], {"name": _name()}),
    "price-list-detail (destroy)": lambda: Call(PriceList.objects.all()[0]),
    "shop-logo (replace)": lambda: Call(None, Form(file=SimpleUploadedFile("a.png", png(), "image/png"))),
    "shop-logo (remove)": Call,
    "shop-detail (partial_update)": lambda: Call(
        None, {"name": _name(), "bank_accounts": [{"iban": "DE89370400440532013000"}]}
    ),
    "tax-region-list (create)": lambda: Call(
        None, {"country": "ZZ", "name": "Nowhere", "rates": [{"name": "VAT", "rate": "0.2"}]}
    ),
    "tax-region-detail (partial_update)": lambda: Call(TaxRegion.objects.all()[0], {"name": _name()}),
    "coupon-list (create)": lambda: Call(None, {"code": "SUMMER", "value": "10"}),
    "coupon-detail (partial_update)": lambda: Call(Coupon.objects.all()[0], {"is_active": False}),
    "coupon-detail (destroy)": lambda: Call(Coupon.objects.all()[0]),
    "payment-method-list (create)": lambda: Call(None, {"code": "cash", "name": "Cash", "is_staff_default": True}),
    "payment-method-detail (partial_update)": lambda: Call(PaymentMethod.objects.all()[0], {"name": _name()}),
    "payment-method-detail (destroy)": lambda: Call(PaymentMethod.objects.all()[0]),
    "shipping-method-list (create)": lambda: Call(
        None, {"code": "air", "name": "By air", "currency": "USD", "price": "9.00"}
    ),
    "shipping-method-detail (partial_update)": lambda: Call(ShippingMethod.objects.all()[0], {"name": _name()}),
    "shipping-method-detail (destroy)": lambda: Call(ShippingMethod.objects.all()[0]),
    "stock-location-list (create)": lambda: Call(None, {"seller": key_of(ensure_default_seller()), "name": _name()}),
    "stock-location-detail (partial_update)": lambda: Call(StockLocation.objects.all()[0], {"name": _name()}),
    "stock-level-list (create)": lambda: Call(None, _new_level()),
    "stock-level-detail (partial_update)": lambda: Call(make_level(on_hand=1), {"low_stock_threshold": 3}),
    "stock-level-adjustments (adjustments)": lambda: Call(waited_for(), {"quantity": 3, "reason": "counted"}),
    "stock-document-list (create)": lambda: Call(None, _new_receipt()),
    "stock-document-application (application)": lambda: Call(receipt()),
    "stock-document-cancellation (cancellation)": lambda: Call(receipt()),
    "lead-list (create)": lambda: Call(None, _LEAD),
    "lead-detail (partial_update)": lambda: Call(Lead.objects.create(name="Ada"), {"phone": "1"}),
    "lead-convert (convert)": lambda: Call(Lead.objects.create(**_LEAD), {"deal": {"title": "Chairs"}}),
    "deal-list (create)": lambda: Call(None, {"title": "Chairs", "customer": key_of(CustomerFactory.create())}),
    "deal-detail (partial_update)": lambda: Call(make_deal(make_buyer()), {"title": "More"}),
    "deal-lines (lines)": lambda: Call(
        make_deal(make_buyer()), {"lines": [{"variant": str(make_level(on_hand=1).variant_id)}]}
    ),
    "deal-order (order)": lambda: Call(deal_with_a_line()),
    "deal-stage (stage)": lambda: _move(make_deal(make_buyer())),
    "activity-list (create)": lambda: Call(None, {"customer": key_of(CustomerFactory.create()), "text": "Called"}),
    "task-list (create)": lambda: Call(None, {"title": "Call", "deal": key_of(make_deal(make_buyer()))}),
    "task-detail (partial_update)": lambda: Call(Task.objects.create(title="Call"), {"title": "Ring"}),
    "task-complete (complete)": lambda: Call(Task.objects.create(title="Call")),
    "tag-list (create)": lambda: Call(None, {"name": _name()}),
    "tag-detail (partial_update)": lambda: Call(Tag.objects.create(name=_name()), {"name": _name()}),
    "webhook-endpoint-list (create)": lambda: Call(None, {"url": "https://example.com/", "types": ["*"]}),
    "webhook-endpoint-detail (retrieve)": lambda: Call(endpoint_of_a_key()),
    "webhook-endpoint-detail (partial_update)": lambda: Call(endpoint_of_a_key(), {"state": "disabled"}),
    "webhook-endpoint-detail (destroy)": lambda: Call(endpoint_of_a_key()),
    "webhook-endpoint-test (test)": lambda: Call(endpoint_of_a_key()),
    "webhook-endpoint-rotate (rotate)": lambda: Call(endpoint_of_a_key()),
    "webhook-endpoint-replay (replay)": lambda: Call(endpoint_of_a_key(), {"after": last_position()}),
    "webhook-endpoint-delivery-list (list)": lambda: Call(endpoint_of_a_key()),
    "webhook-delivery-detail (retrieve)": lambda: Call(send_test(endpoint_id=endpoint_of_a_key().pk)),
    "webhook-delivery-redelivery (redelivery)": lambda: Call(send_test(endpoint_id=endpoint_of_a_key().pk)),
    "segment-list (create)": lambda: Call(None, {"name": _name(), "rule": _RULE}),
    "segment-detail (partial_update)": lambda: Call(Segment.objects.all()[0], {"description": "Hm"}),
    "segment-detail (destroy)": lambda: Call(Segment.objects.create(name=_name(), rule=_RULE)),
    "segment-members (members)": lambda: Call(segment_of_one()),
    "segment-refresh (refresh)": lambda: Call(Segment.objects.create(name=_name(), rule=_RULE)),
    "duplicate-dismissal (dismissal)": lambda: Call(pair()),
    "merge-list (create)": lambda: Call(None, to_merge()),
    "merge-preview (preview)": lambda: Call(None, to_merge()),
    "merge-undo (undo)": lambda: Call(merged()),
    "consent-list (create)": lambda: Call(None, {"customer": key_of(CustomerFactory.create()), **_CONSENT}),
    "personal-data-detail (retrieve)": lambda: Call(known_customer()),
    "personal-data-pdf (pdf)": lambda: Call(known_customer()),
    "personal-data-detail (destroy)": lambda: Call(forgettable_customer()),
}


def _of_line(order: Order, **more: str) -> Call:
    return Call(order, {"items": [{"item": key_of(line_of(order)), "quantity": 1}], **more})


def _move(deal: Deal) -> Call:
    stage = deal.pipeline.stages.exclude(pk=deal.stage_id).order_by("position")[0]
    return Call(deal, {"stage": key_of(stage)})


def _new_level() -> dict[str, Any]:
    seller = Seller.objects.create(name=(name := _name()), slug=name.replace(" ", "-"))
    location = ensure_location(seller=seller)
    return {"variant": str(make_level(on_hand=1).variant_id), "location": key_of(location), "on_hand": 4}


def _new_receipt() -> dict[str, Any]:
    level = make_level(on_hand=1)
    return {
        "kind": "receipt",
        "location": str(level.location_id),
        "lines": [{"variant": level.variant.sku, "quantity": 2}],
    }

"""For every POST route: what must have happened, and a body that is accepted. A new one fails until it stands here."""

from collections.abc import Callable
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from config.api import urlpatterns
from crm.models.duplicate_pair import DuplicatePair
from orders.models.refund import Refund
from tests.shop.goods import for_sale, make_level
from tests.shop.http.api_client import Caller, Form, ok
from tests.shop.http.order_changes import CHANGES
from tests.shop.people import CustomerFactory
from tests.shop.pictures import png

_serial = count(1)

# Of the changes of orders those that are no POST.
NO_POSTS = {"order-detail", "order-payment", "order-advance", "order-lines-detail", "draft-detail"}
# What prepares a request answers the id in its address (or nothing) and its body.
Prepared = tuple[str, Any]
Prepare = Callable[[Caller], Prepared]


def post_routes() -> dict[str, tuple[str, Any]]:
    """Address and view of every POST route, by name."""
    found = {}
    for pattern in urlpatterns:
        actions = getattr(pattern.callback, "actions", None)
        if actions is None or "post" in actions:
            address = "/" + str(pattern.pattern).replace("<uuid:pk>", "{pk}")
            found[str(pattern.name)] = (address, pattern.callback)
    return found


def why_without_key(callback: Any) -> str:
    """Why the route takes no key, as its view says; empty for one that does."""
    view: Any = getattr(callback, "cls", None) or callback.view_class
    reasons: dict[str, str] = getattr(view, "nothing_to_lose", {})
    return reasons.get((getattr(callback, "actions", None) or {"post": "post"})["post"], "")


def _made(staff: Caller, address: str, body: Any) -> str:
    return str(ok(staff.post(address, body), 201)["id"])


def _customer() -> str:
    return str(CustomerFactory.create().pk)


def _name() -> str:
    return f"n{next(_serial)}"


def _order(staff: Caller) -> dict[str, Any]:
    body = {"customer": _customer(), "items": [{"variant": str(for_sale().pk), "quantity": 2}]}
    return ok(staff.place(body), 201)


def _of_order(name: str) -> Prepare:
    def prepare(staff: Caller) -> Prepared:
        order, change = _order(staff), CHANGES[name]
        return change.prepare(staff, order), change.body(order)

    return prepare


def _new(body: Callable[[Caller], Any]) -> Prepare:
    return lambda staff: ("", body(staff))


def _on(address: str, new: Callable[[Caller], Any], body: Any = None) -> Prepare:
    """An action on a row that is made for it."""
    return lambda staff: (_made(staff, address, new(staff)), body)


def _refund(staff: Caller) -> str:
    order = _order(staff)
    ok(staff.pay(order))
    lines = {"items": [{"item": order["items"][0]["id"], "quantity": 1}], "reason": "late"}
    ok(staff.post(f"/orders/{order['id']}/refunds", lines), 201)
    return str(Refund.objects.get(order=order["id"]).pk)


def _failed_refund(staff: Caller) -> Prepared:
    refund = _refund(staff)
    Refund.objects.filter(pk=refund).update(status="FAILED", failure="refused")
    return refund, {}


def _draft(_staff: Caller) -> Any:
    return {"customer": _customer(), "lines": [{"variant": str(for_sale().pk), "quantity": 1}]}


def _document(_staff: Caller) -> Any:
    level = make_level(on_hand=3)
    lines = [{"variant": level.variant.sku, "quantity": 4}]
    return {"kind": "receipt", "location": str(level.location_id), "lines": lines}


def _deal_with_lines(staff: Caller) -> Prepared:
    deal = _made(staff, "/deals", {"title": "Chairs", "customer": _customer()})
    ok(staff.patch(f"/deals/{deal}/lines", {"lines": [{"variant": str(for_sale().pk)}]}))
    return deal, None


def _pair(_staff: Caller) -> Prepared:
    first, second = sorted([CustomerFactory.create(), CustomerFactory.create()], key=lambda one: one.pk)
    return str(DuplicatePair.objects.create(first=first, second=second, score=90, reasons=["email"]).pk), None


def _merge(_staff: Caller) -> Any:
    return {"kept": _customer(), "duplicate": _customer()}


def _lead(_staff: Caller) -> Any:
    return {"name": "Ada", "email": f"{_name()}@example.com"}


def _segment(_staff: Caller) -> Any:
    return {"name": _name(), "rule": {"all": [{"field": "last_order", "op": "not_within_days", "value": 90}]}}


def _endpoint(_staff: Caller) -> Any:
    return {"url": "https://example.com/kontor", "types": ["order.*"]}


def _delivery(staff: Caller) -> Prepared:
    endpoint = _made(staff, "/webhook-endpoints", _endpoint(staff))
    return _made(staff, f"/webhook-endpoints/{endpoint}/test", None), None


def _variant(staff: Caller) -> Any:
    return {"product": _made(staff, "/products", {"name": _name()}), "sku": _name(), "price": "2.00"}


_BY_CASH = {"provider": "manual", "method": "cash"}
_POST_METHOD = {"name": "Post", "currency": "USD", "price": "6.00"}

POSTS: dict[str, Prepare] = {
    "order-list": _new(lambda _: {"customer": _customer(), "items": [{"variant": str(for_sale().pk), "quantity": 1}]}),
    **{name: _of_order(name) for name in CHANGES if name not in NO_POSTS},
    "order-payment-intent-list": lambda staff: (_order(staff)["id"], _BY_CASH),
    "refund-settlement": lambda staff: (_refund(staff), {"reference": "wire"}),
    "refund-retry": _failed_refund,
    "draft-list": _new(_draft),
    "draft-sending": _on("/drafts", lambda staff: _draft(staff) | {"kind": "quote"}, {}),
    "draft-decline": _on("/drafts", _draft, {}),
    "draft-order": _on("/drafts", _draft, {}),
    "customer-list": _new(lambda _: {"name": "Ada", "email": f"{_name()}@example.com"}),
    "company-list": _new(lambda _: {"name": _name()}),
    "category-list": _new(lambda _: {"name": _name()}),
    "product-list": _new(lambda _: {"name": _name()}),
    "product-picture-list": lambda staff: (
        _made(staff, "/products", {"name": _name()}),
        Form(file=SimpleUploadedFile("a.png", png(), "image/png")),
    ),
    "variant-list": _new(_variant),
    "seller-list": _new(lambda _: {"name": _name()}),
    "price-list-list": _new(lambda _: {"name": _name(), "currency": "USD"}),
    "tax-region-list": _new(lambda _: {"country": "DE", "name": "Germany"}),
    "coupon-list": _new(lambda _: {"code": _name(), "value": "10"}),
    "payment-method-list": _new(lambda _: {"code": _name(), "name": "Bank transfer"}),
    "shipping-method-list": _new(lambda _: {"code": _name(), **_POST_METHOD}),
    "stock-location-list": _new(lambda staff: {"seller": _made(staff, "/sellers", {"name": _name()}), "name": "Attic"}),
    "stock-level-list": _new(lambda staff: {"variant": _made(staff, "/variants", _variant(staff)), "on_hand": 3}),
    "stock-level-adjustments": lambda _: (str(make_level(on_hand=3).pk), {"quantity": 10, "reason": "found"}),
    "stock-document-list": _new(_document),
    "stock-document-application": _on("/stock-documents", _document),
    "stock-document-cancellation": _on("/stock-documents", _document),
    "lead-list": _new(_lead),
    "lead-convert": _on("/leads", _lead, {"deal": {"title": "Chairs"}}),
    "deal-list": _new(lambda _: {"title": "Chairs", "customer": _customer()}),
    "deal-order": _deal_with_lines,
    "activity-list": _new(lambda _: {"customer": _customer(), "text": "Called"}),
    "task-list": _new(lambda _: {"title": "Call back"}),
    "task-complete": _on(
        "/tasks", lambda _: {"title": "Call back", "due_at": "2030-01-01T09:00:00Z", "repeat": "daily"}
    ),
    "tag-list": _new(lambda _: {"name": _name()}),
    "webhook-endpoint-list": _new(_endpoint),
    "webhook-endpoint-test": _on("/webhook-endpoints", _endpoint),
    "webhook-endpoint-rotate": _on("/webhook-endpoints", _endpoint),
    "webhook-endpoint-replay": _on("/webhook-endpoints", _endpoint, {"after": 0}),
    "webhook-delivery-redelivery": _delivery,
    "event-ticket-list": _new(lambda _: None),
    "shop-logo": lambda _: ("", Form(file=SimpleUploadedFile("a.png", png(), "image/png"))),
    "segment-list": _new(_segment),
    "segment-refresh": _on("/segments", _segment),
    "duplicate-dismissal": _pair,
    "merge-list": _new(_merge),
    "merge-undo": _on("/merges", _merge),
    "consent-list": _new(
        lambda _: {"customer": _customer(), "purpose": "profiling", "is_given": True, "source": "web"}
    ),
}

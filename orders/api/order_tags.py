"""The tag of an order, as one caller sees it, and 304 before anything else of the order is read
(docs/decisions/etags.md)."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from rest_framework.request import Request

from catalog.seller_access import sellers_of
from orders.api.record_access import hidden_from, may_see
from orders.models.order import Order
from shared.api.conditional import etag, not_modified
from shared.planner.compiled import compiled_values


def order_etag(request: Request, version: int) -> str:
    """The version, and where the caller sees a part of the order alone, which: rights and sellers change without the
    order."""
    hidden, sellers = hidden_from(request), sellers_of(request.user)
    if sellers is None and not hidden:
        return etag(version)
    # What the caller is not shown is in the tag: a right that is given or taken changes the answer, not the order.
    # Sorted, as sellers are a set: the same ones must make the same tag in every process.
    return etag(version, part=[*hidden, *sorted(map(str, sellers or ()))])


def order_not_modified(request: Request, order_id: UUID) -> HttpResponse | None:
    """304 if the order exists for the caller, who sees the whole of it, and If-None-Match has its tag. None: it must be
    read, also to be refused. One statement, none without If-None-Match."""
    # Most callers keep nothing: they pay for no look at the version.
    if "If-None-Match" not in request.headers:
        return None
    for version, customer_id in _versions_of(order_id=order_id):
        if may_see(request, customer_id):
            return not_modified(request, order_etag(request, version))
    return None


@compiled_values
def _versions_of(*, order_id: UUID) -> QuerySet[Order, Any]:
    return Order.objects.live().filter(pk=order_id).order_by().values_list("version", "customer_id")

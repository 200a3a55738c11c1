"""The board: orders in progress as cards in columns, the one that waits longest first, each with its next step."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from catalog.seller_access import sellers_of
from orders.models.order import Order
from orders.models.shipment import Shipment
from orders.reads.for_sellers import orders_reached
from orders.reads.newest import orders_of_kind
from orders.states import OrderStatus, ShipmentStatus

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    _Base = ModelAdmin
else:
    _Base = object

_SHOWN = 30  # cards in a column; the rest is in the list
_COLUMNS = (OrderStatus.PENDING, OrderStatus.CONFIRMED, OrderStatus.PROCESSING, OrderStatus.SHIPPED)
_IS_PACKED = Exists(Shipment.objects.filter(order=OuterRef("pk"), status=ShipmentStatus.READY))


class OrderBoard(_Base):
    """Cards are moved by their next step and not by dragging: it asks for money, goods or numbers."""

    def get_urls(self) -> list[URLPattern]:
        board = path("board/", self.admin_site.admin_view(self.board), name="orders_order_board")
        return [board, *super().get_urls()]

    def board(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "title": _("Board"),
            "opts": self.opts,
            "columns": [_column_of(request, status) for status in _COLUMNS],
            "may_add": self.has_add_permission(request),
        }
        return TemplateResponse(request, "admin/kontor/order_board.html", context)


def _column_of(request: HttpRequest, status: OrderStatus) -> dict[str, Any]:
    found = list(_orders_in(request, status).annotate(is_packed=_IS_PACKED)[: _SHOWN + 1])
    return {
        "status": status,
        "cards": [{"order": order, "step": _step_of(request, order)} for order in found[:_SHOWN]],
        "has_more": len(found) > _SHOWN,
    }


def _orders_in(request: HttpRequest, status: OrderStatus) -> QuerySet[Order]:
    """Whole orders; for a seller's own people their sub-orders."""
    if sellers_of(request.user) is None:
        return orders_of_kind(ascending=True, status=status)
    return orders_reached(request.user, Order.objects.live()).filter(status=status).order_by("created_at", "id")


def _step_of(request: HttpRequest, order: Order) -> dict[str, str] | None:
    """The page of the next step, for who may take it."""
    packed = order.is_packed or order.status == OrderStatus.SHIPPED  # type: ignore[attr-defined]
    moved_on = _("Mark as delivered") if order.status == OrderStatus.SHIPPED else _("Mark as sent")
    action, right, label = ("advance", "orders.advance_order", moved_on)
    if order.status == OrderStatus.PENDING:
        action, right, label = ("confirm_payment", "orders.confirm_payment", _("Confirm payment"))
    elif not packed:
        action, right, label = ("pack", "orders.add_shipment", _("Pack a shipment"))
    if not request.user.has_perm(right):
        return None
    return {"url": reverse(f"admin:orders_order_{action}", args=[order.pk]), "label": label}

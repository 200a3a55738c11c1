"""The board: orders in progress as cards in columns, the one that waits longest first, each with its next step."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.seller_access import sellers_of
from orders.admin.orders.board_pictures import pictures_on_cards
from orders.admin.orders.next_step import all_packed, next_step, possible_actions, step_name
from orders.incoming_payments.due import shown_due
from orders.incoming_payments.settled import MAY_SHIP_UNSETTLED
from orders.models.order import DisputeFlag, Order
from orders.models.order_item import OrderItem
from orders.reads.newest import orders_of_kind
from orders.states import TO_PACK, OrderStatus
from shared.planner.lookups import one_of

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    _Base = ModelAdmin
else:
    _Base = object

_SHOWN = 30  # cards in a column; the rest is in the list
_COLUMNS = (OrderStatus.PENDING, OrderStatus.CONFIRMED, OrderStatus.PROCESSING, OrderStatus.SHIPPED)
_STEPS: dict[str, tuple[str, Any]] = {
    "confirm_payment": ("orders.confirm_payment", gettext_lazy("Confirm payment")),
    "pack": ("orders.add_shipment", gettext_lazy("Pack a shipment")),
    "advance": ("orders.advance_order", gettext_lazy("Move on")),
}


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
            "columns": _with_pictures([_column_of(request, status) for status in _COLUMNS]),
            "may_add": self.has_add_permission(request),
        }
        return TemplateResponse(request, "admin/kontor/order_board.html", context)


def _column_of(request: HttpRequest, status: OrderStatus) -> dict[str, Any]:
    sub_orders = Prefetch("sub_orders", Order.objects.only("parent_id", "status"))
    found = list(_orders_in(request, status).select_related("parent").prefetch_related(sub_orders)[: _SHOWN + 1])
    packed = all_packed(found[:_SHOWN])
    return {
        "status": status,
        "cards": [{"order": order, "step": _step_of(request, order, packed)} for order in found[:_SHOWN]],
        "has_more": len(found) > _SHOWN,
    }


def _with_pictures(columns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    cards = [card for column in columns for card in column["cards"]]
    pictures = pictures_on_cards([card["order"] for card in cards])
    for card in cards:
        card["pictures"] = pictures[card["order"].pk]
    return columns


def _orders_in(request: HttpRequest, status: OrderStatus) -> QuerySet[Order]:
    """Whole orders; for a seller's own people their sub-orders."""
    sellers = sellers_of(request.user)
    if sellers is None:
        return orders_of_kind(ascending=True, status=status)
    # An order stands where the last of its lines does, so that one has its status: read from item_seller_status, and
    # not by asking each order of the shop whether it has a line of theirs.
    lines = OrderItem.objects.filter(one_of("seller_id", sellers), status=status).order_by()
    return Order.objects.live().filter(pk__in=lines.values("order"), status=status).order_by("created_at", "id")


def _step_of(request: HttpRequest, order: Order, packed: set[UUID]) -> dict[str, Any] | None:
    """The page of the next step, for who may take it: that which stands out on the order's own page."""
    possible = possible_actions(order)
    offered = {name for name in possible & set(_STEPS) if request.user.has_perm(_STEPS[name][0])}
    step = next_step(order, offered, packed)
    # What would be refused is no next step: goods leave against money, unless somebody takes that upon themselves.
    if step != "confirm_payment" and _stands_still(request, order):
        step = "confirm_payment" if shown_due(order) else ""
    if step not in offered:
        return None
    label = step_name(order, step) or _STEPS[step][1]
    return {"url": reverse(f"admin:orders_order_{step}", args=[order.pk]), "label": label}


def _stands_still(request: HttpRequest, order: Order) -> bool:
    """Its goods are here and may not leave, for want of money."""
    if order.status not in TO_PACK or request.user.has_perm(MAY_SHIP_UNSETTLED):
        return False
    whole = order.parent or order
    return bool(shown_due(whole)) or whole.dispute in (DisputeFlag.OPEN, DisputeFlag.LOST)

"""What belongs to an order, on the order's page."""

from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from catalog.pictures import picture_of_variant
from catalog.seller_access import of_sellers_of
from orders.models.backorder import Backorder, BackorderStatus
from orders.models.order_item import OrderItem
from orders.models.order_return import Return, ReturnItem
from orders.models.payment import Payment
from orders.models.refund import Refund, RefundItem
from orders.models.reservation import Reservation
from orders.states import ReservationStatus
from orders.status_colours import STATUS_COLOURS
from shared.admin.base import ReadOnlyInline, RecordTable
from shared.admin.display import money, number, tag

# Units of a line that were sold before they were in stock.
_WAITING = Subquery(
    Backorder.objects.filter(item=OuterRef("pk"), status=BackorderStatus.WAITING)
    .order_by()
    .values_list(F("quantity") - F("filled_quantity"))
)


class ItemInline(ReadOnlyInline):
    """Shown as the order's lines with the receipt below them."""

    model = OrderItem
    fields = ("sku",)
    readonly_fields = fields
    ordering = ("position",)
    template = "admin/kontor/order_lines.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        # A seller's own people see their lines, also on an order that others have lines in.
        items = of_sellers_of(request.user, super().get_queryset(request), "seller_id")
        picture = picture_of_variant("variant__product_id", "variant_id")
        shown: QuerySet = items.select_related("order", "seller").annotate(waiting=_WAITING, picture_id=picture)
        # For all lines at once: a page of 200 lines is drawn by as many statements as one of three.
        return shown.prefetch_related("reservations__level__location__seller")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Each line knows what is held for it, in words."""
        formset = super().get_formset(request, obj, **kwargs)

        class Lines(formset):  # type: ignore[misc,valid-type]
            def get_queryset(self) -> Any:
                items = super().get_queryset()
                for item in items:
                    item.held_texts = _held_texts(item)
                return items

        return Lines


def _held_texts(item: OrderItem) -> list[str]:
    """What is reserved and what it waits for; what was sold from the shelf needs no words."""
    active = [one for one in item.reservations.all() if one.status != ReservationStatus.CONVERTED]
    # A line may be held at several locations, and wait for the rest at the same time.
    held = [_describe_reservation(reservation) for reservation in active]
    if item.waiting:  # type: ignore[attr-defined]
        held.append(gettext("%(quantity)s waiting for goods") % {"quantity": number(item.waiting)})  # type: ignore[attr-defined]
    return held


def _describe_reservation(reservation: Reservation) -> str:
    state = reservation.get_status_display().lower()
    return gettext("%(quantity)s at %(location)s: %(state)s") % {
        "quantity": number(reservation.quantity),
        "location": reservation.level.location,
        "state": state,
    }


class PaymentInline(RecordTable):
    model = Payment
    fields = ("created_at", "received", "reference", "state", "actor")
    readonly_fields = fields
    ordering = ("id",)
    verbose_name_plural = _("payments")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("actor")

    @display(description=_("amount"))
    def received(self, payment: Payment) -> str:
        return money(payment.amount, payment.currency)

    @display(description=_("status"))
    def state(self, payment: Payment) -> str:
        # Unknown to the table of colours is what wants somebody to look.
        return tag(payment.get_status_display(), STATUS_COLOURS.get(payment.status, "warning"))


class RefundInline(RecordTable):
    model = Refund
    fields = ("created_at", "given", "state", "cause", "reason", "reference", "actor")
    readonly_fields = fields
    ordering = ("id",)
    show_change_link = True
    verbose_name_plural = _("refunds")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("actor")

    @display(description=_("amount"))
    def given(self, refund: Refund) -> str:
        return money(refund.amount, refund.currency)

    @display(description=_("status"))
    def state(self, refund: Refund) -> str:
        return tag(refund.get_status_display(), STATUS_COLOURS.get(refund.status, "danger"))


class RefundItemInline(RecordTable):
    model = RefundItem
    fields = ("item", "quantity", "worth", "restocked_quantity")
    readonly_fields = fields
    ordering = ("id",)
    verbose_name_plural = _("items")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("item", "refund")

    @display(description=_("amount"))
    def worth(self, row: RefundItem) -> str:
        return money(row.amount, row.refund.currency)


class ReturnInline(RecordTable):
    model = Return
    fields = ("number", "state", "reason", "created_at", "received_at")
    readonly_fields = fields
    ordering = ("id",)
    show_change_link = True
    verbose_name_plural = _("returns")

    @display(description=_("status"))
    def state(self, found: Return) -> str:
        return tag(found.get_status_display(), STATUS_COLOURS.get(found.status, "default"))


class ReturnItemInline(RecordTable):
    model = ReturnItem
    fields = ("item", "quantity", "received_quantity", "restocked_quantity")
    readonly_fields = fields
    ordering = ("id",)
    verbose_name_plural = _("items")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("item")

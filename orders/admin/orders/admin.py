"""Orders: history to read, and pages that let services change it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from catalog.seller_access import sellers_of
from orders.admin.desk.buttons import DESK_BUTTONS, OrderDesk
from orders.admin.orders.board import OrderBoard
from orders.admin.orders.bulk_rights import BulkRights
from orders.admin.orders.delete_page import DELETED, DELETION_BUTTONS, DeletedFilter, DeletionButtons
from orders.admin.orders.edit_buttons import EDITING_BUTTONS, EditingButtons
from orders.admin.orders.event_sentences import told_events
from orders.admin.orders.filters import ExpiredFilter, MoneyFilter, ProgressFilter
from orders.admin.orders.inlines import ItemInline, PaymentInline, RefundInline, ReturnInline
from orders.admin.orders.next_step import possible_actions, with_next_step
from orders.admin.orders.pages import advance_page, cancel_page, payment_page
from orders.admin.orders.receipt import receipt_of
from orders.admin.orders.search import search_orders
from orders.admin.payments.disputes import DisputeInline
from orders.admin.refunds.buttons import RefundButtons
from orders.admin.shipments.buttons import SHIPPING_BUTTONS, ShipmentInline, ShippingButtons
from orders.incoming_payments.due import shown_due
from orders.models.order import DisputeFlag, Order
from orders.models.order_item import OrderItem
from orders.reads.for_sellers import orders_reached
from orders.states import OrderStatus
from orders.status_colours import STATUS_COLOURS
from shared.admin.base import ReadOnlyAdmin
from shared.admin.day_range import DayRangeFilter
from shared.admin.display import countdown, money, tag
from shared.admin.filters import KindFilter, RelatedFilter
from shared.admin.form_page import FormPage, answer

GOODS_INLINES = (ItemInline, RefundInline, ReturnInline, ShipmentInline)
MONEY_INLINES = (PaymentInline, DisputeInline)
_DECIDES_ABOUT_BUTTONS = (
    *("status", "payment_status", "payment_expires_at", "parent_id", "deleted_at"),
    *("open_amount", "total", "currency"),
)
_MAX_EVENTS = 200  # the latest; an order has some ten


@admin.register(Order)
# ReadOnlyAdmin stands last: each mixin before it adds buttons, and calls on to what it says of rights.
class OrderAdmin(
    OrderBoard, BulkRights, OrderDesk, EditingButtons, RefundButtons, ShippingButtons, DeletionButtons, ReadOnlyAdmin
):
    list_display = ("number", "customer_name", "state", "payment_state", "amount", "deadline", "created_at")
    more_columns = (
        *("customer_email", "customer_tax_number", "ship_to_country", "shipping_method", "payment_method"),
        *("coupon_code", "paid_at"),
    )
    opens_with = "progress=open"
    list_filter = [
        ProgressFilter,
        ("status", KindFilter),
        ("payment_status", KindFilter),
        MoneyFilter,
        ExpiredFilter,
        DeletedFilter,
        ("customer", RelatedFilter),
        ("created_at", DayRangeFilter),
    ]
    linked_filters = ("cancel_reason__exact", "cancel_reason__in")  # from the hold report and the dashboard
    # With the id as the tie-breaker, as the index has it: two orders of one moment would else change places between
    # pages.
    ordering = ("-created_at", "-id")
    # Any other column would sort a million rows for a page of 25.
    sortable_by = ("created_at",)
    search_fields = ("number",)
    search_help_text = _("An order's number, or the beginning of its customer's name, e-mail address or phone number.")
    empty_help = _("Place the first order: pick a customer and what they buy.")
    inlines = [ItemInline, ShipmentInline, ReturnInline, PaymentInline, RefundInline, DisputeInline]
    actions_detail = (
        "confirm_payment",
        "advance",
        *EDITING_BUTTONS,
        "cancel",
        "refund",
        "take_back",
        "cancel_paid",
        *SHIPPING_BUTTONS,
        *DESK_BUTTONS,
        *DELETION_BUTTONS,
    )

    def get_fieldsets(self, request: HttpRequest, obj: Order | None = None) -> list[Any]:
        """The page's own template says it all."""
        return []

    def get_inlines(self, request: HttpRequest, obj: Order | None) -> Any:
        """Goods are shown where they are, on sub-orders; money on the whole order."""
        if obj is None or (obj.parent_id is None and not Order.objects.filter(parent=obj).exists()):
            return self.inlines
        # A split order's goods stand on its sub-orders and its money on the parent, which a buyer pays in one.
        elsewhere = GOODS_INLINES if obj.parent_id is None else MONEY_INLINES
        return [inline for inline in self.inlines if inline not in elsewhere]

    def get_inline_formsets(
        self, request: HttpRequest, formsets: list[Any], inline_instances: list[Any], obj: Order | None = None
    ) -> list[Any]:
        """Tables without a row are left out: most orders have no dispute, refund or return."""
        tables = super().get_inline_formsets(request, formsets, inline_instances, obj)
        return [table for table in tables if table.formset.initial_forms]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """The list shows whole orders, and to a seller's own people their sub-orders; a sub-order is found by its
        number, and what is deleted by its filter."""
        orders = orders_reached(request.user, super().get_queryset(request))
        # The one queryset serves the list, pages of one order and pickers; only the list hides what it does not want to
        # show.
        match = request.resolver_match
        if match is not None and "object_id" in match.kwargs:
            return orders.select_related("customer", "seller")
        is_list = match is None or match.url_name == "orders_order_changelist"
        if is_list and request.GET.get(DELETED) == "yes":
            return orders.filter(parent=None, deleted_at__isnull=False)
        # Only sub-orders' numbers have a dash.
        names_sub_order = "-" in request.GET.get("q", "")
        seller_orders = is_list and (names_sub_order or sellers_of(request.user) is not None)
        return (
            orders.filter(deleted_at=None)
            if seller_orders or not is_list
            else orders.filter(parent=None, deleted_at=None)
        )

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        return search_orders(queryset, term)

    def has_add_permission(self, request: HttpRequest) -> bool:  # type: ignore[override]
        """Staff place orders on a page of their own."""
        return bool(request.user.has_perm("orders.add_order"))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        seller_orders = partial(
            _seller_orders, object_id
        )  # read by the page, once it is known that there is such an order
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "sub_orders": seller_orders})

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        order: Any = context.get("original")
        context.update(_page_parts(request, order, context))
        return super().render_change_form(request, context, *args, **kwargs)

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Only what may happen next: buttons that would be refused are not shown."""
        # Read before the page reads its own row, and on every page of an order: only what decides about buttons.
        orders = Order.objects.only(*_DECIDES_ABOUT_BUTTONS)
        # More than one button asks whether there are sub-orders.
        order = (
            orders.prefetch_related(Prefetch("sub_orders", Order.objects.only("parent_id", "status")))
            .filter(pk=object_id)
            .first()
        )
        shown = possible_actions(order) if order is not None else set()
        offered = super().get_actions_detail(request, object_id)  # type: ignore[misc]
        buttons = [action for action in offered if action.method.original_function_name in shown]
        return with_next_step(buttons, order) if order is not None else []

    @action(
        description=_("Confirm payment"),
        icon="payments",
        variant=ActionVariant.PRIMARY,
        permissions=["orders.confirm_payment"],
    )
    def confirm_payment(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._answer_page(request, object_id, payment_page)

    @action(
        description=_("Move on"),
        icon="arrow_forward",
        variant=ActionVariant.PRIMARY,
        permissions=["orders.advance_order"],
    )
    def advance(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._answer_page(request, object_id, advance_page)

    @action(description=_("Cancel"), icon="cancel", variant=ActionVariant.DANGER, permissions=["orders.cancel_order"])
    def cancel(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._answer_page(request, object_id, cancel_page)

    def _answer_page(
        self, request: HttpRequest, object_id: str, make_page: Callable[[HttpRequest, Order], FormPage]
    ) -> HttpResponse:
        order = self.find(request, object_id)
        return answer(self, request, make_page(request, order))

    @display(description=_("status"))
    def state(self, order: Order) -> str:
        return tag(order.get_status_display(), STATUS_COLOURS[order.status])

    @display(description=_("payment"))
    def payment_state(self, order: Order) -> str:
        # Tags are safe HTML already; joining by text would escape them.
        return format_html_join(" ", "{}", ((shown,) for shown in payment_tags(order)))

    @display(description=_("payment deadline"))
    def deadline(self, order: Order) -> str:
        return countdown(order.payment_expires_at) if order.status == OrderStatus.PENDING else "-"

    @display(description=_("total"))
    def amount(self, order: Order) -> str:
        return money(order.total, order.currency)


def _page_parts(request: HttpRequest, order: Order, context: dict[str, Any]) -> dict[str, Any]:
    """What the page shows besides the order and its tables."""
    may = request.user.has_perm
    shown = context["inline_admin_formsets"]
    events = order.events.select_related("actor").order_by("-created_at", "-id")[:_MAX_EVENTS]
    return {
        "due": shown_due(order),
        "receipt": receipt_of(order, with_money=may("orders.view_payment")),
        "shows_lines": any(isinstance(table.opts, ItemInline) for table in shown),
        "told_events": told_events(events) if may("orders.view_orderevent") else None,
    }


def payment_tags(order: Order) -> list[str]:
    """The state of its payment, and what of it wants somebody to look."""
    tags: list[str] = [tag(order.get_payment_status_display(), STATUS_COLOURS[order.payment_status])]
    # Most orders keep no open amount, so that the list asks nothing more for them.
    if order.open_amount and (due := shown_due(order)):
        tags.append(tag(gettext("%(due)s open") % {"due": money(due, order.currency)}, "warning"))
    if order.dispute in (DisputeFlag.OPEN, DisputeFlag.LOST):
        tags.append(tag(order.get_dispute_display(), "danger"))
    return tags


def _seller_orders(object_id: str) -> list[Order]:
    """The sub-orders of a split order, with their lines."""
    seller_orders = Order.objects.filter(parent_id=object_id).select_related("seller")  # type: ignore[misc]
    return list(
        seller_orders.prefetch_related(Prefetch("items", OrderItem.objects.order_by("position"))).order_by("id")
    )

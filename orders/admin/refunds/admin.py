"""Refunds, to read; and the queue of those that somebody must pay out or look at."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RadioFilter
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from orders.admin.orders.inlines import RefundItemInline
from orders.admin.orders.search import orders_matching
from orders.admin.refunds.pages import retry_page, settle_page
from orders.models.order import Order
from orders.models.refund import Refund
from orders.reads.for_sellers import orders_reached
from orders.refunds.promise import MANUAL
from orders.states import OPEN_REFUNDS, REFUND, RefundStatus, Trigger, is_allowed
from orders.status_colours import STATUS_COLOURS
from shared.admin.base import ReadOnlyAdmin
from shared.admin.display import money, object_link, tag
from shared.admin.form_page import FormPage, answer
from shared.planner.lookups import InlineWord, filter_by_keys


class RefundQueueFilter(RadioFilter):
    title = _("queue")
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [("open", gettext("Open"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Literals, so that the partial index answers."""
        return queryset.filter(status__in=[InlineWord(status) for status in OPEN_REFUNDS]) if self.value() else queryset


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "order_link", "given", "state", "cause", "reason", "provider")
    list_display_links = ("created_at",)
    list_select_related = ("order", "payment")
    opens_with = "queue=open"
    list_filter = [RefundQueueFilter]
    ordering = ("-id",)
    search_fields = ("order",)
    search_help_text = _("An order's number, or the beginning of its customer's name or e-mail address.")
    empty_help = _("Money is given back on an order's page and appears here until it is paid out.")
    fields = (
        ("order_link", "payment"),
        ("given", "fee", "shipping"),
        ("state", "cause", "order_return"),
        "reason",
        ("reference", "failure"),
        ("actor", "created_at", "done_at"),
    )
    readonly_fields = ("order_link", "given", "fee", "shipping", "state")
    inlines = [RefundItemInline]
    actions_detail = ("settle", "retry")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        # A subquery only for those whose view is narrowed: for all others it would read every order.
        orders = orders_reached(request.user, Order.objects.all())
        rows = super().get_queryset(request).select_related("order", "payment")
        return rows.filter(order__in=orders) if orders.query.where else rows

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        return filter_by_keys(queryset, "order", orders_matching(term))

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Only what may happen next."""
        refund = Refund.objects.select_related("payment").filter(pk=object_id).first()
        shown = _possible_actions(refund) if refund is not None else set()
        offered = super().get_actions_detail(request, object_id)  # type: ignore[misc]
        return [action for action in offered if action.method.original_function_name in shown]

    @action(
        description=_("Paid out"), icon="payments", variant=ActionVariant.PRIMARY, permissions=["orders.refund_order"]
    )
    def settle(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._answer_page(request, object_id, settle_page)

    @action(description=_("Try again"), icon="replay", permissions=["orders.refund_order"])
    def retry(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._answer_page(request, object_id, retry_page)

    def _answer_page(
        self, request: HttpRequest, object_id: str, make_page: Callable[[HttpRequest, Refund], FormPage]
    ) -> HttpResponse:
        return answer(self, request, make_page(request, self.find(request, object_id)))

    @display(description=_("order"))
    def order_link(self, refund: Refund) -> str:
        return object_link(refund.order)

    @display(description=_("amount"))
    def given(self, refund: Refund) -> str:
        return money(refund.amount, refund.currency)

    @display(description=_("restocking fee"))
    def fee(self, refund: Refund) -> str:
        return money(refund.restocking_fee, refund.currency)

    @display(description=_("of it for shipping"))
    def shipping(self, refund: Refund) -> str:
        return money(refund.shipping_amount, refund.currency)

    @display(description=_("provider"))
    def provider(self, refund: Refund) -> str:
        return refund.payment.provider

    @display(description=_("status"))
    def state(self, refund: Refund) -> str:
        return tag(refund.get_status_display(), STATUS_COLOURS.get(refund.status, "danger"))


def _possible_actions(refund: Refund) -> set[str]:
    # While a provider is at it nobody may call it paid out: the money would go back twice.
    by_hand = refund.status == RefundStatus.FAILED or refund.payment.provider == MANUAL
    names = {"settle"} if by_hand and _may_become(refund, RefundStatus.DONE) else set()
    return names | ({"retry"} if _may_become(refund, RefundStatus.DUE) else set())


def _may_become(refund: Refund, target: RefundStatus) -> bool:
    return is_allowed(refund.status, target, by=Trigger.STAFF, table=REFUND)

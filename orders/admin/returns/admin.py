"""Returns: to read, and the buttons that take them on."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from orders.admin.orders.inlines import ReturnItemInline
from orders.admin.orders.search import orders_matching
from orders.admin.returns.pages import (
    approve_page,
    receive_page,
    refund_return_page,
    reject_page,
    withdraw_page,
)
from orders.models.order import Order
from orders.models.order_return import Return
from orders.reads.for_sellers import orders_reached
from orders.states import OPEN_RETURNS, RETURN, ReturnStatus
from orders.status_colours import STATUS_COLOURS
from shared.admin.base import ReadOnlyAdmin
from shared.admin.display import object_link, tag
from shared.admin.filters import KindFilter, OpenFilter
from shared.admin.form_page import FormPage, answer
from shared.planner.lookups import filter_by_keys

_BUTTONS = {
    # In the order in which a return goes; whether a button is shown is read from the table of states.
    "approve": ReturnStatus.APPROVED,
    "reject": ReturnStatus.REJECTED,
    "receive": ReturnStatus.RECEIVED,
    "refund": ReturnStatus.REFUNDED,
    "withdraw": ReturnStatus.CANCELLED,
}
# One right for all that decides about a return: who approves it has agreed to give money back.
_HANDLES = ["orders.refund_order"]


class OpenReturns(OpenFilter):
    statuses = OPEN_RETURNS


@admin.register(Return)
class ReturnAdmin(ReadOnlyAdmin):
    list_display = ("number", "order_link", "state", "reason", "created_at", "received_at")
    list_select_related = ("order",)
    opens_with = "progress=open"
    list_filter = [OpenReturns, ("status", KindFilter)]
    ordering = ("-id",)
    search_fields = ("order",)
    search_help_text = _("An order's number, or the beginning of its customer's name or e-mail address.")
    empty_help = _("Returns are asked for by customers, or on an order's page.")
    fields = (("number", "order_link", "state"), "reason", "answer", ("created_at", "decided_at", "received_at"))
    readonly_fields = ("order_link", "state")
    inlines = [ReturnItemInline]
    actions_detail = tuple(_BUTTONS)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        orders = orders_reached(request.user, Order.objects.all())
        rows = super().get_queryset(request).select_related("order__parent")
        return rows.filter(order__in=orders) if orders.query.where else rows

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        return filter_by_keys(queryset, "order", orders_matching(term))

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Only what may happen next."""
        found = Return.objects.filter(pk=object_id).first()
        # Whoever brings a step about: the last one is brought about by a refund, and staff press its button, too.
        shown = {name for name, target in _BUTTONS.items() if found and (found.status, target) in RETURN}
        offered = super().get_actions_detail(request, object_id)  # type: ignore[misc]
        return [action for action in offered if action.method.original_function_name in shown]

    @action(description=_("Approve"), icon="check", variant=ActionVariant.PRIMARY, permissions=_HANDLES)
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._answer_page(request, object_id, approve_page)

    @action(description=_("Reject"), icon="block", variant=ActionVariant.DANGER, permissions=_HANDLES)
    def reject(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._answer_page(request, object_id, reject_page)

    @action(description=_("Receive"), icon="inventory", variant=ActionVariant.PRIMARY, permissions=_HANDLES)
    def receive(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._answer_page(request, object_id, receive_page)

    @action(description=_("Refund"), icon="currency_exchange", variant=ActionVariant.PRIMARY, permissions=_HANDLES)
    def refund(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._answer_page(request, object_id, refund_return_page)

    @action(description=_("Call off"), icon="cancel", permissions=["orders.add_return"])
    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._answer_page(request, object_id, withdraw_page)

    def _answer_page(
        self, request: HttpRequest, object_id: str, make_page: Callable[[HttpRequest, Return], FormPage]
    ) -> HttpResponse:
        return answer(self, request, make_page(request, self.find(request, object_id)))

    @display(description=_("order"))
    def order_link(self, found: Return) -> str:
        return object_link(found.order)

    @display(description=_("status"))
    def state(self, found: Return) -> str:
        return tag(found.get_status_display(), STATUS_COLOURS.get(found.status, "default"))

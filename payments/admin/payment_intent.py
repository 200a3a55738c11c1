"""Attempts to pay through a provider, and what staff may do with them."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from orders.admin.orders.search import orders_matching
from payments.admin.inlines import OperationInline
from payments.admin.pages import capture_page, void_page
from payments.models.payment_intent import PaymentIntent
from payments.providers.registry import PROVIDERS
from payments.states import CAPTURABLE, OPEN, VOIDABLE, IntentStatus
from shared.admin.base import ReadOnlyAdmin
from shared.admin.display import money, object_link, tag
from shared.admin.form_page import FormPage, answer
from shared.planner.lookups import filter_by_keys

COLOURS = {
    IntentStatus.CAPTURED.value: "success",
    IntentStatus.FAILED.value: "danger",
    IntentStatus.VOIDED.value: "default",
    IntentStatus.AUTHORISED.value: "info",
}


@admin.register(PaymentIntent)
class PaymentIntentAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "order_link", "provider", "method", "asked", "came_in", "state")
    list_display_links = ("created_at",)
    list_select_related = ("order",)
    ordering = ("-id",)
    # Of no effect but the search box (shared.admin.base): `search` below asks the orders.
    search_fields = ("order",)
    search_help_text = _("An order's number, or the beginning of its customer's name or e-mail address.")
    empty_help = _("Begun over the API, when an order is paid through a provider.")
    fields = (
        "order_link",
        ("provider", "method", "capture"),
        ("asked", "authorised", "came_in"),
        ("state", "failure"),
        ("provider_id", "version"),
        ("created_at", "updated_at"),
    )
    readonly_fields = ("order_link", "asked", "authorised", "came_in", "state")
    inlines = [OperationInline]
    actions_detail = ("capture", "void")

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        return filter_by_keys(queryset, "order", orders_matching(term))

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Only what may happen next."""
        intent = PaymentIntent.objects.filter(pk=object_id).first()
        # For the page alone: the service decides once more, under the order's lock.
        shown = _possible_actions(intent) if intent is not None else set()
        offered = super().get_actions_detail(request, object_id)  # type: ignore[misc]
        return [action for action in offered if action.method.original_function_name in shown]

    @action(
        description=_("Capture"),
        icon="payments",
        variant=ActionVariant.PRIMARY,
        permissions=["orders.confirm_payment"],
    )
    def capture(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._answer_page(request, object_id, capture_page)

    @action(description=_("Void"), icon="block", variant=ActionVariant.DANGER, permissions=["orders.confirm_payment"])
    def void(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._answer_page(request, object_id, void_page)

    def _answer_page(
        self, request: HttpRequest, object_id: str, make_page: Callable[[HttpRequest, PaymentIntent], FormPage]
    ) -> HttpResponse:
        return answer(self, request, make_page(request, self.find(request, object_id)))

    @display(description=_("order"))
    def order_link(self, intent: PaymentIntent) -> str:
        return object_link(intent.order)

    @display(description=_("amount"))
    def asked(self, intent: PaymentIntent) -> str:
        return money(intent.amount, intent.currency)

    @display(description=_("authorised"))
    def authorised(self, intent: PaymentIntent) -> str:
        return money(intent.authorised_amount, intent.currency)

    @display(description=_("captured"))
    def came_in(self, intent: PaymentIntent) -> str:
        return money(intent.captured_amount, intent.currency)

    @display(description=_("status"))
    def state(self, intent: PaymentIntent) -> str:
        return tag(intent.get_status_display(), COLOURS.get(intent.status, "warning"))


def _possible_actions(intent: PaymentIntent) -> set[str]:
    # Intents outlive the provider's module: one of a provider that is not built in any more is still shown.
    by_hand = PROVIDERS[intent.provider].is_told_by_staff if intent.provider in PROVIDERS else False
    possible = {"void"} if intent.status in VOIDABLE else set()
    return possible | ({"capture"} if intent.status in (OPEN if by_hand else CAPTURABLE) else set())

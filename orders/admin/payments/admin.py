"""Money that came in, and the queues of what must go back and of what was odd about it."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RadioFilter
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from orders.admin.orders.search import orders_matching
from orders.admin.payments.pages import accept_page, give_back_page, settled_page, ways_to_settle
from orders.models.payment import Payment, PaymentMatch, PaymentRecordStatus
from orders.status_colours import STATUS_COLOURS
from shared.admin.base import ReadOnlyAdmin
from shared.admin.display import money, object_link, tag
from shared.admin.form_page import FormPage, answer
from shared.planner.lookups import InlineWord, filter_by_keys


class QueueFilter(RadioFilter):
    title = _("queue")
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [("refund_due", gettext("To give back")), ("to_settle", gettext("To settle"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "refund_due":
            # In the order of the partial index behind the queue.
            return queryset.filter(status=InlineWord(PaymentRecordStatus.REFUND_DUE)).order_by("-created_at", "-id")
        if self.value() == "to_settle":
            # Negated as the partial index has it: exact ones are nearly all, and it leaves them out.
            return queryset.filter(~Q(match=InlineWord(PaymentMatch.EXACT)), settled_at__isnull=True)
        return queryset


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "order_link", "received", "reference", "state", "how_it_stands", "provider", "actor")
    list_display_links = ("created_at",)
    list_select_related = ("order", "actor")
    list_filter = [QueueFilter]
    ordering = ("-id",)
    search_fields = ("order",)
    search_help_text = _("An order's number, or the beginning of its customer's name or e-mail address.")
    empty_help = _("Payments are confirmed on an order's page and appear here.")
    fields = (
        "order",
        ("received", "too_much", "given_back"),
        ("state", "how_it_stands", "settled_at"),
        ("reference", "provider", "method", "intent_id"),
        ("actor", "created_at"),
    )
    readonly_fields = ("received", "too_much", "given_back", "state", "how_it_stands")
    actions_detail = ("accept_short", "refund_overpayment", "mark_settled")

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        return filter_by_keys(queryset, "order", orders_matching(term))

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Only what may be done about it now."""
        # What may be done depends on the order, too: a short payment of an expired one is no longer waited for.
        payment = Payment.objects.select_related("order").filter(pk=object_id).first()
        shown = ways_to_settle(payment) if payment is not None else set()
        offered = super().get_actions_detail(request, object_id)  # type: ignore[misc]
        return [action for action in offered if action.method.original_function_name in shown]

    @action(
        description=_("Accept as it is"),
        icon="price_check",
        variant=ActionVariant.PRIMARY,
        permissions=["orders.confirm_payment"],
    )
    def accept_short(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._answer_page(request, object_id, accept_page)

    @action(description=_("Give the overpayment back"), icon="undo", permissions=["orders.refund_order"])
    def refund_overpayment(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._answer_page(request, object_id, give_back_page)

    @action(description=_("Mark as settled"), icon="done_all", permissions=["orders.confirm_payment"])
    def mark_settled(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._answer_page(request, object_id, settled_page)

    def _answer_page(
        self, request: HttpRequest, object_id: str, make_page: Callable[[HttpRequest, Payment], FormPage]
    ) -> HttpResponse:
        return answer(self, request, make_page(request, self.find(request, object_id)))

    @display(description=_("match"))
    def how_it_stands(self, payment: Payment) -> str:
        # Settled ones keep their match, which is history, and lose the colour that calls for somebody.
        is_open = payment.match != PaymentMatch.EXACT and payment.settled_at is None
        return tag(payment.get_match_display(), "warning" if is_open else "default")

    @display(description=_("too much"))
    def too_much(self, payment: Payment) -> str:
        return money(payment.excess_amount, payment.currency)

    @display(description=_("given back"))
    def given_back(self, payment: Payment) -> str:
        return money(payment.refunded_amount, payment.currency)

    @display(description=_("order"))
    def order_link(self, payment: Payment) -> str:
        return object_link(payment.order)

    @display(description=_("amount"))
    def received(self, payment: Payment) -> str:
        return money(payment.amount, payment.currency)

    @display(description=_("status"))
    def state(self, payment: Payment) -> str:
        return tag(payment.get_status_display(), STATUS_COLOURS.get(payment.status, "warning"))

"""Money that came in, to read; and the queue of what must go back."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RadioFilter
from unfold.decorators import display

from orders.admin.search import orders_matching
from orders.models.payment import Payment, PaymentRecordStatus
from orders.status_colours import STATUS_COLOURS
from shared.admin.base import ReadOnlyAdmin
from shared.admin.display import money, object_link, tag
from shared.lookups import Literal, one_of


class QueueFilter(RadioFilter):
    title = _("queue")
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [("refund_due", gettext("To give back"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "refund_due":
            # In the order of the partial index behind the queue.
            return queryset.filter(status=Literal(PaymentRecordStatus.REFUND_DUE)).order_by("-created_at", "-id")
        return queryset


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "order_link", "received", "reference", "state", "actor")
    list_display_links = ("created_at",)
    list_select_related = ("order", "actor")
    list_filter = [QueueFilter]
    ordering = ("-id",)
    search_fields = ("order",)
    search_help_text = _("An order's number, or the beginning of its customer's name or e-mail address.")
    empty_help = _("Payments are confirmed on an order's page and appear here.")
    fields = ("order", "received", "reference", "state", ("actor", "created_at"))
    readonly_fields = ("received", "state")

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        return queryset.filter(one_of("order", orders_matching(term)))

    @display(description=_("order"))
    def order_link(self, payment: Payment) -> str:
        return object_link(payment.order)

    @display(description=_("amount"))
    def received(self, payment: Payment) -> str:
        return money(payment.amount, payment.currency)

    @display(description=_("status"))
    def state(self, payment: Payment) -> str:
        return tag(payment.get_status_display(), STATUS_COLOURS[payment.status])

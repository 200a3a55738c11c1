"""What happened to orders, to read."""

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from orders.admin.orders.event_sentences import event_sentence
from orders.admin.orders.search import orders_matching
from orders.models.order_event import OrderEvent
from shared.admin.base import ReadOnlyAdmin
from shared.admin.display import object_link
from shared.planner.lookups import filter_by_keys


@admin.register(OrderEvent)
class OrderEventAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "order_link", "kind", "told", "why", "actor")
    # Not the order, which is a link of its own.
    list_display_links = ("created_at",)
    list_select_related = ("order", "actor")
    ordering = ("-id",)
    search_fields = ("order",)
    search_help_text = _("An order's number, or the beginning of its customer's name or e-mail address.")
    fields = ("order", "kind", "from_status", "to_status", "actor", "told", "why", "created_at")
    readonly_fields = ("told", "why")
    empty_help = _("Every change of an order appears here: place one.")

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        # Events are many times as many as orders: found by the orders' keys, never by joining and sorting.
        return filter_by_keys(queryset, "order", orders_matching(term))

    @display(description=_("order"))
    def order_link(self, event: OrderEvent) -> str:
        return object_link(event.order)

    @display(description=_("reason"))
    def why(self, event: OrderEvent) -> str:
        return event.shown_reason

    @display(description=_("what happened"))
    def told(self, event: OrderEvent) -> str:
        return event_sentence(event)

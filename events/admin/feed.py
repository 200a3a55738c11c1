"""The feed of events, to read: the newest, those up to a position, or those of one record."""

from typing import Any, Final
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter
from unfold.decorators import display

from catalog.models.product import Product
from catalog.models.variant import Variant
from crm.models.deal import Deal
from crm.models.lead import Lead
from crm.models.task import Task
from events.feed.event_access import event_access_of
from events.feed.reading import last_position
from events.feed.types import EVENT_TYPES, rights_of
from events.models.event import AggregateSequence, Event
from inventory.models.level import StockLevel
from orders.models.order import Order
from shared.admin.base import ReadOnlyAdmin
from shared.admin.display import change_url, link
from users.models.company import Company
from users.models.customer import Customer

_RECORDS: Final[dict[str, Any]] = {
    "order": Order,
    "stock_level": StockLevel,
    "product": Product,
    "variant": Variant,
    "customer": Customer,
    "company": Company,
    "lead": Lead,
    "deal": Deal,
    "task": Task,
}
_DIGITS: Final = 15  # of a position; more are none
# A list looks no further, whatever is asked for: what the feed has of a type may be rare, and nothing sorts by it.
_MOST: Final = 5_000


class TypeFilter(DropdownFilter):
    """One type of those that the reader may see, among the events that the list looks at."""

    title = _("type")
    parameter_name = "type"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [(name, name) for name in EVENT_TYPES if request.user.has_perms(rights_of(name))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(type=self.value()) if self.value() else queryset


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    max_counted = _MOST
    list_display = ("position", "created_at", "type", "record", "sequence", "data")
    list_display_links = ("position",)
    list_filter = (TypeFilter,)
    ordering = ("-position",)
    search_fields = ("position",)
    search_help_text = _("A position, to see the events up to it, or a record's id.")
    empty_help = _("Every change appears here a moment later, while the worker runs.")
    fields = (("position", "type"), ("record", "sequence"), "created_at", "data", "id")
    readonly_fields = ("record",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        return event_access_of(request.user).filtered(super().get_queryset(request))

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        if search_term.strip():
            return super().get_search_results(request, queryset, search_term)
        return _up_to(queryset, last_position()), False

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        if term.isascii() and term.isdecimal():
            return _up_to(queryset, min(int(term[:_DIGITS]), last_position()))
        try:
            record = UUID(term)
        except ValueError:
            return queryset.none()
        last = AggregateSequence.objects.filter(pk=record).values_list("sequence", flat=True).first() or 0
        newest = queryset.filter(aggregate_id=record, sequence__gt=last - _MOST - 1)
        return newest.order_by("-sequence")  # as their index has them

    @display(description=_("record"))
    def record(self, event: Event) -> str:
        model = _RECORDS[event.aggregate_type]
        return link(model._meta.verbose_name, change_url(model, event.aggregate_id))


def _up_to(events: QuerySet, position: int) -> QuerySet:
    """One more than are counted, so that the list says that there are others."""
    return events.filter(position__lte=position, position__gt=position - _MOST - 1)

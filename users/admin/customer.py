"""Who buys. crm/admin/customers/admin.py adds the page with all that is known of a customer."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.validators import EMPTY_VALUES
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from shared.admin.columns.layout import shows_column
from shared.admin.filters import RelatedFilter
from shared.admin.paginator import MAX_COUNTED
from shared.admin.saving import ServiceAdmin, Values
from shared.admin.search import at_most, first_with_words, looks_like_email, looks_like_phone, only_with_words
from shared.planner.beginnings import Beginning, begins, begins_as_written, begins_lower
from shared.planner.lookups import one_of
from users.admin.addresses_page import AddressButton
from users.admin.customer_deletion import DeletedFilter, Restorable
from users.admin.finding import FoundCustomers, of_tax_number
from users.admin.owned import Owned
from users.models.customer import CUSTOMERS_BY_WORDS, Customer
from users.queries import begins_tax_number
from users.services.create_customer import create_customer
from users.services.update_customer import update_customer

# A search for customers in front of something else looks at this many at most.
_MAX_MATCHES = 200


def beginnings(term: str) -> list[Beginning]:
    """Customers by the beginning of name, e-mail address or phone number, whichever the term looks like."""
    if looks_like_email(term):
        return [begins_lower("email", term)]
    if looks_like_phone(term):
        return [begins_as_written("phone", term)]
    return [begins("name", term), begins_lower("email", term)]


def customers_matching(term: str) -> list[UUID]:
    """Their ids, for searching what belongs to them."""
    newest = Customer.objects.order_by("-id")
    return first_with_words(newest, CUSTOMERS_BY_WORDS, term, *beginnings(term), limit=_MAX_MATCHES)


def is_narrowed(customers: QuerySet) -> bool:
    """Whether something chooses among them, besides whether they are deleted."""
    return len(customers.query.where.children) > 1


def newest_linked(customers: QuerySet, links: QuerySet) -> QuerySet:
    """Those of `customers` that rows with a customer_id point at: the newest, as many as a list counts, or a file's."""
    newest = links.order_by("-customer_id").values_list("customer_id", flat=True)
    return customers.filter(one_of("pk", newest[: at_most(MAX_COUNTED + 1)]))


class TagFilter(RelatedFilter):
    """The newest customers of a tag, as many as a list counts; all of them where something else chooses, too."""

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        tagged: QuerySet = super().queryset(request, queryset)
        if self.value() in EMPTY_VALUES or is_narrowed(queryset) or request.GET.get(SEARCH_VAR):
            return tagged
        return newest_linked(queryset, Customer.tags.through.objects.filter(tag_id=self.value()))


@admin.register(Customer)
class CustomerAdmin(FoundCustomers, AddressButton, Restorable, Owned, ServiceAdmin):
    list_display = ("name", "email", "company", "phone", "tag_list", "created_at")
    more_columns = ("tax_number", "country", "language", "group", "owner", "updated_at")
    list_select_related = ("company",)
    list_filter = [("company", RelatedFilter), ("tags", TagFilter), DeletedFilter]
    ordering = ("-id",)
    search_fields = ("name", "email", "phone")
    search_help_text = _("Words of a name or e-mail address, a phone's last digits, or a tax number's beginning.")
    empty_help = _("Add a customer, or convert a lead, to place the first order.")
    autocomplete_fields = ("company", "user", "owner", "group", "tags")
    readonly_fields = ("created_at", "updated_at")
    fieldsets = (
        (None, {"fields": ("name", ("email", "phone"), ("company", "owner"), ("address", "language"), "tags")}),
        (_("Prices and taxes"), {"fields": (("group", "country"), "tax_number")}),
        (_("Sign-in"), {"fields": ("user",)}),
        (_("For programs"), {"fields": ("metadata",)}),
        (_("Dates"), {"fields": (("created_at", "updated_at"),)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        customers: QuerySet = super().get_queryset(request)
        return customers.prefetch_related("tags") if shows_column(request, self, "tag_list") else customers

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The text follows the addresses, which have a page of their own."""
        fields = tuple(super().get_readonly_fields(request, obj))
        return (*fields, "address") if obj is not None and obj.addresses else fields

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        taxed = of_tax_number(queryset, term)
        if taxed is not None:
            return taxed
        number = begins_tax_number(term)
        return only_with_words(queryset, CUSTOMERS_BY_WORDS, term, *beginnings(term), besides=number)

    def values_of(self, request: HttpRequest, form: Any, change: bool) -> Values:
        values = super().values_of(request, form, change)
        return {**values, "tags": [tag.name for tag in values["tags"]]} if "tags" in values else values

    def create_record(self, request: HttpRequest, values: Values) -> Customer:
        return create_customer(**values)

    def change_record(self, request: HttpRequest, row: Customer, changes: Values) -> Customer:
        return update_customer(customer_id=row.pk, changes=changes)  # type: ignore[arg-type]

    @display(description=_("tags"), label=True)
    def tag_list(self, customer: Customer) -> list[str]:
        return [tag.name for tag in customer.tags.all()]

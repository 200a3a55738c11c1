"""Who buys. crm/admin/customer.py adds the page with all that is known of a customer."""

from uuid import UUID

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.decorators import display

from shared.admin.base import KontorAdmin
from shared.admin.search import begins, looks_like_email, looks_like_phone
from users.models.customer import Customer

# A search for customers in front of something else looks at this many at most.
_MAX_MATCHES = 200


def matching(term: str) -> Q:
    """Customers by the beginning of name, e-mail address or phone number, whichever the term looks like."""
    if looks_like_email(term):
        return begins("email", term)
    if looks_like_phone(term):
        return Q(phone__startswith=term)
    return Q(begins("name", term)) | Q(begins("email", term))


def customers_matching(term: str) -> list[UUID]:
    """Their ids, for searching what belongs to them."""
    return list(Customer.objects.filter(matching(term)).values_list("pk", flat=True)[:_MAX_MATCHES])


@admin.register(Customer)
class CustomerAdmin(KontorAdmin):
    list_display = ("name", "email", "company", "phone", "tag_list", "created_at")
    list_select_related = ("company",)
    list_filter = [("company", AutocompleteSelectFilter), ("tags", AutocompleteSelectFilter)]
    ordering = ("-id",)
    search_fields = ("name", "email", "phone")
    search_help_text = "The beginning of a name, e-mail address or phone number (+…)."
    empty_help = "Add a customer, or convert a lead, to place the first order."
    autocomplete_fields = ("company", "user", "tags")
    readonly_fields = ("created_at", "updated_at")
    fieldsets = (
        (None, {"fields": ("name", ("email", "phone"), "company", "tags")}),
        ("Sign-in", {"fields": ("user",)}),
        ("Dates", {"fields": (("created_at", "updated_at"),)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("tags")

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        return queryset.filter(matching(term))

    @display(description="tags", label=True)
    def tag_list(self, customer: Customer) -> list[str]:
        return [tag.name for tag in customer.tags.all()]

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from shared.admin.base import KontorAdmin
from users.models.customer_group import CustomerGroup


@admin.register(CustomerGroup)
class CustomerGroupAdmin(KontorAdmin):
    """A group that price lists or coupons name cannot be deleted; its customers stay."""

    list_display = ("name", "description")
    sortable_by = ("name",)
    search_fields = ("name",)
    search_help_text = _("The beginning of a group's name.")
    empty_help = _("Groups of customers may have prices, coupons and payment deadlines of their own, e.g. Wholesale.")

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        return queryset.filter(name__istartswith=term)

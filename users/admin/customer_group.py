from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from shared.admin.saving import ServiceAdmin, Values
from users.models.customer_group import CustomerGroup
from users.services.save_customer_group import delete_customer_group, save_customer_group


@admin.register(CustomerGroup)
class CustomerGroupAdmin(ServiceAdmin):
    """A group that price lists or coupons name cannot be deleted; its customers stay."""

    list_display = ("name", "description")
    sortable_by = ("name",)
    search_fields = ("name",)
    search_help_text = _("The beginning of a group's name.")
    empty_help = _("Groups of customers may have prices, coupons and payment deadlines of their own, e.g. Wholesale.")

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        return queryset.filter(name__istartswith=term)

    def create_record(self, request: HttpRequest, values: Values) -> CustomerGroup:
        return save_customer_group(group_id=None, values=values)

    def change_record(self, request: HttpRequest, row: CustomerGroup, changes: Values) -> CustomerGroup:
        return save_customer_group(group_id=row.pk, values=changes)

    def delete_record(self, request: HttpRequest, row: CustomerGroup) -> None:
        delete_customer_group(group_id=row.pk)

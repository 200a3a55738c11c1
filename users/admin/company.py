from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from shared.admin.saving import ServiceAdmin, Values
from shared.admin.search import only_with_words
from shared.planner.beginnings import begins
from users.admin.custom_values import WithCustomFields
from users.admin.finding import of_tax_number
from users.admin.owned import Owned
from users.models.company import COMPANIES_BY_WORDS, Company
from users.models.custom_field import CustomFieldOwner
from users.queries import begins_tax_number
from users.services.create_company import create_company
from users.services.delete_company import delete_company
from users.services.update_company import update_company


@admin.register(Company)
class CompanyAdmin(WithCustomFields, Owned, ServiceAdmin):
    custom_owner = CustomFieldOwner.COMPANY
    list_display = ("name", "website", "phone", "updated_at")
    more_columns = ("tax_number", "owner", "created_at")
    ordering = ("name", "id")
    sortable_by = ("name",)
    search_fields = ("name",)
    search_help_text = _("Words of the company's name, its phone's last digits, or its tax number's beginning.")
    empty_help = _("Companies group customers who buy for the same organisation. Add one, or name it on a lead.")
    autocomplete_fields = ("owner",)
    readonly_fields = ("created_at", "updated_at")
    fieldsets = (
        (None, {"fields": ("name", ("website", "phone"), ("owner", "tax_number"), "address", "note")}),
        (_("Dates"), {"fields": (("created_at", "updated_at"),)}),
    )

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        taxed = of_tax_number(queryset, term)
        if taxed is not None:
            return taxed
        number = begins_tax_number(term)
        return only_with_words(queryset, COMPANIES_BY_WORDS, term, begins("name", term), besides=number)

    def create_record(self, request: HttpRequest, values: Values) -> Company:
        return create_company(**values)

    def change_record(self, request: HttpRequest, row: Company, changes: Values) -> Company:
        return update_company(company_id=row.pk, changes=changes)  # type: ignore[arg-type]

    def delete_record(self, request: HttpRequest, row: Company) -> None:
        delete_company(company_id=row.pk)

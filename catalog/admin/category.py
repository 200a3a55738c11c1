from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from catalog.admin.forms import SlugForm
from catalog.models.category import Category
from catalog.services.create_category import create_category
from catalog.services.delete_category import delete_category
from catalog.services.update_category import update_category
from shared.admin.saving import ServiceAdmin, Values


@admin.register(Category)
class CategoryAdmin(ServiceAdmin):
    form = SlugForm
    list_display = ("name", "slug")
    sortable_by = ("name", "slug")
    search_fields = ("name",)
    search_help_text = _("The beginning of a category's name.")
    empty_help = _("Categories sort products, e.g. Furniture or Lighting.")
    prepopulated_fields = {"slug": ("name",)}

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        return queryset.filter(name__istartswith=term)

    def create_record(self, request: HttpRequest, values: Values) -> Category:
        return create_category(**values)

    def change_record(self, request: HttpRequest, row: Category, changes: Values) -> Category:
        return update_category(category_id=row.pk, changes=changes)  # type: ignore[arg-type]

    def delete_record(self, request: HttpRequest, row: Category) -> None:
        delete_category(category_id=row.pk)

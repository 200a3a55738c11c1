from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from catalog.admin.forms import SlugForm
from catalog.models.category import Category
from shared.admin.base import KontorAdmin


@admin.register(Category)
class CategoryAdmin(KontorAdmin):
    form = SlugForm
    list_display = ("name", "slug")
    sortable_by = ("name", "slug")
    search_fields = ("name",)
    search_help_text = _("The beginning of a category's name.")
    empty_help = _("Categories sort products, e.g. Furniture or Lighting.")
    prepopulated_fields = {"slug": ("name",)}

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        return queryset.filter(name__istartswith=term)

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from shared.admin.base import KontorAdmin
from users.models.tag import Tag


@admin.register(Tag)
class TagAdmin(KontorAdmin):
    list_display = ("name",)
    sortable_by = ("name",)
    search_fields = ("name",)
    search_help_text = _("The beginning of a tag.")
    empty_help = _("Tags are labels on customers, e.g. VIP or Reseller.")

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        return queryset.filter(name__istartswith=term)

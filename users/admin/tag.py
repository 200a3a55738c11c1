from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from shared.admin.saving import ServiceAdmin, Values
from users.models.tag import Tag
from users.services.save_tag import create_tag, delete_tag, rename_tag


@admin.register(Tag)
class TagAdmin(ServiceAdmin):
    list_display = ("name",)
    sortable_by = ("name",)
    search_fields = ("name",)
    search_help_text = _("The beginning of a tag.")
    empty_help = _("Tags are labels on customers, e.g. VIP or Reseller.")

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        return queryset.filter(name__istartswith=term)

    def create_record(self, request: HttpRequest, values: Values) -> Tag:
        return create_tag(**values)

    def change_record(self, request: HttpRequest, row: Tag, changes: Values) -> Tag:
        return rename_tag(tag_id=row.pk, **changes)

    def delete_record(self, request: HttpRequest, row: Tag) -> None:
        delete_tag(tag_id=row.pk)

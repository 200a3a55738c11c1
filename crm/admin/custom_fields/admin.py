"""Definitions of the shop's own fields."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.widgets import UnfoldAdminTextareaWidget

from crm.models.deal import Deal
from crm.models.lead import Lead
from shared.admin.saving import ServiceAdmin, Values
from users.models.company import Company
from users.models.custom_field import CustomField, CustomFieldOwner
from users.models.customer import Customer
from users.services.save_custom_field import delete_custom_field, has_values, save_custom_field

OWNERS: dict[str, type[Model]] = {
    CustomFieldOwner.CUSTOMER: Customer,
    CustomFieldOwner.COMPANY: Company,
    CustomFieldOwner.LEAD: Lead,
    CustomFieldOwner.DEAL: Deal,
}


class CustomFieldForm(forms.ModelForm):
    choices = forms.CharField(
        label=_("Choices"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text=_("For “One of a list”: one choice on each line."),
    )

    class Meta:
        model = CustomField
        fields = ("model", "key", "label", "kind", "choices", "is_required", "help_text", "position")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["choices"] = "\n".join(self.instance.choices)

    def clean_choices(self) -> list[str]:
        lines = (line.strip() for line in self.cleaned_data["choices"].splitlines())
        return [line for line in lines if line]


@admin.register(CustomField)
class CustomFieldAdmin(ServiceAdmin):
    form = CustomFieldForm
    list_display = ("label", "model", "key", "kind", "is_required", "position")
    list_filter = [("model", ChoicesDropdownFilter)]
    ordering = ("model", "position", "key")
    search_fields = ("key",)
    search_help_text = _("The beginning of a key.")
    empty_help = _("Add what your shop wants to know of a customer, company, lead or deal. It shows in their forms.")
    fieldsets = (
        (None, {"fields": (("model", "kind"), ("label", "key"), "choices", "help_text", ("is_required", "position"))}),
    )

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        return queryset.filter(key__startswith=term.lower())

    def create_record(self, request: HttpRequest, values: Values) -> CustomField:
        return save_custom_field(field_id=None, values=values, owners=OWNERS)

    def change_record(self, request: HttpRequest, row: CustomField, changes: Values) -> CustomField:
        return save_custom_field(field_id=row.pk, values=changes, owners=OWNERS)

    def delete_record(self, request: HttpRequest, row: CustomField) -> None:
        delete_custom_field(field_id=row.pk, owners=OWNERS)

    def has_delete_permission(self, request: HttpRequest, obj: CustomField | None = None) -> bool:
        """Not while records have values in it: they would be nobody's."""
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or not has_values(OWNERS[obj.model], obj.key))

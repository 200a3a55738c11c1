"""Leads, and making customers of them."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from catalog.models.variant import default_currency
from crm.models.lead import Lead, LeadStatus
from crm.services.convert_lead import NewDeal, convert_lead
from shared.admin.base import KontorAdmin, actor_of
from shared.admin.display import change_url
from shared.admin.filters import KindFilter
from shared.admin.form_page import Done, FormPage, answer
from shared.admin.forms import StyledForm, posted
from shared.admin.search import begins, looks_like_email, only_beginning
from users.models.customer import Customer

_COLOURS = {
    LeadStatus.NEW.value: "info",
    LeadStatus.WORKING.value: "warning",
    LeadStatus.CONVERTED.value: "success",
    LeadStatus.LOST.value: "default",
}


class ConvertForm(StyledForm):
    deal_title = forms.CharField(
        label="Open a deal", max_length=200, required=False, help_text="What it is about; empty: no deal yet."
    )
    deal_value = forms.DecimalField(
        label="Deal value",
        min_value=0,
        max_digits=15,
        decimal_places=2,
        required=False,
        help_text="In the shop's currency.",
    )


class LeadForm(forms.ModelForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        """Only converting makes a lead converted."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if "status" in self.fields:
            kept = [choice for choice in LeadStatus.choices if choice[0] != LeadStatus.CONVERTED]
            self.fields["status"].choices = kept  # type: ignore[attr-defined]


@admin.register(Lead)
class LeadAdmin(KontorAdmin):
    form = LeadForm
    list_display = ("name", "company_name", "state", "source", "owner", "created_at")
    list_select_related = ("owner",)
    list_filter = [("status", KindFilter), ("owner", AutocompleteSelectFilter)]
    ordering = ("-created_at", "-id")
    sortable_by = ("created_at",)
    search_fields = ("name", "email")
    search_help_text = "The beginning of a name or e-mail address."
    empty_help = "A lead is somebody who may become a customer. Add the first one."
    autocomplete_fields = ("owner",)
    readonly_fields = ("customer", "created_at", "updated_at")
    actions_detail = ("convert",)
    fieldsets = (
        (None, {"fields": (("name", "company_name"), ("email", "phone"))}),
        ("Work", {"fields": (("status", "source"), "owner", "note")}),
        ("Became", {"fields": ("customer",)}),
        ("Dates", {"fields": (("created_at", "updated_at"),)}),
    )
    add_fieldsets = ((None, {"fields": (("name", "company_name"), ("email", "phone"), "source", "owner", "note")}),)

    def get_readonly_fields(self, request: HttpRequest, obj: Lead | None = None) -> tuple[str, ...]:
        locked = tuple(super().get_readonly_fields(request, obj))
        return (*locked, "status") if obj is not None and obj.status == LeadStatus.CONVERTED else locked

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"owner": request.user.pk, **super().get_changeform_initial_data(request)}

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        if looks_like_email(term):
            return only_beginning(queryset, begins("email", term))
        return only_beginning(queryset, begins("name", term), begins("email", term))

    @display(description="status", label=_COLOURS)
    def state(self, lead: Lead) -> tuple[str, str]:
        return lead.status, lead.get_status_display()

    @action(
        description="Make a customer",
        icon="person_add",
        variant=ActionVariant.PRIMARY,
        permissions=["crm.change_lead", "users.add_customer"],
    )
    def convert(self, request: HttpRequest, object_id: str) -> HttpResponse:
        lead = self.find(request, object_id)

        def apply(values: dict[str, Any]) -> Done:
            title, value = values["deal_title"], values["deal_value"] or Decimal(0)
            deal = NewDeal(title=title, value=value, currency=default_currency()) if title else None
            made = convert_lead(lead_id=lead.pk, actor=actor_of(request), deal=deal)
            told = f"{made.customer.name} is a customer now" + (f", with the deal “{title}”." if title else ".")
            return Done(told, change_url(Customer, made.customer.pk))

        page = FormPage(
            title=f"Make a customer of {lead.name}",
            intro="Name, e-mail and phone go to a new customer; the company is found by name or made.",
            facts=[
                ("Company", lead.company_name or "none"),
                ("E-mail", lead.email or "missing: add it first"),
            ],
            submit="Make a customer",
            form=ConvertForm(posted(request)),
            apply=apply,
            back_url=change_url(Lead, lead.pk),
        )
        return answer(self, request, page)

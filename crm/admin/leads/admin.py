"""Leads, and making customers of them."""

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from crm.admin.bulk.views import actions_of
from crm.admin.leads.converting import convert_page
from crm.admin.timeline.story import kept, timeline_of
from crm.models.lead import LEADS_BY_WORDS, Lead, LeadStatus
from crm.services.leads.create_lead import create_lead
from crm.services.leads.delete_lead import delete_lead
from crm.services.leads.update_lead import update_lead
from shared.admin.base import actor_of
from shared.admin.filters import KindFilter, OpenFilter, RelatedFilter
from shared.admin.form_page import answer
from shared.admin.saving import ServiceAdmin, Values
from shared.admin.search import only_with_words
from shared.planner.beginnings import begins, begins_lower
from users.admin.custom_values import WithCustomFields
from users.admin.owned import Owned
from users.models.custom_field import CustomFieldOwner

_COLOURS = {
    LeadStatus.NEW.value: "info",
    LeadStatus.WORKING.value: "warning",
    LeadStatus.CONVERTED.value: "success",
    LeadStatus.LOST.value: "default",
}


class OpenLeads(OpenFilter):
    statuses = (LeadStatus.NEW, LeadStatus.WORKING)


class LeadForm(forms.ModelForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        """Only converting makes a lead converted."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if "status" in self.fields:
            kept = [choice for choice in LeadStatus.choices if choice[0] != LeadStatus.CONVERTED]
            self.fields["status"].choices = kept  # type: ignore[attr-defined]


@admin.register(Lead)
class LeadAdmin(WithCustomFields, Owned, ServiceAdmin):
    custom_owner = CustomFieldOwner.LEAD
    form = LeadForm
    list_display = ("name", "company_name", "state", "source", "owner", "created_at")
    more_columns = ("email", "phone", "updated_at")
    list_select_related = ("owner",)
    opens_with = "progress=open"
    list_filter = [OpenLeads, ("status", KindFilter), ("owner", RelatedFilter)]
    ordering = ("-created_at", "-id")
    sortable_by = ("created_at",)
    search_fields = ("name", "email")
    search_help_text = _("Words of a name, company or e-mail address, or a phone number's last digits.")
    empty_help = _("A lead is somebody who may become a customer. Add the first one.")
    autocomplete_fields = ("owner",)
    readonly_fields = ("customer", "timeline", "created_at", "updated_at")
    actions = actions_of(Lead)
    actions_detail = ("convert",)
    fieldsets = (
        (None, {"fields": (("name", "company_name"), ("email", "phone"))}),
        (pgettext_lazy("lead", "Work"), {"fields": (("status", "source"), "owner", "note")}),
        (_("Became"), {"fields": ("customer",)}),
        (_("Timeline"), {"fields": ("timeline",)}),
        (_("Dates"), {"fields": (("created_at", "updated_at"),)}),
    )
    add_fieldsets = ((None, {"fields": (("name", "company_name"), ("email", "phone"), "source", "owner", "note")}),)

    def get_readonly_fields(self, request: HttpRequest, obj: Lead | None = None) -> tuple[str, ...]:
        locked = tuple(super().get_readonly_fields(request, obj))
        return (*locked, "status") if obj is not None and obj.status == LeadStatus.CONVERTED else locked

    def create_record(self, request: HttpRequest, values: Values) -> Lead:
        return create_lead(actor=actor_of(request), **values)

    def change_record(self, request: HttpRequest, row: Lead, changes: Values) -> Lead:
        return update_lead(lead_id=row.pk, changes=changes)

    def delete_record(self, request: HttpRequest, row: Lead) -> None:
        delete_lead(lead_id=row.pk)

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        by_beginning = (begins("name", term), begins_lower("email", term))
        return only_with_words(queryset, LEADS_BY_WORDS, term, *by_beginning)

    @display(description=_("status"), label=_COLOURS)
    def state(self, lead: Lead) -> tuple[str, str]:
        return lead.status, lead.get_status_display()

    @display(description=_("timeline"))
    def timeline(self, lead: Lead) -> str:
        return kept(lead, "timeline", lambda: timeline_of(lead))

    @action(
        description=_("Make a customer"),
        icon="person_add",
        variant=ActionVariant.PRIMARY,
        permissions=["crm.change_lead", "users.add_customer"],
    )
    def convert(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return answer(self, request, convert_page(self, request, self.find_to_change(request, object_id)))

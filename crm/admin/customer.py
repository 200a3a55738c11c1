"""The customer's page: all that is known of a customer, and what to do next."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.decorators import action
from unfold.enums import ActionVariant

from crm import queries
from crm.admin.amounts import text_of
from crm.services.add_activity import MAX_TEXT_LENGTH, add_activity
from shared.admin.base import KontorChangeList, actor_of
from shared.admin.forms import StyledForm, posted
from shared.errors import Refusal
from users.admin.customer import CustomerAdmin
from users.models.customer import Customer

PAGE_URL = "admin:users_customer_page"

admin.site.unregister(Customer)


class NoteForm(StyledForm):
    text = forms.CharField(
        label="New note",
        max_length=MAX_TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "What should colleagues know?"}),
    )


class CustomerChangeList(KontorChangeList):
    """The list leads to the customer's page, and that to the form."""

    def url_for_result(self, result: Model) -> str:
        return reverse(PAGE_URL, args=[result.pk])


@admin.register(Customer)
class CustomerWithPageAdmin(CustomerAdmin):
    actions_detail = ("page",)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[KontorChangeList]:
        return CustomerChangeList

    @action(
        description="Customer page",
        icon="person",
        variant=ActionVariant.PRIMARY,
        permissions=["users.view_customer"],
    )
    def page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Orders, tasks, deals and notes in a fixed number of statements; a POST adds a note."""
        customer = self.find(request, object_id)
        form = NoteForm(posted(request))
        if request.method == "POST":
            if not request.user.has_perm("crm.add_activity"):
                raise PermissionDenied
            if form.is_valid() and self._note_added(request, customer, form):
                return HttpResponseRedirect(f"{request.path}#notes")
        context = {
            **self.admin_site.each_context(request),
            **_known_of(request, customer),
            "title": customer.name,
            "customer": customer,
            "note_form": form,
            "model_admin": self,
        }
        return TemplateResponse(request, "admin/kontor/customer_page.html", context)

    def _note_added(self, request: HttpRequest, customer: Customer, form: NoteForm) -> bool:
        try:
            add_activity(customer_id=customer.pk, text=form.cleaned_data["text"], actor=actor_of(request))
        except Refusal as refusal:
            form.add_error("text", refusal.detail)
            return False
        messages.success(request, "The note is added.")
        return True


def _known_of(request: HttpRequest, customer: Customer) -> dict[str, Any]:
    """What this colleague may see of the customer."""
    may = request.user.has_perm
    known: dict[str, Any] = {}
    if may("orders.view_order"):
        value = queries.lifetime_value(customer.pk)
        known["orders"] = list(queries.latest_orders(customer.pk))
        known["lifetime"] = [text_of(sum_) for sum_ in value]
        known["paid_orders"] = sum(sum_.orders for sum_ in value)
    if may("crm.view_task"):
        known["tasks"] = list(queries.open_tasks_about(customer.pk))
    if may("crm.view_deal"):
        known["deals"] = list(queries.latest_deals(customer.pk))
    if may("crm.view_activity"):
        known["notes"] = list(queries.latest_activities(customer.pk))
    return known

"""The customer's page: all that is known of a customer, and what to do next."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.enums import ActionVariant

from crm.admin.bulk.views import actions_of
from crm.admin.customers.forms import ActivityForm, TaskForm
from crm.admin.customers.page import page_context
from crm.admin.merging.merges import redirect_to_kept
from crm.admin.privacy.views import PRIVACY_ACTIONS, PrivacyPages
from crm.admin.segments.admin import SegmentFilter
from crm.merging.matches import duplicates_of
from crm.models.activity import ActivityKind
from crm.models.duplicate_pair import PairReason
from crm.reads.customer_page import customer_in_full
from crm.services.tasks.add_task import add_task
from crm.services.timeline.add_activity import add_activity
from orders.services.upkeep.erase_buyer import check_no_open_orders
from shared.admin.base import actor_of
from shared.admin.changelist import KontorChangeList
from shared.admin.display import link
from shared.admin.forms import StyledForm
from shared.errors import Refusal
from users.admin.custom_values import WithCustomFields
from users.admin.customer import CustomerAdmin
from users.models.custom_field import CustomFieldOwner
from users.models.customer import Customer

PAGE_URL = "admin:users_customer_page"
_MOST_KNOWN = 3
_SAME_CONTACT = {PairReason.EMAIL, PairReason.PHONE}

admin.site.unregister(Customer)


class CustomerChangeList(KontorChangeList):
    """The list leads to the customer's page, and that to the form."""

    def url_for_result(self, result: Model) -> str:
        return reverse(PAGE_URL, args=[result.pk])


@admin.register(Customer)
class CustomerWithPageAdmin(PrivacyPages, WithCustomFields, CustomerAdmin):
    actions = actions_of(Customer)
    actions_detail = ("page", "addresses", *PRIVACY_ACTIONS, "restore")
    custom_owner = CustomFieldOwner.CUSTOMER
    list_filter = [*CustomerAdmin.list_filter, SegmentFilter]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[KontorChangeList]:
        return CustomerChangeList

    @action(
        description=_("Customer page"),
        icon="person",
        variant=ActionVariant.PRIMARY,
        permissions=["users.view_customer"],
    )
    def page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Everything about the customer in a fixed number of statements; a POST adds a note, call, meeting or task."""
        try:
            customer = self._find_customer(request, object_id)
        except Http404:
            if (kept := redirect_to_kept(request, object_id)) is not None:
                return kept
            raise
        sent = request.POST if request.method == "POST" else None
        is_task = sent is not None and "title" in sent
        activity_form = ActivityForm(None if is_task else sent)
        task_form = TaskForm(sent if is_task else None)
        if sent is not None:
            apply = _task_added if is_task else _activity_added
            form: StyledForm = task_form if is_task else activity_form
            if apply(request, customer, form):
                return HttpResponseRedirect(f"{request.path}#{'tasks' if is_task else 'timeline'}")
        context = {
            **self.admin_site.each_context(request),
            **page_context(request, customer),
            "title": customer.name,
            "customer": customer,
            "note_form": activity_form,
            "task_form": task_form,
            "model_admin": self,
        }
        return TemplateResponse(request, "admin/kontor/customer_page.html", context)

    def finish_record(self, request: HttpRequest, form: Any) -> None:
        """Says whom the shop knows under the same address or number; both stay until somebody merges them."""
        super().finish_record(request, form)
        if not {"email", "phone"} & set(form.changed_data):
            return
        alike = duplicates_of(customer_id=form.instance.pk, limit=_MOST_KNOWN)
        same = [match.customer_id for match in alike if _SAME_CONTACT & set(match.reasons)]
        for known in self.get_queryset(request).filter(pk__in=same):  # of those whom the colleague sees
            text = gettext("There is a customer with this e-mail address or phone number already: {customer}.")
            page = link(known.name, reverse(PAGE_URL, args=[known.pk]))
            messages.warning(request, format_html(text, customer=page))

    def check_deletion(self, customer: Customer) -> None:
        """Not while goods or money are owed, either way."""
        check_no_open_orders(customer.pk)

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        """Django's answer to the address of a form whose row is gone."""
        kept = redirect_to_kept(request, object_id)
        return kept or super()._get_obj_does_not_exist_redirect(request, opts, object_id)  # type: ignore[misc]

    def _find_customer(self, request: HttpRequest, object_id: str) -> Any:
        """Who it is, among those this colleague may see. Raises Http404."""
        try:
            return customer_in_full(self.get_queryset(request)).get(pk=self.opts.pk.to_python(object_id))
        except (Customer.DoesNotExist, ValidationError) as error:
            raise Http404(gettext("There is no such customer.")) from error


def _activity_added(request: HttpRequest, customer: Customer, form: StyledForm) -> bool:
    def write() -> None:
        kind = form.cleaned_data["kind"] or ActivityKind.NOTE
        add_activity(
            kind=ActivityKind(kind), customer_id=customer.pk, text=form.cleaned_data["text"], actor=actor_of(request)
        )

    return _try_to_write(request, form, "crm.add_activity", write, _("It is in the timeline."))


def _task_added(request: HttpRequest, customer: Customer, form: StyledForm) -> bool:
    def write() -> None:
        add_task(customer_id=customer.pk, assignee_id=actor_of(request).user_id, **form.cleaned_data)

    return _try_to_write(request, form, "crm.add_task", write, _("The task is added; it is yours."))


def _try_to_write(
    request: HttpRequest, form: StyledForm, permission: str, write: Callable[[], None], said: Any
) -> bool:
    """Whether it was written; if not, the form says why."""
    if not request.user.has_perm(permission):
        raise PermissionDenied
    if not form.is_valid():
        return False
    try:
        write()
    except Refusal as refusal:
        form.add_error(None, refusal.detail)
        return False
    messages.success(request, said)
    return True

"""Customers that are deleted: out of every list but their own, and back by a button."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RadioFilter
from unfold.decorators import action
from unfold.enums import ActionVariant

from shared.admin.display import moment
from shared.admin.form_page import Done, FormPage, answer
from shared.admin.forms import StyledForm, posted
from users.access.ownership import visible_to
from users.models.customer import Customer
from users.services.delete_customer import delete_customer, restore_customer

if TYPE_CHECKING:  # stands before KontorAdmin among an admin's bases
    from shared.admin.base import KontorAdmin
else:
    KontorAdmin = object

DELETED = "deleted"


class DeletedFilter(RadioFilter):
    """Instead of who is there, who was deleted, the latest first; the list's own rows leave these out."""

    title = _("deleted")
    parameter_name = DELETED

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, Any]]:
        return [("yes", _("Deleted"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.order_by("-deleted_at", "-id") if self.value() == "yes" else queryset


class Restorable(KontorAdmin):
    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """A page of one customer also shows a deleted one; lists, searches and choices do not."""
        match = request.resolver_match
        is_page = match is not None and "object_id" in match.kwargs
        is_list = match is None or match.url_name == "users_customer_changelist"
        if not is_page and not (is_list and request.GET.get(DELETED) == "yes"):
            return super().get_queryset(request)
        customers = visible_to(request.user, Customer.everyone.order_by("-id")).prefetch_related("tags")
        return customers if is_page else customers.filter(deleted_at__isnull=False)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and getattr(obj, "deleted_at", None) is None

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Restored first, changed then."""
        return super().has_change_permission(request, obj) and getattr(obj, "deleted_at", None) is None

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        offered = super().get_actions_detail(request, object_id)  # type: ignore[misc]
        deleted = Customer.everyone.filter(pk=object_id, deleted_at__isnull=False).exists()
        return [one for one in offered if deleted or one.method.original_function_name != "restore"]

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        customer = self.find(request, object_id)
        if not self.has_delete_permission(request, customer):
            raise PermissionDenied
        return answer(self, request, self._delete_page(request, customer))

    @action(
        description=_("Restore"),
        icon="restore_from_trash",
        variant=ActionVariant.PRIMARY,
        permissions=["users.delete_customer"],
    )
    def restore(self, request: HttpRequest, object_id: str) -> HttpResponse:
        customer = self.find_to_change(request, object_id)  # type: ignore[attr-defined]

        def apply(values: dict[str, Any]) -> Done:
            restore_customer(customer_id=customer.pk)
            return Done(gettext("%(name)s is there again.") % {"name": customer.name})

        page = FormPage(
            title=gettext("Restore %(name)s?") % {"name": customer.name},
            intro=gettext("Lists and searches show the customer again, and orders can be placed for them."),
            facts=[(gettext("Deleted"), moment(customer.deleted_at))],
            submit=gettext("Restore the customer"),
            form=StyledForm(posted(request)),
            apply=apply,
            back_url=reverse("admin:users_customer_change", args=[customer.pk]),
        )
        return answer(self, request, page)

    def check_deletion(self, customer: Customer) -> None:
        """Raise a Refusal where something speaks against it."""

    def _delete_page(self, request: HttpRequest, customer: Customer) -> FormPage:
        def apply(values: dict[str, Any]) -> Done:
            self.check_deletion(customer)
            delete_customer(customer_id=customer.pk, with_orders=True)
            return Done(
                gettext("%(name)s is deleted; the list's filter “Deleted” finds them.") % {"name": customer.name},
                reverse("admin:users_customer_changelist"),
            )

        return FormPage(
            title=gettext("Delete %(name)s?") % {"name": customer.name},
            intro=gettext(
                "No list, search or choice shows the customer any more, and nobody orders in their name. Orders stay "
                "as they are, and the customer can be restored. To forget the person, erase their data instead."
            ),
            facts=[(gettext("E-mail"), customer.email or "-")],
            submit=gettext("Delete the customer"),
            is_dangerous=True,
            form=StyledForm(posted(request)),
            apply=apply,
            back_url=reverse("admin:users_customer_change", args=[customer.pk]),
        )

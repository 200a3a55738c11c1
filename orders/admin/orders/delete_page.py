"""The pages on which staff put a finished order out of sight, and back; the filter that shows what is deleted."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RadioFilter
from unfold.decorators import action
from unfold.enums import ActionVariant

from orders.models.order import Order
from orders.services.orders.delete_order import delete_order, restore_order
from orders.states import FINISHED
from shared.admin.base import actor_of
from shared.admin.display import change_url, moment, money
from shared.admin.form_page import Done, FormPage, answer
from shared.admin.forms import StyledForm, VersionForm, posted

if TYPE_CHECKING:  # stands before ReadOnlyAdmin among an admin's bases
    from shared.admin.base import ReadOnlyAdmin
else:
    ReadOnlyAdmin = object

DELETED = "deleted"
DELETION_BUTTONS = ("remove", "restore")


class DeletedFilter(RadioFilter):
    """Instead of what is there, what was deleted, the latest first; the list's own rows leave these out."""

    title = _("deleted")
    parameter_name = DELETED

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, Any]]:
        return [("yes", _("Deleted"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        # Deleted orders have an index of their own in that order; in the list's order all orders would be read.
        return queryset.order_by("-deleted_at", "-id") if self.value() == "yes" else queryset


class DeleteForm(VersionForm):
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("Why; it stays in the order's history."))


class DeletionButtons(ReadOnlyAdmin):
    @action(description=_("Delete"), icon="delete", variant=ActionVariant.DANGER, permissions=["orders.delete_order"])
    def remove(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return answer(self, request, delete_page(request, self.find(request, object_id)))

    @action(
        description=_("Restore"),
        icon="restore_from_trash",
        variant=ActionVariant.PRIMARY,
        permissions=["orders.delete_order"],
    )
    def restore(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return answer(self, request, restore_page(request, self.find(request, object_id)))


def deletion_actions(order: Order) -> set[str]:
    """The button that would not be refused. A sub-order goes with its order."""
    # What is still under way has stock or money that somebody waits for, and must not vanish from the lists.
    if order.parent_id is not None or order.status not in FINISHED:
        return set()
    return {"remove"}


def delete_page(request: HttpRequest, order: Order) -> FormPage:
    def apply(values: dict[str, Any]) -> Done:
        delete_order(
            order_id=order.pk, actor=actor_of(request), reason=values["reason"], expected_version=values["version"]
        )
        return Done(gettext("Order %(number)s is deleted; it can be restored.") % {"number": order.number})

    return FormPage(
        title=gettext("Delete order %(number)s?") % {"number": order.number},
        intro=gettext(
            "No list, search or customer's page shows it any more, with all its sub-orders. Money, stock and sums of "
            "sales stay as they are. The list's filter “Deleted” finds it, and it can be restored."
        ),
        facts=[
            (gettext("Customer"), order.customer_name),
            (gettext("Total"), money(order.total, order.currency)),
            (gettext("Status"), order.get_status_display()),
        ],
        submit=gettext("Delete the order"),
        is_dangerous=True,
        form=DeleteForm(posted(request), initial={"version": order.version}),
        apply=apply,
        back_url=change_url(Order, order.pk),
    )


def restore_page(request: HttpRequest, order: Order) -> FormPage:
    def apply(values: dict[str, Any]) -> Done:
        # Without a version: restoring a restored order changes nothing, so two colleagues cannot hurt each other.
        restore_order(order_id=order.pk, actor=actor_of(request))
        return Done(gettext("Order %(number)s is there again.") % {"number": order.number})

    return FormPage(
        title=gettext("Restore order %(number)s?") % {"number": order.number},
        intro=gettext("It is shown again wherever it was."),
        facts=[(gettext("Deleted"), moment(order.deleted_at)), (gettext("Customer"), order.customer_name)],
        submit=gettext("Restore the order"),
        form=StyledForm(posted(request)),
        apply=apply,
        back_url=change_url(Order, order.pk),
    )

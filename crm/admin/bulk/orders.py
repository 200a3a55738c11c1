"""What is done to many orders of the list at once. Here and not with the orders: the pages of bulk changes are the
CRM's, which the orders do not know."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.admin.bulk.actions import BULK, Bulk
from crm.admin.bulk.views import actions_of
from crm.services.bulk.advance_orders import bulk_advance
from crm.services.bulk.cancel_orders import bulk_cancel
from crm.services.bulk.check_many import BulkResult
from crm.services.bulk.confirm_payments import bulk_confirm_payment
from orders.admin.orders.admin import OrderAdmin
from orders.models.order import Order
from orders.states import JOURNEY, OrderStatus
from shared.actor import Actor
from shared.admin.forms import StyledForm


class CancelOrdersForm(StyledForm):
    note = forms.CharField(label=_("Note"), max_length=200, help_text=_("Why; it stays in the order's history."))


class AdvanceOrdersForm(StyledForm):
    status = forms.ChoiceField(
        label=_("Status"),
        choices=[(status.value, OrderStatus(status).label) for status in JOURNEY[1:]],
        help_text=_("Shipped sends everything that has not left."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


def _apply_confirmation(ids: Sequence[UUID], values: dict[str, Any], actor: Actor) -> BulkResult:
    return bulk_confirm_payment(ids=ids, actor=actor)


def _apply_cancellation(ids: Sequence[UUID], values: dict[str, Any], actor: Actor) -> BulkResult:
    return bulk_cancel(ids=ids, actor=actor, note=values["note"])


def _apply_advance(ids: Sequence[UUID], values: dict[str, Any], actor: Actor) -> BulkResult:
    return bulk_advance(ids=ids, actor=actor, status=values["status"], reason=values["reason"])


BULK[Order] = (
    Bulk("confirm_payments", _("Confirm payments"), StyledForm, _apply_confirmation, "confirm_payment"),
    Bulk("move_on", _("Move on"), AdvanceOrdersForm, _apply_advance, "advance_order"),
    Bulk("cancel_orders", _("Cancel"), CancelOrdersForm, _apply_cancellation, "cancel_order"),
)
OrderAdmin.actions = actions_of(Order)

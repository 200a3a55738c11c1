"""An order's buttons for money and goods that go back."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.enums import ActionVariant

from orders.admin.refunds.pages import cancel_paid_page, refund_page
from orders.admin.refunds.preview import live_text
from orders.admin.returns.take_back_page import take_back_page
from orders.models.order import Order
from orders.states import BEGUN, MONEY_IS_HERE, OrderStatus, PaymentStatus, Trigger, is_allowed
from shared.admin.form_page import FormPage, answer

if TYPE_CHECKING:
    from shared.admin.base import KontorAdmin as _Base
else:
    _Base = object


class RefundButtons(_Base):
    @action(description=_("Refund"), icon="currency_exchange", permissions=["orders.refund_order"])
    def refund(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._answer_live(request, refund_page(request, self.find(request, object_id)))

    @action(
        description=_("Cancel and refund"),
        icon="cancel",
        variant=ActionVariant.DANGER,
        # Both, as it is both at once. Nobody gets by one of these rights what needs the other.
        permissions=["orders.refund_order", "orders.cancel_order"],
    )
    def cancel_paid(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return answer(self, request, cancel_paid_page(request, self.find(request, object_id)))

    @action(description=_("Return goods"), icon="assignment_return", permissions=["orders.add_return"])
    def take_back(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._answer_live(request, take_back_page(request, self.find(request, object_id)))

    def _answer_live(self, request: HttpRequest, page: FormPage) -> HttpResponse:
        """The page's script asks with what is typed so far; the same form and preview answer, so that both say the
        same."""
        if "_live" in request.POST:
            return JsonResponse({"text": live_text(page)})
        return answer(self, request, page)


def refund_actions(order: Order) -> set[str]:
    """The buttons that would not be refused."""
    if order.payment_status not in MONEY_IS_HERE:
        return set()
    # A fully refunded order still has goods that may come back.
    names = {"refund"} if order.payment_status != PaymentStatus.REFUNDED else set()
    if is_allowed(order.status, OrderStatus.CANCELLED, by=Trigger.REFUND):
        names.add("cancel_paid")
    if order.status in BEGUN:
        names.add("take_back")
    return names

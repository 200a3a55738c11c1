"""An order's buttons for what changes before it is shipped: its payment deadline and its lines."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from orders.admin.orders.address_page import address_page, tax_number_page
from orders.admin.orders.edit_page import edit_page
from orders.admin.orders.extend_page import extend_page
from orders.admin.refunds.preview import live_text
from orders.models.order import Order
from orders.services.orders.update_order import ADDRESS_IS_OPEN
from orders.states import EDITABLE, MONEY_IS_HERE, OrderStatus
from shared.admin.form_page import answer

if TYPE_CHECKING:
    from shared.admin.base import KontorAdmin as _Base
else:
    _Base = object

EDITING_BUTTONS = ("extend", "edit_lines", "change_addresses", "change_tax_number")


class EditingButtons(_Base):
    @action(description=_("Extend deadline"), icon="more_time", permissions=["orders.add_order"])
    def extend(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return answer(self, request, extend_page(request, self.find(request, object_id)))

    @action(description=_("Change lines"), icon="edit_note", permissions=["orders.edit_order"])
    def edit_lines(self, request: HttpRequest, object_id: str) -> HttpResponse:
        page = edit_page(self, request, self.find(request, object_id))
        # The page's script asks with what is typed so far; the same form and preview answer, so that both say the same.
        if "_live" in request.POST:
            return JsonResponse({"text": live_text(page)})
        return answer(self, request, page)

    @action(description=_("Change addresses"), icon="home_pin", permissions=["orders.change_order"])
    def change_addresses(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return answer(self, request, address_page(request, self.find(request, object_id)))

    @action(description=_("Change tax number"), icon="badge", permissions=["orders.change_order"])
    def change_tax_number(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return answer(self, request, tax_number_page(request, self.find(request, object_id)))


def editing_actions(order: Order) -> set[str]:
    """The buttons that would not be refused; a split order is changed by its sub-orders."""
    possible = set()
    # Sub-orders have no deadline: their money is due with the whole order's.
    if order.status == OrderStatus.PENDING and order.payment_expires_at is not None:
        possible.add("extend")
    # A parent order has no lines of its own stock: each seller's part is changed where its goods are.
    if order.status in EDITABLE and not order.sub_orders.exists():
        possible.add("edit_lines")
    # One address for all sub-orders, as they are one purchase: it is changed on the parent order.
    if order.parent_id is None and order.status in ADDRESS_IS_OPEN:
        possible.add("change_addresses")
    # Afterwards the invoice alone can still be put right.
    elif order.parent_id is None and order.payment_status in MONEY_IS_HERE:
        possible.add("change_tax_number")
    return possible

"""A person who is erased takes their words along, and leaves the books right."""

import pytest

from crm.services.privacy.erase_customer import erase_customer
from orders.editing.edit_requests import ChangedQuantity, EditRequest
from orders.models.order_event import EventKind, OrderEvent
from orders.models.order_item import OrderItem
from orders.services.orders.cancel_order import cancel_order
from orders.services.orders.edit_order import edit_order
from orders.states import CancelReason
from shared.actor import SYSTEM
from tests.shop.books import audit
from tests.shop.goods import make_level
from tests.shop.orders import order_of
from tests.shop.people import make_buyer


@pytest.mark.usefixtures("repeatable_read", "db")
def test_an_edited_order_has_its_event_after_its_buyer_was_erased() -> None:
    order = order_of(make_buyer(), (make_level(on_hand=5), 1))
    item = OrderItem.objects.get(order=order)
    requested = EditRequest((ChangedQuantity(0, item.pk, 2),))
    edit_order(order_id=order.pk, requested=requested, actor=SYSTEM, reason="Ann rang me up")
    cancel_order(order_id=order.pk, actor=SYSTEM, reason=CancelReason.STAFF)

    erase_customer(customer_id=order.customer_id, actor=SYSTEM)

    _code, report = audit()
    assert {check["name"]: check["count"] for check in report["checks"] if check["count"]} == {}
    edited = OrderEvent.objects.get(order=order, kind=EventKind.EDITED)
    assert (edited.reason, edited.data) == ("", {"lines": []})

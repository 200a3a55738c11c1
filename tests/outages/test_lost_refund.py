"""The connection is lost at COMMIT while money and goods go back: all of it happens once."""

from decimal import Decimal

import pytest

from orders.models.order_item import OrderItem
from orders.models.order_return import Return
from orders.models.refund import Refund
from orders.refunds.plans import RefundRequest, RequestedLine
from orders.refunds.return_worth import RefundTerms
from orders.services.orders.advance_order import advance_order
from orders.services.orders.cancel_paid_order import cancel_paid_order
from orders.services.payments.confirm_payment import confirm_payment
from orders.services.refunds.refund_order import refund_order
from orders.services.refunds.settle_refund import settle_refund
from orders.services.returns.decide_return import approve_return
from orders.services.returns.receive_return import receive_return
from orders.services.returns.refund_return import refund_return
from orders.services.returns.request_return import request_return
from orders.services.returns.take_goods_back import take_goods_back
from orders.states import CancelReason, OrderStatus
from shared.actor import SYSTEM
from tests.outages.cutting_proxy import Cut, CuttingProxy
from tests.outages.test_lost_commit import proxy  # noqa: F401 - a fixture
from tests.shop.goods import balances, make_level
from tests.shop.orders import order_of
from tests.shop.people import make_buyer

pytestmark = pytest.mark.usefixtures("audited_shop")


@pytest.mark.parametrize("cut", list(Cut))
def test_each_step_is_taken_once_though_its_commit_is_cut(proxy: CuttingProxy, cut: Cut) -> None:  # noqa: F811
    level = make_level(on_hand=9, tax_rate="0")
    kept, gone, counter = (order_of(make_buyer(), (level, 3)) for _ in range(3))
    for order in (kept, gone, counter):
        confirm_payment(order_id=order.pk, actor=SYSTEM)
    item = OrderItem.objects.get(order=kept)

    proxy.cuts.append(cut)
    (refund,) = refund_order(
        order_id=kept.pk, requested=RefundRequest((RequestedLine(item.pk, 1),)), reason="broken", actor=SYSTEM
    )
    proxy.cuts.append(cut)
    settle_refund(refund_id=refund.pk, actor=SYSTEM, reference="SEPA")
    proxy.cuts.append(cut)
    cancel_paid_order(order_id=gone.pk, actor=SYSTEM, reason=CancelReason.STAFF)
    for status in (OrderStatus.PROCESSING, OrderStatus.SHIPPED):
        for order in (kept, counter):
            advance_order(order_id=order.pk, status=status, actor=SYSTEM)
    proxy.cuts.append(cut)
    made = request_return(order_id=kept.pk, units=[(item.pk, 2)], reason="too small", actor=SYSTEM)
    for step in (approve_return, receive_return, refund_return):
        proxy.cuts.append(cut)
        step(return_id=made.pk, actor=SYSTEM)
    units = {OrderItem.objects.get(order=counter).pk: (3, 3)}
    proxy.cuts.append(cut)
    take_goods_back(order_id=counter.pk, units=units, reason="too big", actor=SYSTEM, refund=RefundTerms())

    assert proxy.cut_commits == 8
    assert sorted(Return.objects.values_list("order_id", "status")) == sorted(
        [(kept.pk, "REFUNDED"), (counter.pk, "REFUNDED")]
    )
    assert sorted(Refund.objects.values_list("order_id", "amount")) == sorted(
        [(kept.pk, Decimal(10)), (kept.pk, Decimal(20)), (gone.pk, Decimal(30)), (counter.pk, Decimal(30))]
    )
    assert balances(level.pk) == (9, 0)

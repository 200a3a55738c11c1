"""An unpaid order is put off, paid, expired and changed at one moment."""

from collections.abc import Callable
from functools import partial

import pytest

from orders.editing.edit_requests import ChangedQuantity, EditRequest
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.services.drafts.order_draft import OrderedDraft, order_draft
from orders.services.drafts.write_draft import DraftedLine, create_draft
from orders.services.orders.advance_order import advance_order
from orders.services.orders.edit_order import edit_order
from orders.services.orders.expire_unpaid_orders import expire_unpaid_orders
from orders.services.orders.extend_hold import extend_hold
from orders.services.payments.confirm_payment import confirm_payment
from orders.states import OrderStatus
from shared.actor import SYSTEM
from tests.shop.database.races import run_together, stock_held
from tests.shop.goods import balances, make_level
from tests.shop.order_actions import LONG_AGO, pay, state
from tests.shop.orders import order_of
from tests.shop.people import make_buyer

pytestmark = pytest.mark.usefixtures("audited_shop")


def extend(order: Order) -> Callable[[], Order]:
    return partial(extend_hold, order_id=order.pk, actor=SYSTEM)


def edit(order: Order, units: int) -> Callable[[], Order]:
    """Give the order's one line so many units."""
    line = OrderItem.objects.get(order=order)
    requested = EditRequest((ChangedQuantity(0, line.pk, units),))
    return partial(edit_order, order_id=order.pk, requested=requested, actor=SYSTEM, reason="told by phone")


def units_of(order: Order) -> int:
    return OrderItem.objects.get(order=order).quantity


def test_putting_off_what_is_being_expired_comes_too_late() -> None:
    level = make_level(on_hand=2)
    order = order_of(make_buyer(), (level, 2), now=LONG_AGO)

    with stock_held(level.pk) as queue:
        queue.start(expire_unpaid_orders)
        queue.start(extend(order))

    assert queue.outcomes()[1].code == "reservation_expired"
    assert state(order) == ("CANCELLED", "PENDING")
    assert balances(level.pk) == (2, 0)


def test_putting_off_what_is_being_paid_comes_too_late() -> None:
    level = make_level(on_hand=2)
    order = order_of(make_buyer(), (level, 2))

    with stock_held(level.pk) as queue:
        queue.start(pay(order))
        queue.start(extend(order))

    assert queue.outcomes()[1].code == "nothing_to_extend"
    assert state(order) == ("CONFIRMED", "PAID")


def test_of_many_who_put_it_off_at_once_one_does() -> None:
    level = make_level(on_hand=2)
    order = order_of(make_buyer(), (level, 2))

    outcomes = run_together(*[extend(order)] * 4)

    assert [getattr(outcome, "code", "") for outcome in outcomes].count("extension_limit") == 3
    order.refresh_from_db()
    assert (order.hold_extensions, order.version) == (1, 2)


def test_changing_what_is_being_paid_changes_a_paid_order() -> None:
    level = make_level(on_hand=5, tax_rate="0")
    order = order_of(make_buyer(), (level, 2))

    with stock_held(level.pk) as queue:
        queue.start(pay(order))
        queue.start(edit(order, 3))

    assert state(order) == ("CONFIRMED", "PAID")
    assert (order.total, balances(level.pk)) == (30, (2, 0))


def test_paying_what_is_being_changed_pays_what_it_costs_then() -> None:
    level = make_level(on_hand=5, tax_rate="0")
    order = order_of(make_buyer(), (level, 2))

    with stock_held(level.pk) as queue:
        queue.start(edit(order, 3))
        queue.start(pay(order))

    assert state(order) == ("CONFIRMED", "PAID")
    assert (order.total, balances(level.pk)) == (30, (2, 0))
    assert [payment.amount for payment in order.payments.all()] == [30]


def test_changing_what_is_being_expired_comes_too_late() -> None:
    level = make_level(on_hand=5)
    order = order_of(make_buyer(), (level, 2), now=LONG_AGO)

    with stock_held(level.pk) as queue:
        queue.start(expire_unpaid_orders)
        queue.start(edit(order, 1))

    assert queue.outcomes()[1].code == "not_editable"
    assert balances(level.pk) == (5, 0)


def test_what_is_being_changed_expires_as_it_then_is() -> None:
    level = make_level(on_hand=5)
    order = order_of(make_buyer(), (level, 2), now=LONG_AGO)

    with stock_held(level.pk) as queue:
        queue.start(edit(order, 4))
        queue.start(expire_unpaid_orders, blocks=False)
    expire_unpaid_orders()

    assert state(order) == ("CANCELLED", "PENDING")
    assert balances(level.pk) == (5, 0)


def test_units_that_are_being_shipped_cannot_be_dropped() -> None:
    level = make_level(on_hand=5)
    order = order_of(make_buyer(), (level, 3))
    confirm_payment(order_id=order.pk, actor=SYSTEM)
    advance_order(order_id=order.pk, status=OrderStatus.PROCESSING, actor=SYSTEM)
    ship = partial(advance_order, order_id=order.pk, status=OrderStatus.SHIPPED, actor=SYSTEM)

    outcomes = run_together(ship, edit(order, 1))

    order.refresh_from_db()
    assert order.status == "SHIPPED"
    if getattr(outcomes[1], "code", "") == "not_editable":
        assert (units_of(order), balances(level.pk)) == (3, (2, 0))
    else:
        assert (units_of(order), balances(level.pk)) == (1, (4, 0))


def test_everything_at_once_leaves_the_books_right() -> None:
    """Many hands on four orders that want the same stock; the audit has the last word."""
    level = make_level(on_hand=12)
    orders = [order_of(make_buyer(), (level, 2), now=LONG_AGO if place == 3 else None) for place in range(4)]
    works = [work for order in orders for work in (edit(order, 5), edit(order, 1), pay(order))]

    outcomes = run_together(*works, expire_unpaid_orders)

    codes = {getattr(outcome, "code", "") for outcome in outcomes}
    assert codes <= {"", "insufficient_stock", "not_editable", "amount_mismatch"}
    on_hand, reserved = balances(level.pk)
    lines = OrderItem.objects.filter(order__in=orders).exclude(status="CANCELLED")
    assert 12 - on_hand + reserved == sum(lines.values_list("quantity", flat=True))


def test_many_who_order_one_draft_place_one_order() -> None:
    level, buyer = make_level(on_hand=9), make_buyer()
    line = DraftedLine(level.variant_id, 2)
    draft = create_draft(customer_id=buyer.customer.pk, currency="USD", actor=SYSTEM, lines=[line])

    ordered = run_together(*[partial(order_draft, draft_id=draft.pk, actor=SYSTEM, agrees_prices=True)] * 6)

    assert len({one.order.pk for one in ordered if isinstance(one, OrderedDraft)}) == 1
    assert Order.objects.count() == 1
    assert balances(level.pk) == (9, 2)

"""Bugs of an order after it is placed: its stock, its payments, its refunds."""

from ops.planted_bugs.bug import Bug, one_edit

WINNERS = "tests/orders/lifecycle/test_lifecycle_races.py"
PAYING = "tests/orders/incoming_payments/test_paying.py"
PAYING_LATE = "tests/orders/incoming_payments/test_paying_late.py"
_STOCK = "inventory/ledger/stock.py"
_PAYMENT = "orders/services/payments/confirm_payment.py"

BUGS: tuple[Bug, ...] = (
    one_edit(
        "orders are read without FOR UPDATE",
        WINNERS,
        "orders/lifecycle/locking.py",
        'group.select_for_update(of=("self",), no_key=True)\n',
        "group\n",
    ),
    one_edit(
        "an overdue order expires blindly, without a second look",
        WINNERS,
        "orders/services/orders/expire_unpaid_orders.py",
        "        if order.status != OrderStatus.PENDING or deadline is None or deadline > moment:\n"
        "            return 0\n",
        "        del deadline\n",
    ),
    one_edit(
        "units are released without a ledger row",
        "tests/orders/lifecycle/test_shop_machine.py",
        _STOCK,
        "    _write_ledger(levels, moves, MovementKind.RELEASE, reason=reason, now=now)\n",
        "    for move in moves:\n"
        "        level = StockLevel.objects.get(pk=move.level_id)\n"
        "        level.reserved -= move.quantity\n"
        "        level.save()\n",
    ),
    one_edit(
        "a cancelled order keeps its stock",
        "tests/orders/lifecycle/test_cancelling.py",
        "orders/services/orders/cancel_order.py",
        "    end_holds(group.ids, as_status=ReservationStatus.CANCELLED, actor=actor, now=now, reason=of_order)\n",
        "    del of_order\n",
    ),
    one_edit(
        "any amount pays an order",
        PAYING,
        _PAYMENT,
        "            _check_amount(order, amount, currency, "
        "expected=[due, *(payment.amount for payment in recorded)])\n",
        "",
    ),
    one_edit(
        "what is missing of a part-paid order is asked for as its total",
        "tests/orders/incoming_payments/test_paying_the_rest.py",
        _PAYMENT,
        "            due = open_amount or order.total\n",
        "            due = order.total\n",
    ),
    one_edit(
        "a late payment revives what was cancelled by hand",
        PAYING_LATE,
        "orders/incoming_payments/receiving.py",
        "        and order.cancel_reason == CancelReason.PAYMENT_TIMEOUT\n",
        "",
    ),
    one_edit(
        "halves are rounded to the even digit",
        "tests/orders/pricing/test_amounts.py",
        "shared/money/amounts.py",
        "rounding=ROUND_HALF_UP",
        'rounding="ROUND_HALF_EVEN"',
    ),
    one_edit(
        "goods on the counter are taken back twice when the first answer is lost",
        "tests/outages/test_lost_refund.py",
        "orders/services/returns/take_goods_back.py",
        "        find_done=partial(return_told_by, event_id),\n",
        "        find_done=lambda: None,\n",
    ),
    one_edit(
        "goods that came back broken are for sale again",
        "tests/orders/refunds/test_taking_goods_back.py",
        "orders/refunds/receiving.py",
        "[(row.item, row.restocked_quantity) for row in locked.items]",
        "[(row.item, row.received_quantity) for row in locked.items]",
    ),
    one_edit(
        "old news of a refund's success hides that it failed",
        "tests/payments/test_taken_back.py",
        "orders/services/refunds/settle_refund.py",
        " and not _is_old_news(refund, step):\n            _take_step",
        ":\n            _take_step",
    ),
    one_edit(
        "a refund at the provider is given back once more by us",
        "tests/payments/test_taken_back.py",
        "orders/refunds/create_refunds.py",
        "if refund.payment.provider != MANUAL and promise.by_provider is None:",
        "if refund.payment.provider != MANUAL:",
    ),
    one_edit(
        "a declined attempt stays open at its provider",
        "tests/payments/test_stripe.py",
        "payments/providers/stripe.py",
        "failed_may_be_paid: ClassVar[bool] = True",
        "failed_may_be_paid: ClassVar[bool] = False",
    ),
    one_edit(
        "a coupon once a person is once a record",
        "tests/orders/pricing/test_coupon_races.py",
        "orders/pricing/count_uses.py",
        '"customer__in": ids_of_same_person(customer_id)',
        '"customer": customer_id',
    ),
    one_edit(
        "goods leave though a part of their price is open",
        "tests/orders/incoming_payments/test_open_amounts.py",
        "orders/incoming_payments/settled.py",
        "    if shown_due(parent):\n",
        "    if not parent:\n",
    ),
)

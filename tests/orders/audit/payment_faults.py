"""Ways to spoil what came in through providers. Each returns an id that the named check must show."""

from decimal import Decimal
from uuid import UUID

from orders.models.dispute import Dispute
from orders.models.payment import Payment
from orders.services.payments.confirm_payment import record_payment
from orders.services.payments.record_dispute import ToldDispute, record_dispute
from orders.states import DisputeFunds, DisputeStatus
from payments.services.create_intent import create_intent
from shared.actor import SYSTEM
from shared.ids import new_id
from tests.shop.books import Books, sql


def captured_but_not_booked(books: Books) -> UUID:
    intent = create_intent(order_id=books.pending.pk, actor=SYSTEM, provider="manual", method="cash").intent
    sql("UPDATE payments_intent SET status = 'captured', authorised_amount = amount, captured_amount = amount")
    return intent.pk


def short_payment_called_exact(books: Books) -> UUID:
    order = books.pending
    record_payment(order_id=order.pk, actor=SYSTEM, amount=Decimal(1), currency=order.currency, reference="short")
    sql("UPDATE orders_payment SET match = 'exact' WHERE order_id = %s", order.pk)
    return Payment.objects.get(order=order).pk


def open_amount_that_nothing_explains(books: Books) -> UUID:
    sql("UPDATE orders_order SET open_amount = 1 WHERE id = %s", books.paid.pk)
    return books.paid.pk


def dispute_that_its_order_hides(books: Books) -> UUID:
    _dispute(books, DisputeStatus.NEEDS_RESPONSE)
    sql("UPDATE orders_order SET dispute = '' WHERE id = %s", books.paid.pk)
    return books.paid.pk


def won_dispute_that_kept_the_money(books: Books) -> UUID:
    _dispute(books, DisputeStatus.LOST)
    sql("UPDATE orders_dispute SET status = 'won', funds = 'reinstated'")
    sql("UPDATE orders_order SET dispute = 'won' WHERE id = %s", books.paid.pk)
    return Dispute.objects.get(provider_id="sd_1").pk


def _dispute(books: Books, status: DisputeStatus) -> None:
    intent_id = new_id()
    sql("UPDATE orders_payment SET intent_id = %s WHERE order_id = %s", intent_id, books.paid.pk)
    told = ToldDispute("sandbox", "sd_1", books.paid.total, status, DisputeFunds.HERE)
    record_dispute(order_id=books.paid.pk, intent_id=intent_id, told=told)


FAULTS = [
    (open_amount_that_nothing_explains, "open_amounts_are_what_is_due"),
    (dispute_that_its_order_hides, "disputes_flag_their_orders"),
    (won_dispute_that_kept_the_money, "lost_disputes_took_their_money"),
    (captured_but_not_booked, "payments_equal_captures"),
    (short_payment_called_exact, "payment_match_fits"),
]

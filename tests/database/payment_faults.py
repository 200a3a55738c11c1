"""Ways to spoil what came in through providers. Each returns an id that the named check must show."""

from decimal import Decimal
from uuid import UUID

from orders.models.payment import Payment
from orders.services.confirm_payment import record_payment
from payments.services.create_intent import create_intent
from shared.actor import SYSTEM
from tests.database.books import Books, sql


def captured_but_not_booked(books: Books) -> UUID:
    intent = create_intent(order_id=books.pending.pk, actor=SYSTEM, provider="manual", method="cash").intent
    sql("UPDATE payments_intent SET status = 'captured', authorised_amount = amount, captured_amount = amount")
    return intent.pk


def short_payment_called_exact(books: Books) -> UUID:
    order = books.pending
    record_payment(order_id=order.pk, actor=SYSTEM, amount=Decimal(1), currency=order.currency, reference="short")
    sql("UPDATE orders_payment SET standing = 'exact' WHERE order_id = %s", order.pk)
    return Payment.objects.get(order=order).pk


FAULTS = [
    (captured_but_not_booked, "payments_equal_captures"),
    (short_payment_called_exact, "payment_standing_fits"),
]

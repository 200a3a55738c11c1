"""Faults in what went back: each is planted in an order with a refund and a return."""

from uuid import UUID

from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.models.payment import Payment
from orders.models.refund import Refund
from orders.services.invoices.issue_invoice import issue_credit_note, issue_invoice
from shared.actor import SYSTEM
from tests.shop.books import Books, sql
from tests.shop.every_table.refunds import fill_refunds
from tests.shop.people import make_buyer


def _refunded(books: Books) -> Order:
    return fill_refunds(make_buyer(), books.level)


def promised_but_not_counted(books: Books) -> UUID:
    payment = Payment.objects.get(order=_refunded(books))
    sql("UPDATE orders_payment SET refunded_amount = 0 WHERE id = %s", payment.pk)
    return payment.pk


def more_back_than_it_costs(books: Books) -> UUID:
    order = _refunded(books)
    sql("UPDATE orders_refund SET amount = amount * 9 WHERE order_id = %s", order.pk)
    return order.pk


def refund_of_another_order(books: Books) -> UUID:
    order = _refunded(books)
    sql("UPDATE orders_refund SET order_id = %s WHERE order_id = %s", books.paid.pk, order.pk)
    return Refund.objects.get(order=books.paid).pk


def units_without_a_refund(books: Books) -> UUID:
    item = OrderItem.objects.get(order=_refunded(books))
    sql("UPDATE orders_order_item SET refunded_quantity = 2 WHERE id = %s", item.pk)
    return item.pk


def units_that_never_came(books: Books) -> UUID:
    item = OrderItem.objects.get(order=_refunded(books))
    sql("UPDATE orders_order_item SET returned_quantity = 1 WHERE id = %s", item.pk)
    return item.pk


def restocked_on_paper_only(books: Books) -> UUID:
    order = _refunded(books)
    sql("UPDATE orders_return_item SET received_quantity = 1, restocked_quantity = 1")
    sql("UPDATE orders_order_item SET returned_quantity = 1 WHERE order_id = %s", order.pk)
    return OrderItem.objects.get(order=order).pk


def refunded_without_saying_so(books: Books) -> UUID:
    order = _refunded(books)
    sql("UPDATE orders_order SET payment_status = 'PAID' WHERE id = %s", order.pk)
    return order.pk


def credit_note_with_another_tax(books: Books) -> UUID:
    order = _refunded(books)
    issue_invoice(order_id=order.pk, actor=SYSTEM)
    refund = Refund.objects.get(order=order)
    note = issue_credit_note(order_id=order.pk, refund_id=refund.pk, actor=SYSTEM).invoice
    note.content["tax"] = "0.01"
    note.save()
    return note.pk


FAULTS = [
    (credit_note_with_another_tax, "credit_notes_add_up"),
    (promised_but_not_counted, "refunds_equal_payments"),
    (more_back_than_it_costs, "refunds_within_their_seller_order"),
    (refund_of_another_order, "refunds_are_of_their_order"),
    (units_without_a_refund, "refunded_units_equal_refunds"),
    (units_that_never_came, "returned_units_equal_returns"),
    (restocked_on_paper_only, "returned_units_equal_returns"),
    (refunded_without_saying_so, "refunded_orders_say_so"),
]

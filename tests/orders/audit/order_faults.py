"""Ways to spoil orders, their money, history and keys. Each returns an id that the named check must show."""

from uuid import UUID

from crm.services.merging.merge_customers import merge_customers
from orders.models.coupon import Coupon, CouponUse
from shared.actor import SYSTEM
from tests.shop.books import Books, drop_foreign_keys, sql, unprotect
from tests.shop.people import make_buyer


def sub_order_of_another_amount(books: Books) -> UUID:
    sql("UPDATE orders_order SET subtotal = subtotal + 1, total = total + 1 WHERE parent_id = %s", books.split.pk)
    return books.split.pk


def sub_order_of_another_time(books: Books) -> UUID:
    sub_order = sql("SELECT id FROM orders_order WHERE parent_id = %s LIMIT 1", books.split.pk)[0][0]
    sql("UPDATE orders_order SET created_at = created_at - interval '1 s' WHERE id = %s", sub_order)
    return UUID(str(sub_order))


def sub_order_left_waiting(books: Books) -> UUID:
    sql("UPDATE orders_order SET status = 'PENDING' WHERE parent_id = %s", books.split.pk)
    return UUID(str(sql("SELECT id FROM orders_order WHERE parent_id = %s LIMIT 1", books.split.pk)[0][0]))


def sub_order_that_stepped_alone(books: Books) -> UUID:
    sql(
        """INSERT INTO orders_order_event (id, order_id, kind, from_status, to_status, reason, created_at)
           SELECT gen_random_uuid(), id, 'status_changed', status, status, '', clock_timestamp()
           FROM orders_order WHERE parent_id = %s LIMIT 1""",
        books.split.pk,
    )
    return books.split.pk


def coupon_counted_too_often(books: Books) -> UUID:
    return Coupon.objects.create(code="NEVER-USED", value=5, used_count=1).pk


def coupon_of_a_cancelled_order(books: Books) -> UUID:
    coupon = Coupon.objects.create(code="GONE", value=5, used_count=1)
    sql("UPDATE orders_order SET coupon_code = 'GONE' WHERE id = %s", books.cancelled.pk)
    CouponUse.objects.create(
        coupon=coupon,
        order=books.cancelled,
        customer=books.cancelled.customer,
        amount=1,
        created_at=books.cancelled.created_at,
    )
    return books.cancelled.pk


def item_total_wrong(books: Books) -> UUID:
    unprotect("orders_order_item", "item_total_adds_up")
    sql("UPDATE orders_order_item SET total_price = total_price + 0.01 WHERE order_id = %s", books.paid.pk)
    return books.paid.pk


def order_total_rewritten(books: Books) -> UUID:
    sql("UPDATE orders_order SET subtotal = subtotal + 1, total = total + 1 WHERE id = %s", books.pending.pk)
    return books.pending.pk


def order_total_not_a_sum(books: Books) -> UUID:
    unprotect("orders_order", "order_total_adds_up")
    sql("UPDATE orders_order SET total = total - 0.01 WHERE id = %s", books.pending.pk)
    return books.pending.pk


def payment_in_another_currency(books: Books) -> UUID:
    sql("UPDATE orders_payment SET currency = 'EUR' WHERE order_id = %s", books.paid.pk)
    return books.paid.pk


def payment_of_another_amount(books: Books) -> UUID:
    sql("UPDATE orders_payment SET amount = amount - 1 WHERE order_id = %s", books.paid.pk)
    return books.paid.pk


def paid_without_payment(books: Books) -> UUID:
    sql("DELETE FROM orders_payment WHERE order_id = %s", books.delivered.pk)
    return books.delivered.pk


def both_payments_count(books: Books) -> UUID:
    sql("DROP INDEX one_payment_pays_an_order")
    sql("UPDATE orders_payment SET status = 'PAID' WHERE order_id = %s", books.paid_twice.pk)
    return books.paid_twice.pk


def money_taken_for_a_cancelled_order(books: Books) -> UUID:
    sql("UPDATE orders_payment SET status = 'PAID' WHERE order_id = %s", books.refund_due.pk)
    return books.refund_due.pk


def refund_forgotten(books: Books) -> UUID:
    sql("UPDATE orders_order SET payment_status = 'FAILED' WHERE id = %s", books.refund_due.pk)
    return books.refund_due.pk


def not_listed_for_its_seller(books: Books) -> UUID:
    sql("UPDATE orders_order_item SET listed_at = NULL WHERE order_id = %s", books.paid.pk)
    return books.paid.pk


def listed_at_another_time(books: Books) -> UUID:
    sql("UPDATE orders_order_item SET listed_at = listed_at - interval '1 second' WHERE order_id = %s", books.paid.pk)
    return books.paid.pk


def listed_twice(books: Books) -> UUID:
    sql(
        "UPDATE orders_order_item SET listed_at = (SELECT created_at FROM orders_order WHERE id = order_id) "
        "WHERE order_id = %s",
        books.pending.pk,
    )
    return books.pending.pk


def history_removed(books: Books) -> UUID:
    unprotect("orders_order_event")
    sql("DELETE FROM orders_order_event WHERE order_id = %s AND kind = 'placed'", books.spread.pk)
    return books.spread.pk


def given_to_another_customer(books: Books) -> UUID:
    """As somebody does who wants to see another one's order, with all that hangs on it."""
    sql("UPDATE orders_order SET customer_id = %s WHERE id = %s", make_buyer().customer.pk, books.paid.pk)
    return books.paid.pk


def given_away_with_its_sub_orders(books: Books) -> UUID:
    other = make_buyer().customer.pk
    sql("UPDATE orders_order SET customer_id = %s WHERE %s IN (id, parent_id)", other, books.split.pk)
    return UUID(str(sql("SELECT id FROM orders_order WHERE parent_id = %s LIMIT 1", books.split.pk)[0][0]))


def left_behind_by_a_merge(books: Books) -> UUID:
    """The merge moved it, and somebody gave it to a third one since."""
    kept = make_buyer().customer.pk
    merge_customers(kept_id=kept, duplicate_id=books.paid.customer_id, actor=SYSTEM)
    return given_to_another_customer(books)


def status_set_by_hand(books: Books) -> UUID:
    sql("UPDATE orders_order SET status = 'SHIPPED' WHERE id = %s", books.paid.pk)
    return books.paid.pk


def change_without_event(books: Books) -> UUID:
    sql("UPDATE orders_order SET version = version + 1 WHERE id = %s", books.spread.pk)
    return books.spread.pk


def impossible_step(books: Books) -> UUID:
    unprotect("orders_order_event")
    sql(
        "DELETE FROM orders_order_event WHERE order_id = %s AND to_status IN ('PROCESSING', 'SHIPPED')",
        books.delivered.pk,
    )
    return books.delivered.pk


def item_left_behind(books: Books) -> UUID:
    sql("UPDATE orders_order_item SET status = 'PENDING' WHERE order_id = %s", books.delivered.pk)
    return books.delivered.pk


def items_removed(books: Books) -> UUID:
    drop_foreign_keys("orders_reservation")
    sql("DELETE FROM orders_order_item WHERE order_id = %s", books.expired.pk)
    return books.expired.pk


def deadline_of_a_paid_order(books: Books) -> UUID:
    sql("UPDATE orders_order SET payment_expires_at = now() WHERE id = %s", books.paid.pk)
    return books.paid.pk


def number_given_twice(books: Books) -> UUID:
    unprotect("orders_order", "order_number_unique")
    sql("UPDATE orders_order SET number = %s WHERE id = %s", books.pending.number, books.paid.pk)
    return books.paid.pk


def number_of_nobody(books: Books) -> UUID:
    sql("UPDATE orders_order SET number = 'ORDER-7' WHERE id = %s", books.paid.pk)
    return books.paid.pk


def number_ahead_of_the_sequence(books: Books) -> UUID:
    sql(
        "UPDATE orders_order SET number = (SELECT last_value + 5 FROM orders_order_number_seq) WHERE id = %s",
        books.paid.pk,
    )
    return books.paid.pk


def key_of_no_order(books: Books) -> UUID:
    return sql(
        """UPDATE orders_idempotency_key SET order_id = gen_random_uuid()
           WHERE key = 'key-1' RETURNING order_id"""
    )[0][0]


def key_used_twice(books: Books) -> UUID:
    unprotect("orders_idempotency_key", "idempotency_key_once_per_principal")
    sql("UPDATE orders_idempotency_key SET key = 'key-0' WHERE key = 'key-1'")
    return books.spread.pk


def key_of_tomorrow(books: Books) -> UUID:
    sql("UPDATE orders_idempotency_key SET created_at = now() + interval '1 day' WHERE key = 'key-1'")
    return books.spread.pk


FAULTS = [
    (coupon_counted_too_often, "coupons_count_their_uses"),
    (coupon_of_a_cancelled_order, "coupons_of_unpaid_cancelled_orders_are_free"),
    (sub_order_of_another_amount, "sub_orders_add_up"),
    (sub_order_of_another_time, "sub_order_belongs_to_its_order"),
    (sub_order_left_waiting, "sub_orders_go_along"),
    (sub_order_that_stepped_alone, "whole_order_versions_follow_its_sub_orders"),
    (item_total_wrong, "item_amounts_add_up"),
    (order_total_rewritten, "order_equals_its_items"),
    (order_total_not_a_sum, "order_total_adds_up"),
    (payment_in_another_currency, "payment_in_the_order_currency"),
    (payment_of_another_amount, "paid_orders_have_their_payment"),
    (paid_without_payment, "paid_orders_have_their_payment"),
    (both_payments_count, "paid_orders_have_their_payment"),
    (money_taken_for_a_cancelled_order, "unpaid_orders_have_no_payment"),
    (refund_forgotten, "refunds_due_are_marked"),
    (not_listed_for_its_seller, "order_listed_once_for_each_seller"),
    (listed_at_another_time, "order_listed_once_for_each_seller"),
    (listed_twice, "order_listed_once_for_each_seller"),
    (history_removed, "order_begins_with_being_placed"),
    (given_to_another_customer, "order_is_its_buyers"),
    (given_away_with_its_sub_orders, "order_is_its_buyers"),
    (left_behind_by_a_merge, "order_is_its_buyers"),
    (status_set_by_hand, "order_status_is_its_last_event"),
    (change_without_event, "order_version_counts_its_events"),
    (impossible_step, "order_events_follow_the_rules"),
    (item_left_behind, "item_status_follows_the_order"),
    (items_removed, "order_has_its_lines"),
    (deadline_of_a_paid_order, "order_fields_fit_its_status"),
    (number_given_twice, "order_number_unique"),
    (number_of_nobody, "order_number_from_the_sequence"),
    (number_ahead_of_the_sequence, "order_number_from_the_sequence"),
    (key_of_no_order, "keys_point_at_orders"),
    (key_used_twice, "keys_point_at_orders"),
    (key_of_tomorrow, "keys_point_at_orders"),
]

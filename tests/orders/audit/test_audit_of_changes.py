"""`manage.py audit --changed`: of the orders that changed since the books were last right."""

import re
from datetime import timedelta

from django.apps import apps

from orders.audit.changed_orders import FIND_CHANGED, NARROWED, OF_WHOLE_BOOKS
from orders.services.upkeep.audit_books import CHECKS
from shared.clock import database_now
from tests.orders.audit.test_audit import begin_clean_audit, found
from tests.shop.books import Books, audit, audit_text, sql, unprotect

_OLD_FAULT = "UPDATE orders_order SET total = total + 1 WHERE id = %s"


def test_without_a_clean_audit_before_everything_is_looked_at(books: Books) -> None:
    assert len(audit("--changed")[1]["checks"]) == len(CHECKS)
    assert len(audit("--changed")[1]["checks"]) == len(CHECKS) - len(OF_WHOLE_BOOKS)


def test_it_says_what_it_left_out(books: Books) -> None:
    whole = audit("--changed")[1]
    partial = audit("--changed")[1]

    assert (whole["partial"], whole["changed_since"], whole["left_out"]) == (False, None, [])
    assert partial["partial"] is True
    assert partial["changed_since"]
    assert {check["name"] for check in whole["checks"]} - {check["name"] for check in partial["checks"]} == set(
        partial["left_out"]
    )


def test_what_only_the_whole_audit_sees_stays_wrong_until_that_one_is_clean(books: Books) -> None:
    audit()
    sql("UPDATE inventory_stock_level SET reserved = reserved + 1 WHERE id = %s", books.level.pk)
    assert audit()[0] == 1

    code, report = audit("--changed")

    assert (code, report["partial"]) == (1, False)
    sql("UPDATE inventory_stock_level SET reserved = reserved - 1 WHERE id = %s", books.level.pk)
    assert audit("--changed")[1]["partial"] is False
    assert audit("--changed")[1]["partial"] is True


def test_only_orders_that_changed_since_are_looked_at(books: Books) -> None:
    unprotect("orders_order", "order_total_adds_up")
    unprotect("orders_order_event")
    begin_clean_audit(database_now())
    sql("UPDATE orders_order SET created_at = now() - interval '2 days' WHERE id = %s", books.pending.pk)
    sql("UPDATE orders_order_event SET created_at = now() - interval '2 days' WHERE order_id = %s", books.pending.pk)
    sql(_OLD_FAULT, books.pending.pk)

    assert found(audit("--changed")[1]) == {}
    assert "Orders that changed since" in audit_text("--changed")[1]

    sql("UPDATE orders_order_event SET created_at = now() WHERE order_id = %s", books.pending.pk)
    assert found(audit("--changed")[1])["order_total_adds_up"] == [str(books.pending.pk)]
    # What it found stays to be looked at: the audit after it does not begin where this one did.
    assert "order_total_adds_up" in found(audit("--changed")[1])


def test_changed_orders_are_found_by_indexes_alone(books: Books) -> None:
    sql("SET LOCAL enable_seqscan = off")
    plan = sql("EXPLAIN " + FIND_CHANGED, {"since": database_now(), "most": 10})

    assert not [line for (line,) in plan if "Seq Scan" in line]


def test_everything_is_looked_at_once_a_week(books: Books) -> None:
    begin_clean_audit(database_now() - timedelta(days=8))
    begin_clean_audit(database_now() - timedelta(days=1), changed_since="2024-05-01")

    assert len(audit("--changed")[1]["checks"]) == len(CHECKS)


def test_whatever_hangs_on_an_order_is_cut_down_with_it() -> None:
    """A table that is not would make faults of what other orders have."""
    models = {model._meta.db_table: model for model in apps.get_models()}
    seen = {
        table
        for check in CHECKS
        for table in models
        if check.name not in OF_WHOLE_BOOKS and re.search(rf"\b{table}\b", check.sql)
    }
    hanging = {
        table
        for table in seen
        if {"order_id", "item_id", "order_item_id"} & {field.column for field in models[table]._meta.concrete_fields}
    }

    assert hanging <= NARROWED.keys()
    assert {check.name for check in CHECKS} >= OF_WHOLE_BOOKS

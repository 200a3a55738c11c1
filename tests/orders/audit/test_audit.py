"""`manage.py audit` on a clean shop, and on one with each fault planted by raw SQL."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from crm.services.merging.merge_customers import merge_customers
from crm.services.merging.undo_merge import undo_merge
from orders.audit.changed_orders import OF_WHOLE_BOOKS
from orders.services.orders.expire_unpaid_orders import expire_unpaid_orders
from orders.services.upkeep.audit_books import CHECKS
from shared.actor import SYSTEM
from shared.clock import database_now
from shared.models.operation_run import OperationKind, OperationRun
from tests.orders.audit import (
    document_faults,
    edit_faults,
    feed_faults,
    order_faults,
    payment_faults,
    refund_faults,
    return_faults,
    shipping_faults,
    stock_faults,
)
from tests.shop.books import LONG_AGO, Books, audit, audit_text, sql, unprotect
from tests.shop.goods import make_level
from tests.shop.orders import order_of
from tests.shop.people import make_buyer

Plant = Callable[[Books], UUID]
FAULTS: list[tuple[Plant, str]] = [
    *stock_faults.FAULTS,
    *document_faults.FAULTS,
    *order_faults.FAULTS,
    *edit_faults.FAULTS,
    *payment_faults.FAULTS,
    *refund_faults.FAULTS,
    *return_faults.FAULTS,
    *shipping_faults.FAULTS,
    *feed_faults.FAULTS,
]


def test_a_shop_with_an_order_in_every_state_is_clean(books: Books) -> None:
    code, report = audit()

    assert code == 0
    assert report["clean"] is True
    assert {check["name"]: check["count"] for check in report["checks"]} == {check.name: 0 for check in CHECKS}


def test_an_overdue_order_is_a_warning_and_no_discrepancy(books: Books) -> None:
    overdue = order_of(make_buyer(), (make_level(on_hand=1), 1), now=LONG_AGO)

    code, report = audit()

    assert code == 0
    assert found(report) == {"unpaid_orders_are_swept": [str(overdue.pk)]}
    expire_unpaid_orders(now=LONG_AGO + timedelta(days=1))
    assert found(audit()[1]) == {}


def test_a_key_that_no_purge_took_is_a_warning_and_no_discrepancy(books: Books) -> None:
    sql("UPDATE orders_idempotency_key SET created_at = now() - interval '34 days' WHERE key = 'key-0'")

    code, report = audit()

    assert code == 0
    assert found(report) == {"old_keys_are_purged": [str(books.pending.pk)]}


def test_the_report_shows_some_rows_and_counts_all(books: Books) -> None:
    sql("UPDATE orders_order_item SET status = 'SHIPPED'")
    lines = sql("SELECT count(*) FROM orders_order_item WHERE status <> 'DELIVERED'")[0][0]

    code, text = audit_text("--rows", "2", "--no-color")
    _, full = audit_text("--rows", "0", "--no-color")

    assert code == 1
    assert f"DISCREPANCY  item_status_follows_the_order: {lines} rows" in text
    assert text.count("item_status=SHIPPED") == 2
    assert f"… and {lines - 2} more" in text
    assert full.count("item_status=SHIPPED") == lines
    assert f"The books are wrong: 1 of {len(CHECKS)} checks found {lines} rows." in text


def test_orders_that_customers_bring_along_when_they_are_merged_and_parted_are_in_order(books: Books) -> None:
    first = books.paid.customer_id
    second, third = make_buyer().customer.pk, make_buyer().customer.pk

    merges = [merge_customers(kept_id=second, duplicate_id=first, actor=SYSTEM)]
    after_one = audit()[1]
    merges.append(merge_customers(kept_id=third, duplicate_id=second, actor=SYSTEM))
    after_two = audit()[1]
    undo_merge(merge_id=merges[1].pk, actor=SYSTEM)
    undo_merge(merge_id=merges[0].pk, actor=SYSTEM)

    assert [found(report) for report in (after_one, after_two, audit()[1])] == [{}, {}, {}]
    merge_customers(kept_id=third, duplicate_id=first, actor=SYSTEM)  # another way than the first time
    assert found(audit()[1]) == {}


def test_an_order_from_before_its_buyer_was_written_down_is_no_fault(books: Books) -> None:
    unprotect("orders_order_event")
    sql("UPDATE orders_order_event SET data = '{}' WHERE kind = 'placed'")
    sql("UPDATE orders_order SET customer_id = %s WHERE id = %s", make_buyer().customer.pk, books.paid.pk)

    assert found(audit()[1]) == {}


def begin_clean_audit(began_at: datetime, **data: str) -> None:
    """One that found the books right, written down."""
    OperationRun.objects.create(
        kind=OperationKind.AUDIT, began_at=began_at, ended_at=database_now(), has_succeeded=True, data=data
    )


def found(report: dict) -> dict[str, list[str]]:
    """The first id of every row, by check."""
    return {
        check["name"]: [str(next(iter(row.values()))) for row in check["rows"]]
        for check in report["checks"]
        if check["count"]
    }


@pytest.mark.parametrize(("plant", "name"), FAULTS, ids=[f"{plant.__name__}-{name}" for plant, name in FAULTS])
def test_a_fault_is_named_with_its_ids(books: Books, plant: Plant, name: str) -> None:
    begin_clean_audit(database_now() - timedelta(days=1))
    begin_clean_audit(LONG_AGO, changed_since="the beginning")
    planted = plant(books)

    of_changes = audit("--rows", "0", "--changed")[1]
    code, report = audit("--rows", "0")

    shown = next(check["rows"] for check in report["checks"] if check["name"] == name)
    assert code == 1
    assert report["clean"] is False
    assert str(planted) in str(shown)
    if name not in OF_WHOLE_BOOKS:
        assert str(planted) in str(next(check["rows"] for check in of_changes["checks"] if check["name"] == name))


def test_every_check_has_a_fault_that_it_finds() -> None:
    discrepancies = {check.name for check in CHECKS if check.is_discrepancy}

    assert discrepancies == {name for _, name in FAULTS}

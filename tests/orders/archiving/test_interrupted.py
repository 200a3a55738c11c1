"""Cut off between any two steps a month goes on where it was, and orders are placed all the while."""

import threading
from pathlib import Path

import pytest
from django.db import DatabaseError

from orders.archiving import batches
from orders.models.order import Order
from orders.models.sales import ArchivedOrder
from orders.services.orders.cancel_order import cancel_order
from orders.services.payments.confirm_payment import confirm_payment
from orders.states import CancelReason
from shared.actor import SYSTEM
from tests.orders.archiving.finished import finish_orders
from tests.orders.archiving.old_month import OLD, age_orders, all_rows, partitions
from tests.shop.books import audit, sql
from tests.shop.database.races import own_connection
from tests.shop.goods import make_level
from tests.shop.orders import order_of
from tests.shop.people import make_buyer

pytestmark = pytest.mark.usefixtures("own_tables")


@pytest.fixture
def two_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "_LOT", 2)


def _fail_at(step: str, table: str, place: int) -> None:
    """Let the server refuse one row of the table that comes, or goes, after so many."""
    sql("CREATE SEQUENCE IF NOT EXISTS planted")
    sql(f"SELECT setval('planted', {place})")
    sql(
        """CREATE OR REPLACE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
           IF nextval('planted') %% 1000 = 0 THEN RAISE EXCEPTION 'planted'; END IF;
           RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END; END $$""".replace("%%", "%")
    )
    sql(f"CREATE TRIGGER planted BEFORE {step} ON {table} FOR EACH ROW EXECUTE FUNCTION planted()")


@pytest.mark.usefixtures("two_at_a_time")
@pytest.mark.parametrize("place", [999, 996])
def test_a_month_that_was_cut_off_goes_on_where_it_was(tmp_path: Path, place: int) -> None:
    finish_orders()
    ids = age_orders()
    books, before = audit(), all_rows()

    for action in (("detach", str(OLD), "--yes"), ("restore", str(OLD)), ("detach", str(OLD), "--yes")):
        _fail_at("INSERT" if action[0] == "restore" else "DELETE", "orders_order", place - 1)
        with pytest.raises(DatabaseError, match="planted"):
            partitions(*action)
        sql("DROP TRIGGER planted ON orders_order")
        left, here = ArchivedOrder.objects.filter(parent_id=None), Order.objects.filter(parent=None)
        assert sorted([*left.values_list("pk", flat=True), *here.values_list("pk", flat=True)]) == sorted(ids)
        assert audit()[0] == 0
        partitions(*action)
        assert audit()[0] == 0
    # Killed in the midst of writing, and after that before the tables went.
    (tmp_path / f".{OLD}.partial").mkdir()
    (tmp_path / f".{OLD}.partial" / "half").write_text("")
    partitions("archive", str(OLD), "--to", str(tmp_path), "--keep")
    partitions("archive", str(OLD), "--to", str(tmp_path))
    sql("ALTER TABLE orders_payment ADD CONSTRAINT planted CHECK (false) NOT VALID")
    with pytest.raises(DatabaseError, match="planted"):
        partitions("restore", str(OLD), "--from", str(tmp_path))
    sql("ALTER TABLE orders_payment DROP CONSTRAINT planted")
    partitions("restore", str(OLD), "--from", str(tmp_path))

    after = all_rows()
    assert {table for table in before if before[table] != after[table]} == set()
    assert audit() == books


@pytest.mark.usefixtures("two_at_a_time")
def test_orders_are_placed_paid_and_cancelled_while_a_month_leaves_and_comes_back(tmp_path: Path) -> None:
    partitions("convert")
    finish_orders()
    ids = age_orders()
    level, buyers = make_level(on_hand=100_000), [make_buyer() for _ in range(2)]
    is_over, placed, faults = threading.Event(), [], []

    def buy(number: int) -> None:
        with own_connection():
            while not is_over.is_set():
                try:
                    order = order_of(buyers[number], (level, 2))
                    placed.append(order.pk)
                    if number % 2:
                        confirm_payment(order_id=order.pk, actor=SYSTEM)
                    else:
                        cancel_order(order_id=order.pk, actor=SYSTEM, reason=CancelReason.STAFF)
                except Exception as error:
                    faults.append(error)
                    return

    threads = [threading.Thread(target=buy, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    try:
        partitions("detach", str(OLD), "--yes")
        partitions("archive", str(OLD), "--to", str(tmp_path))
        partitions("restore", str(OLD), "--from", str(tmp_path))
    finally:
        is_over.set()
        for thread in threads:
            thread.join()

    assert faults == []
    assert placed
    assert sorted(Order.objects.filter(parent=None).values_list("pk", flat=True)) == sorted([*ids, *placed])
    assert audit()[0] == 0

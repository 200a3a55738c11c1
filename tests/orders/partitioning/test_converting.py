"""`manage.py partitions convert`: orders come in all the while, and it goes on after any interruption."""

import io
import threading
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.core.management import call_command
from django.db import IntegrityError, connection, models
from django.db.migrations.state import ProjectState

from orders import jobs
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.partitioning.bound import left_bounds
from orders.partitioning.ensure import MONTHS_AHEAD, ensure_months
from orders.partitioning.months import Month
from orders.partitioning.tables import TABLES
from orders.services.orders.cancel_order import cancel_order
from orders.services.payments.confirm_payment import confirm_payment
from orders.states import CancelReason
from shared.actor import SYSTEM
from shared.clock import database_now
from shared.database.conflicts import constraint_name
from tests.shop.books import audit, open_books, sql
from tests.shop.database.races import own_connection
from tests.shop.goods import make_level
from tests.shop.http.api_client import login, ok
from tests.shop.orders import order_of
from tests.shop.people import make_buyer
from users.models.user import User

pytestmark = pytest.mark.usefixtures("own_tables")
# Of the month that is there before the past is cut off, of ones that follow, and of none.
FIRST, LAST, BEYOND = 2, MONTHS_AHEAD, 40
SCHEMA = """
    SELECT 'index ' || pg_get_indexdef(indexrelid) || ' ' || indisvalid FROM pg_index
    JOIN pg_class ON pg_class.oid = indrelid WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(pg_constraint.oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 0 AND conparentid = 0
    UNION ALL SELECT 'trigger ' || pg_get_triggerdef(pg_trigger.oid) FROM pg_trigger WHERE NOT tgisinternal
    ORDER BY 1
"""
RULES = """
    SELECT conname, pg_get_constraintdef(oid), '', '' FROM pg_constraint WHERE conrelid = %(table)s::regclass
    UNION ALL SELECT confrelid::regclass || ' ' || conname, pg_get_constraintdef(oid), '', '' FROM pg_constraint
    WHERE confrelid = %(table)s::regclass AND conparentid = 0
    UNION ALL SELECT tgname, pg_get_triggerdef(oid), tgenabled::text, obj_description(oid, 'pg_trigger')
    FROM pg_trigger WHERE tgrelid = %(table)s::regclass AND NOT tgisinternal AND tgname <> 'order_number_taken'
    UNION ALL SELECT attname, format_type(atttypid, atttypmod), attnotnull::text,
        coalesce(pg_get_expr(adbin, adrelid), '') FROM pg_attribute
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE attrelid = %(table)s::regclass AND attnum > 0 AND NOT attisdropped
    UNION ALL SELECT indexrelid::regclass::text, replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON '), '', ''
    FROM pg_index WHERE indrelid = %(table)s::regclass AND indexrelid::regclass::text <> 'order_number_unique'
"""


class ConsoleThatGoes(io.StringIO):
    """Takes so many lines, and is gone at the next."""

    def __init__(self, lines: int) -> None:
        super().__init__()
        self.left = lines

    def write(self, text: str) -> int:
        if self.left == 0:
            raise BrokenPipeError
        self.left -= 1
        return super().write(text)


def partitions(action: str) -> str:
    out = io.StringIO()
    call_command("partitions", action, stdout=out)
    return out.getvalue()


def test_orders_are_placed_paid_and_cancelled_while_the_tables_become_months() -> None:
    level, buyers = make_level(on_hand=100_000), [make_buyer() for _ in range(3)]
    kept = [order_of(buyer, (level, 1)).pk for buyer in buyers]
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

    threads = [threading.Thread(target=buy, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    try:
        told = partitions("convert")
    finally:
        is_over.set()
        for thread in threads:
            thread.join()

    assert faults == []
    assert {kind for (kind,) in sql("SELECT relkind FROM pg_class WHERE relname = ANY (%s)", list(TABLES))} == {"p"}
    assert sorted(Order.objects.values_list("pk", flat=True)) == sorted([*kept, *placed])
    assert OrderItem.objects.count() == len(kept) + len(placed)
    assert sql("SELECT number, order_id FROM orders_order_number ORDER BY 1") == sql(
        "SELECT number, id FROM orders_order ORDER BY 1"
    )
    assert audit()[0] == 0
    for table in TABLES:
        assert f"{table}: months up to {Month.of(database_now()).later(MONTHS_AHEAD)}" in told


def test_every_kind_of_order_goes_on_in_months() -> None:
    order_of(make_buyer(), (make_level(on_hand=5), 1))
    partitions("convert")

    open_books()

    assert audit()[0] == 0
    staff = login(User.objects.create_superuser("boss@example.com"))
    for query in (
        {},
        {"status": "PENDING"},
        {"min_total": "1"},
        {"ordering": "created_at"},
        {"payment_status": "PAID"},
    ):
        rows = ok(staff.get("/orders", limit="100", **query))["results"]
        assert rows
        assert all(ok(staff.get(f"/orders/{row['id']}"))["number"] == row["number"] for row in rows[:3])
    assert len(ok(staff.get("/orders", limit="100"))["results"]) == Order.objects.whole().count()


@pytest.mark.parametrize("lines", range(0, 36, 5))
def test_a_conversion_that_was_cut_off_goes_on_where_it_was(lines: int) -> None:
    order_of(make_buyer(), (make_level(on_hand=5), 1))
    with pytest.raises(BrokenPipeError):
        call_command("partitions", "convert", stdout=ConsoleThatGoes(lines))
    assert left_bounds() == {}  # which would refuse the orders of the month that comes

    partitions("convert")

    assert sql("SELECT count(*) FROM pg_constraint WHERE NOT convalidated") == [(0,)]
    assert sql("SELECT count(*) FROM pg_index WHERE NOT indisvalid") == [(0,)]
    assert audit()[0] == 0
    made = sql(SCHEMA)
    partitions("convert")
    assert sql(SCHEMA) == made


def test_a_whole_has_the_rules_and_triggers_that_the_table_had() -> None:
    before = {table: set(sql(RULES, {"table": table})) for table in TABLES}

    partitions("convert")

    after = {table: set(sql(RULES, {"table": table})) for table in TABLES}
    assert {table: rules - after[table] for table, rules in before.items()} == {
        **{table: set() for table in TABLES},
        "orders_order": {("order_number_unique", "UNIQUE (number)", "", "")},
    }


def test_an_index_whose_build_was_cut_off_is_built_anew_before_the_moment() -> None:
    buyer, level = make_buyer(), make_level(on_hand=5)
    order_of(buyer, (level, 1))
    order_of(buyer, (level, 1))
    with pytest.raises(IntegrityError):  # and leaves an invalid one
        sql("CREATE UNIQUE INDEX CONCURRENTLY order_number ON orders_order (currency)")

    partitions("convert")

    assert sql("SELECT count(*) FROM pg_index WHERE indrelid = 'orders_order_past'::regclass AND NOT indisvalid") == [
        (0,)
    ]
    names = sql("SELECT relname FROM pg_class WHERE relname LIKE 'order%%number%%past%%' ORDER BY 1", {})
    assert names == [("order_number_past",)]


def test_the_rule_of_a_conversion_that_was_killed_is_taken_away_in_time() -> None:
    this = Month.of(database_now())
    sql(f"ALTER TABLE orders_order_item ADD CONSTRAINT of_the_past CHECK (id < '{this.first_id}') NOT VALID")
    sql(f"ALTER TABLE orders_order ADD CONSTRAINT of_the_past CHECK (id < '{this.later(3).first_id}') NOT VALID")
    assert "orders_order_item: `convert` did not end" in partitions("status")

    jobs.ensure_months()

    assert left_bounds().keys() == {"orders_order"}


def test_orders_that_came_before_their_month_move_into_it_when_it_is_made() -> None:
    order = order_of(make_buyer(), (make_level(on_hand=5), 1))
    partitions("convert")
    this = Month.of(database_now())
    new, later = this.later(MONTHS_AHEAD + 1), this.later(MONTHS_AHEAD + 2)
    early = new.first_id
    _copy_of(order, 0, "9-1", new_id=early)
    _copy_of(order, 0, "9-2", new_id=later.first_id)
    sql("UPDATE orders_order_item SET order_id = %s", early)
    assert sql("SELECT number FROM orders_order_rest ORDER BY 1") == [("9-1",), ("9-2",)]

    assert new.table("orders_order") in ensure_months(this.later(1).begins_at)

    assert sql("SELECT tableoid::regclass::text FROM orders_order WHERE id = %s", early) == [
        (new.table("orders_order"),)
    ]
    assert sql("SELECT number FROM orders_order_rest") == [("9-2",)]
    assert sql("SELECT order_id FROM orders_order_number WHERE number = '9-1'") == [(early,)]
    assert sql("SELECT count(*) FROM pg_constraint WHERE NOT convalidated") == [(0,)]
    with pytest.raises(IntegrityError):
        sql("DELETE FROM orders_order WHERE id = %s", early)


def test_a_number_stays_unique_over_all_months() -> None:
    order = order_of(make_buyer(), (make_level(on_hand=5), 1))
    partitions("convert")

    for months in (0, FIRST, BEYOND):
        with pytest.raises(IntegrityError) as refused:
            _copy_of(order, months, order.number)
        assert constraint_name(refused.value) == "order_number_unique"
    with pytest.raises(IntegrityError) as refused:
        sql("INSERT INTO orders_order SELECT * FROM orders_order")
    assert constraint_name(refused.value) in {"orders_order_pkey", "order_number_unique"}
    Order.objects.filter(pk=order.pk).update(number="9-1")
    _copy_of(order, FIRST, order.number)


def test_rows_are_where_their_ids_say_and_an_order_of_no_month_is_told() -> None:
    order = order_of(make_buyer(), (make_level(on_hand=5), 1))
    partitions("convert")
    this = Month.of(database_now())

    for months in (FIRST, LAST, BEYOND):
        _copy_of(order, months, f"9-{months}")

    held = dict(sql("SELECT number, tableoid::regclass::text FROM orders_order"))
    assert held[order.number] == "orders_order_past"
    assert held[f"9-{FIRST}"] == this.later(FIRST).table("orders_order")
    assert held[f"9-{LAST}"] == this.later(LAST).table("orders_order")
    assert held[f"9-{BEYOND}"] == "orders_order_rest"
    assert "orders_order_rest has rows" in partitions("status")
    with pytest.raises(IntegrityError) as refused:
        _copy_of(order, FIRST, "9-5")
    assert constraint_name(refused.value) == "orders_order_pkey"


def test_migrations_build_and_drop_indexes_beside_the_work_in_every_month() -> None:
    partitions("convert")
    index = models.Index(fields=["currency", "-id"], name="order_planted")
    add, remove = AddIndexConcurrently("order", index), RemoveIndexConcurrently("order", "order_planted")
    before = ProjectState.from_apps(apps)
    after = before.clone()
    add.state_forwards("orders", after)

    for _ in range(2):  # as after an interruption
        _apply(add.database_forwards, before, after)
    built = sql(
        "SELECT count(*), bool_and(indisvalid) FROM pg_index WHERE indexrelid::regclass::text LIKE 'order_plan%'"
    )
    for _ in range(2):
        _apply(remove.database_forwards, after, before)

    assert built == [(1 + len(sql("SELECT 1 FROM pg_inherits WHERE inhparent = 'orders_order'::regclass")), True)]
    assert sql("SELECT count(*) FROM pg_class WHERE relname LIKE 'order_plan%'") == [(0,)]


def _apply(operation: Any, before: ProjectState, after: ProjectState) -> None:
    with connection.schema_editor(atomic=False) as editor:
        operation("orders", editor, before, after)


def _copy_of(order: Order, months: int, number: str, *, new_id: UUID | None = None) -> None:
    """The order once more, with an id of so many months from now."""
    new_id = new_id or Month.of(database_now()).later(months).first_id
    names = {str(field.column) for field in Order._meta.concrete_fields} - {"id", "number"}
    columns = ", ".join(sorted(names))
    sql(
        f"INSERT INTO orders_order (id, number, {columns}) SELECT %s, %s, {columns} FROM orders_order WHERE id = %s",
        new_id,
        number,
        order.pk,
    )

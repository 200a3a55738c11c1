"""A month leaves the tables, goes to files and comes back, and nothing of the shop is another one then."""

from pathlib import Path

import pytest

from orders.archiving.hanging import LEAVES, read_hanging
from orders.archiving.month_tables import kept_table
from orders.services.upkeep.refresh_sales import refresh_sales
from tests.orders.archiving.finished import finish_orders
from tests.orders.archiving.old_month import OLD, age_orders, all_rows, partitions
from tests.shop.books import audit, sql

pytestmark = pytest.mark.usefixtures("own_tables")


@pytest.mark.parametrize("is_in_months", [False, True])
def test_a_month_leaves_goes_to_files_and_comes_back(tmp_path: Path, is_in_months: bool) -> None:
    if is_in_months:
        partitions("convert")
    finish_orders()
    ids = age_orders()
    assert audit() == (0, audit()[1])
    refresh_sales(everything=True)
    books, before, sums = audit(), all_rows(), _sums()
    recorded = sql("SELECT count(*) FROM shared_record_change")
    assert "They would leave" in partitions("detach", str(OLD))
    assert all_rows() == before

    partitions("detach", str(OLD), "--yes")

    kept = {table: sql(f"SELECT count(*) FROM {kept_table(table, OLD)}")[0][0] for table in read_hanging().tables}
    assert [table for table, count in kept.items() if not count] == []
    assert [table for table in LEAVES if sql(f"SELECT 1 FROM {table} LIMIT 1")] == []
    assert f"{OLD}: {len(ids)} orders are detached" in partitions("status")
    refresh_sales(everything=True)
    assert (_sums(), audit()[0]) == (sums, 0), audit()
    partitions("archive", str(OLD), "--to", str(tmp_path))
    assert (tmp_path / str(OLD)).stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / str(OLD)).iterdir()} == {0o600}
    assert sql("SELECT relname FROM pg_class WHERE relnamespace = 'archived'::regnamespace") == []
    assert f"{OLD}: {len(ids)} orders are archived" in partitions("status")
    assert audit()[0] == 0

    partitions("restore", str(OLD), "--from", str(tmp_path))

    after = all_rows()
    assert {table for table in before if before[table] != after[table]} == set()
    assert audit() == books
    assert sql("SELECT count(*) FROM shared_record_change") == recorded, "nobody changed a deal or a draft"
    refresh_sales(everything=True)
    assert _sums() == sums
    assert str(OLD) not in partitions("status")


def _sums() -> list[tuple[object, ...]]:
    customers = "customer_id, currency, placed, paid, revenue, last_placed_at, last_paid_order_at"
    return [
        *sql("SELECT day, currency, placed, paid, expired, cancelled, revenue FROM orders_daily_sales ORDER BY 1, 2"),
        *sql(f"SELECT {customers} FROM orders_customer_sales ORDER BY 1, 2"),
    ]

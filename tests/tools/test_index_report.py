"""`manage.py index_report` names what is planted, and nothing that was built on purpose."""

import io
import re
from collections.abc import Sequence

import pytest
from django.core.management import call_command
from django.db import connection

from tools.measuring.index_health import Finding, examine_indexes

pytestmark = pytest.mark.django_db


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def ours(findings: Sequence[Finding]) -> set[str]:
    """The indexes found, without those that Django makes for its own tables."""
    return {f.what for f in findings if f.table.startswith(("orders_", "catalog_", "crm_", "planted"))}


def test_an_index_that_begins_another_is_a_duplicate() -> None:
    assert ours(examine_indexes("duplicate")) == set()

    sql("CREATE INDEX planted_customer ON orders_order (customer_id)")
    sql("CREATE INDEX planted_created ON orders_order (created_at)")  # the other way round: another order

    assert ours(examine_indexes("duplicate")) == {"planted_customer"}


def test_of_two_equal_indexes_the_younger_is_the_duplicate() -> None:
    sql("CREATE INDEX planted_again ON orders_order (created_at DESC, id DESC)")
    sql("CREATE INDEX planted_part ON orders_order (created_at DESC, id DESC) WHERE status = 'PENDING'")

    assert ours(examine_indexes("duplicate")) == {"planted_again"}


def test_a_foreign_key_without_an_index_is_missing_one() -> None:
    before = examine_indexes("missing")

    sql("CREATE TABLE planted (order_id uuid REFERENCES orders_order, customer_id uuid REFERENCES users_customer)")
    sql("CREATE INDEX ON planted (order_id)")

    (found,) = [finding for finding in examine_indexes("missing") if finding not in before]
    assert (found.table, found.what) == ("planted", "customer_id")


def test_an_index_that_nobody_reads_is_unused() -> None:
    sql("CREATE TABLE planted AS SELECT n, n % 7 AS rest FROM generate_series(1, 1000) AS n")
    sql("CREATE INDEX planted_rest ON planted (rest)")
    sql("CREATE UNIQUE INDEX planted_unique ON planted (n)")

    assert {"planted_rest"} <= ours(examine_indexes("unused", least_bytes=1))
    assert "planted_unique" not in ours(examine_indexes("unused", least_bytes=1))
    assert ours(examine_indexes("unused", least_bytes=2**40)) == set()


def test_an_index_whose_entries_are_gone_is_bloated() -> None:
    sql("CREATE TABLE planted AS SELECT n FROM generate_series(1, 100000) AS n")
    sql("CREATE INDEX planted_full ON planted (n)")
    sql("CREATE INDEX planted_loose ON planted (n) WITH (fillfactor = 10)")
    sql("ANALYZE planted")

    assert ours(examine_indexes("bloat")) == {"planted_loose"}


def test_the_command_prints_all_four() -> None:
    sql("CREATE INDEX planted_customer ON orders_order (customer_id)")
    out = io.StringIO()

    call_command("index_report", stdout=out)

    found = r"orders_order: planted_customer \(\d+ (bytes|kB), the beginning of order_customer_created\)"
    assert re.search(found, out.getvalue())
    assert all(f"{name}:" in out.getvalue() for name in ("unused", "duplicate", "missing", "bloat"))

"""What the database itself refuses, whatever the code above it does."""

import json
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, ProgrammingError, transaction
from pytest_django.plugin import DjangoDbBlocker

from orders.models.order import Order
from shared.database.conflicts import constraint_name
from tests.database.checks import CHECKED
from tests.database.rules import CHECKED_ON_INSERT, UNIQUE, Rule
from tests.plugins.db_restore import put_back_after
from tests.shop.books import sql
from tests.shop.every_table.fill import fill_every_table

OUR_APPS = ("shared", "shop", "users", "catalog", "inventory", "orders", "payments", "crm", "events", "exchange")
# A target for a composite foreign key: its own breach is one of the primary key.
UNBREAKABLE_ALONE = {"stage_identity"}


@pytest.fixture(scope="module")
def full_tables(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Order]:
    """A shop with rows in every table that has a rule, made once for all tests of this file."""
    with put_back_after(django_db_blocker):
        yield fill_every_table()


@pytest.fixture
def order(full_tables: Order, db: None) -> Order:
    """A pending order of that shop."""
    return full_tables


@pytest.mark.parametrize("rule", CHECKED, ids=str)
def test_an_update_that_breaks_a_rule_is_refused(order: Order, rule: Rule) -> None:
    drop_other_rules(rule)

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        sql(f"UPDATE {rule.table} SET {rule.breach}")

    assert constraint_name(refused.value) == rule.name


@pytest.mark.parametrize("rule", CHECKED_ON_INSERT, ids=str)
def test_an_insert_that_breaks_a_rule_is_refused(order: Order, rule: Rule) -> None:
    drop_other_rules(rule)

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        copy_row(rule.table, json.loads(rule.breach))

    assert constraint_name(refused.value) == rule.name


@pytest.mark.parametrize("rule", UNIQUE, ids=str)
def test_a_second_row_of_the_same_is_refused(order: Order, rule: Rule) -> None:
    drop_other_rules(rule)

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        copy_row(rule.table, {}, where=rule.breach)

    assert constraint_name(refused.value) == rule.name


@pytest.mark.parametrize("table", ["inventory_stock_movement", "orders_order_event"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET reason = 'rewritten'", "DELETE FROM {}"])
def test_ledger_and_history_can_only_be_added_to(order: Order, table: str, statement: str) -> None:
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        sql(statement.format(table))


def test_an_order_with_a_history_cannot_be_deleted(order: Order) -> None:
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        order.delete()


def test_every_rule_of_every_table_is_tried(db: None) -> None:
    tried = {rule.name for rule in [*CHECKED, *CHECKED_ON_INSERT, *UNIQUE]}

    assert tried | UNBREAKABLE_ALONE >= rules_of_our_tables()


def rules_of_our_tables() -> set[str]:
    """CHECK constraints and unique indexes, but for primary keys and Django's own many-to-many tables."""
    tables = [model._meta.db_table for label in OUR_APPS for model in apps.get_app_config(label).get_models()]
    rows = sql(
        """SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = ANY(%(tables)s::regclass[])
           UNION SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
           WHERE indisunique AND NOT indisprimary AND indrelid = ANY(%(tables)s::regclass[])""",
        {"tables": tables},
    )
    return {name for (name,) in rows}


def drop_other_rules(rule: Rule) -> None:
    """Leave `rule` as the only one of its table that can refuse the breach."""
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    others = sql(
        """SELECT conname FROM pg_constraint
           WHERE contype IN ('c', 'u', 'f') AND conrelid = %s::regclass AND conname <> %s""",
        rule.table,
        rule.name,
    )
    for (name,) in others:
        sql(f"ALTER TABLE {rule.table} DROP CONSTRAINT {name} CASCADE")
    indexes = sql(
        """SELECT indexrelid::regclass::text FROM pg_index
           WHERE indisunique AND NOT indisprimary AND indrelid = %s::regclass
                 AND indexrelid <> coalesce(to_regclass(%s), 0)""",
        rule.table,
        rule.name,
    )
    for (name,) in indexes:
        sql(f"DROP INDEX {name}")


def copy_row(table: str, changes: dict[str, object], where: str = "true") -> None:
    """Insert one of the table's rows again, with `changes` and another primary key."""
    [(key,)] = sql(
        """SELECT attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
           WHERE indisprimary AND indrelid = %s::regclass""",
        table,
    )
    sql(
        f"INSERT INTO {table} SELECT (jsonb_populate_record(original, %s)).* FROM {table} AS original"
        f" WHERE {where} LIMIT 1",
        json.dumps({key: str(uuid4()), **changes}),
    )

"""What the database itself refuses, whatever the code above it does."""

import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, ProgrammingError, transaction

from catalog.models.category import Category
from crm.models.deal import Deal
from crm.models.lead import Lead
from crm.models.pipeline import Stage, StageKind
from crm.models.task import Task
from orders.models.order import Order
from orders.services.confirm_payment import confirm_payment
from shared.actor import SYSTEM
from shared.models.rate_limit import RateLimitWindow
from shared.transactions import constraint_name
from tests.database.books import sql
from tests.database.full_crm import fill_crm
from tests.database.full_edits import fill_edits
from tests.database.full_payments import fill_payments
from tests.database.full_pricing import fill_pricing
from tests.database.full_shipping import fill_shipping
from tests.database.full_stock import fill_stock
from tests.database.rules import CHECKED, CHECKED_ON_INSERT, UNIQUE, Rule
from tests.shop import make_buyer, make_level, order_of
from users.models.api_key import ApiKey
from users.models.tag import Tag
from users.models.user import User

OUR_APPS = ("shared", "users", "catalog", "orders", "payments", "crm", "exchange")
# A target for a composite foreign key: its own breach is one of the primary key.
UNBREAKABLE_ALONE = {"stage_identity"}


@pytest.fixture
def order(db: None) -> Order:
    """A pending order, in a shop with rows in every table that has a rule."""
    buyer, level = make_buyer(), make_level(on_hand=10)
    pending, paid = order_of(buyer, (level, 2), key="once"), order_of(buyer, (level, 1))
    confirm_payment(order_id=paid.pk, actor=SYSTEM)
    Category.objects.create(name="Lamps", slug="lamps")
    Tag.objects.create(name="Regular")
    ApiKey.objects.create(name="Till", owner=User.objects.all()[0], prefix="kontor_1", secret_hash="0" * 64)
    RateLimitWindow.objects.create(bucket="sign-in", count=1, expires_at=datetime(2030, 1, 1, tzinfo=UTC))
    Lead.objects.create(name="Grace", email="grace@example.com")
    Task.objects.create(title="Call back")
    stage = Stage.objects.filter(kind=StageKind.OPEN)[0]
    deal = Deal.objects.create(
        title="40 chairs", customer=buyer.customer, pipeline=stage.pipeline, stage=stage, order_id=paid.pk
    )
    fill_crm(buyer, deal, variant_id=level.variant_id)
    fill_shipping(buyer, level)
    fill_payments(buyer, level)
    fill_pricing(buyer, make_level(on_hand=5))
    fill_stock(buyer, level)
    fill_edits(buyer, make_level(on_hand=4))
    return pending


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


@pytest.mark.parametrize("table", ["catalog_stock_movement", "orders_order_event"])
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

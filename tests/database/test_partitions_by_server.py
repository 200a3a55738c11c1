"""Which servers cut tables into months: the others refuse, and are left as they are."""

import io

from django.core.management import CommandError, call_command

from orders.partitioning.convert import LEAST_SERVER
from orders.partitioning.tables import server_version
from tests.shop.books import sql


def test_an_older_server_refuses_and_is_left_as_it_is(own_tables: None) -> None:
    out = io.StringIO()
    try:
        call_command("partitions", "convert", stdout=out)
        refusal = ""
    except CommandError as error:
        refusal = str(error)

    is_old = server_version() < LEAST_SERVER
    assert refusal == ("PostgreSQL 18 or newer can do this while orders come in." if is_old else "")
    assert sql("SELECT relkind FROM pg_class WHERE relname = 'orders_order'") == [("r" if is_old else "p",)]
    assert sql("SELECT to_regclass('orders_order_number') IS NULL") == [(is_old,)]

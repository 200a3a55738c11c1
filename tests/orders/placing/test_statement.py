"""The statement that every plain order is written by."""

from psycopg._queries import MAX_CACHED_STATEMENT_LENGTH

from orders.placing.sql import PLAIN


def test_psycopg_remembers_how_to_send_it() -> None:
    assert len(PLAIN.encode()) <= MAX_CACHED_STATEMENT_LENGTH, "taken apart anew for every order"

"""Whether the pooler between web server and database keeps what a shop relies on. One that does not gives some requests
an error, and some, which is worse, the answer to a statement of another; so it is tried before the first request."""

from contextlib import ExitStack
from typing import Any, Final

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

from shared.database.backend.bounded import BoundedConnection

# Of a pooler that mixes up, one or two show it.
_ROUNDS: Final = 20
# What a session is to have, which a pooler does not take from its client: by ALTER ROLE.
_READ_LIMITS: Final = "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)"


class PoolerUnfit(Exception):
    """What it does, and the cure."""


def check_pooler() -> None:
    """Raise PoolerUnfit when the limits of a session, or prepared statements, do not survive it, and OperationalError
    when the database is away."""
    if not settings.DATABASE_THROUGH_POOLER:
        return
    connection.ensure_connection()
    _check_limits()
    params = connection.get_connection_params()
    connection.close()
    if params.get("prepare_threshold") is not None:
        _check_prepared(params)


def _check_limits() -> None:
    wanted = {name: str(value) for name, value in settings.SESSION_LIMITS_OF_ROLE.items()}
    with connection.cursor() as cursor:
        cursor.execute(_READ_LIMITS, [list(wanted)])
        found = dict(cursor.fetchall())
    missing = {name: value for name, value in wanted.items() if found.get(name) != value}
    if missing:
        role = connection.settings_dict["USER"] or "kontor"
        named = sql.Identifier(role).as_string()
        cures = " ".join(f"ALTER ROLE {named} SET {name} = '{value}';" for name, value in missing.items())
        raise PoolerUnfit(f"Through the pooler sessions have other limits than Kontor's. Run, and restart it: {cures}")


def _check_prepared(params: dict[str, Any]) -> None:
    """Two clients prepare statements of the same names, which differ, and run them in turn."""
    with ExitStack() as stack:
        clients = [stack.enter_context(BoundedConnection.connect(**params, autocommit=True)) for _ in range(2)]
        try:
            for _ in range(_ROUNDS):
                for number, client in enumerate(clients):
                    cursor = client.execute(f"SELECT {number}, %s::int", [number], prepare=True)
                    if cursor.fetchone() != (number, number):
                        raise _mixes_up("it gave one client the answer to another's statement")
        except psycopg.Error as error:
            raise _mixes_up(str(error).strip()) from error


def _mixes_up(what: str) -> PoolerUnfit:
    return PoolerUnfit(
        f"The pooler mixes up the prepared statements of its clients ({what}). PgBouncer from 1.21 does not, with "
        "max_prepared_statements above 0; with another set DATABASE_PREPARED_STATEMENTS=0, which costs the database a "
        "third more for an order."
    )

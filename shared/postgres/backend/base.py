"""Django's PostgreSQL backend, plus three things: the embedded server starts at the first connection, a kept
connection is checked without a round trip, and writes are signed for the history."""

import select
from typing import Any

from django.db.backends.postgresql import base
from psycopg.conninfo import conninfo_to_dict

from shared.history.signing import SigningCursor, SigningDebugCursor


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self) -> dict[str, Any]:
        """Where to connect; starts the embedded PostgreSQL when the settings name its home."""
        home = self.settings_dict.get("EMBEDDED_HOME")
        if home is None:
            return super().get_connection_params()
        from shared.postgres.embedded import ensure_running  # only where it is used: a server elsewhere needs no wheel

        server = conninfo_to_dict(ensure_running(home))
        params = super().get_connection_params()
        params |= {key: server[key] for key in ("host", "port", "user") if server.get(key)}
        return params

    def is_usable(self) -> bool:
        """Whether the idle connection is still open: a server that left has closed the socket, which is then
        readable. Django's own check asks `SELECT 1`, a round trip for every request."""
        if self.connection is None or self.connection.closed:
            return False
        poll = select.poll()
        poll.register(self.connection.fileno(), select.POLLIN)
        return super().is_usable() if poll.poll(0) else True

    def make_cursor(self, cursor: Any) -> SigningCursor:
        return SigningCursor(cursor, self)

    def make_debug_cursor(self, cursor: Any) -> SigningDebugCursor:
        return SigningDebugCursor(cursor, self)

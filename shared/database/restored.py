"""After a restore the shop is closed until the payments taken since are in the books again (`manage.py reconcile`).

The mark is a setting of the database, which whoever restores it sets (embedded_postgres.backup.recovering): it is there
whatever version the data is of, and goes with a backup of it. A web process looks before the first order that it
places, and never again once it found none.
"""

import threading
import time
from datetime import datetime
from typing import Final

from django.db import DatabaseError, InterfaceError, connection
from django.utils.translation import gettext_lazy as _

from embedded_postgres.server.roles import READ_SETTING, RESTORED_SETTING
from shared.errors import Unavailable

LOOK_SECONDS: Final = 2.0


class Restoring(Unavailable):
    """The database was brought back from a backup: what was paid since is at the provider only."""

    code = "restoring"
    title = _("The shop is being restored")
    retry_after_seconds = 60


def restored_until() -> datetime | None:
    """The moment that the restored database has everything of; none when it is no restored one, or was reconciled."""
    with connection.cursor() as cursor:
        cursor.execute(READ_SETTING, [RESTORED_SETTING])
        row = cursor.fetchone()
    return datetime.fromisoformat(row[0]) if row else None


def open_shop() -> None:
    """Take the mark away: web servers and workers go on within seconds."""
    with connection.cursor() as cursor:
        name = connection.ops.quote_name(connection.settings_dict["NAME"])
        cursor.execute(f"ALTER DATABASE {name} RESET {RESTORED_SETTING}")


class _Door:
    """Whether this process may sell. Other than in a web server it may, unless somebody looked."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_closed = False
        self._looked_at = -LOOK_SECONDS

    def close_until_looked(self) -> None:
        """For a server that starts: the first who order have it look."""
        self._is_closed, self._looked_at = True, -LOOK_SECONDS

    def look(self) -> None:
        self._is_closed = restored_until() is not None
        self._looked_at = time.monotonic()

    def check(self) -> None:
        """Raises Restoring, Unavailable."""
        if not self._is_closed:
            return
        with self._lock:
            if self._is_closed and time.monotonic() > self._looked_at + LOOK_SECONDS:
                try:
                    self.look()
                except (DatabaseError, InterfaceError) as error:
                    raise Unavailable from error
        if self._is_closed:
            raise Restoring


DOOR: Final = _Door()

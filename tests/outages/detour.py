"""The test's own connections led through a proxy."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from tests.outages.cutting_proxy import CuttingProxy


@contextmanager
def detour(folder: Path, *, options: str = "") -> Iterator[CuttingProxy]:
    """While the block runs new connections of this thread go through the proxy, with further libpq `options`."""
    connection.ensure_connection()
    server, direct = connection.connection.info, connection.settings_dict
    proxy = CuttingProxy(folder, server.host, server.port)
    usual = direct["OPTIONS"]
    way = {**direct, "HOST": str(folder), "PORT": CuttingProxy.PORT, "USER": server.user}
    way["OPTIONS"] = {**usual, "options": f"{usual['options']} {options}"}
    way.pop("EMBEDDED_HOME", None)
    connection.close()
    connection.settings_dict = way
    try:
        yield proxy
    finally:
        connection.close()
        connection.settings_dict = direct
        proxy.close()

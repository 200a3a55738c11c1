"""Several servers, of which one takes writes: a pair with failover, as DATABASE_URL may name it.

libpq asks them in their order. The one that took writes last is put first: after a failover every new connection would
otherwise wait for the old one again, which may be frozen and only its time-out ends that.
"""

from collections.abc import Hashable
from typing import Any

_DEFAULT_PORT = "5432"

_last: dict[Hashable, tuple[str, str]] = {}


def how_many(params: dict[str, Any]) -> int:
    return str(params.get("host", "")).count(",") + 1


def last_one_first(params: dict[str, Any], *, key: Hashable) -> dict[str, Any]:
    """The parameters with the server first that was reached last. `key` names the database."""
    last = _last.get(key)
    if last is None or "hostaddr" in params:
        return params
    servers = _servers_of(params)
    servers.sort(key=lambda server: server != last)
    return params | {"host": ",".join(host for host, _ in servers), "port": ",".join(port for _, port in servers)}


def reached(params: dict[str, Any], *, key: Hashable, host: str, port: int) -> None:
    if how_many(params) > 1:
        _last[key] = (host, str(port))


def _servers_of(params: dict[str, Any]) -> list[tuple[str, str]]:
    hosts = str(params["host"]).split(",")
    ports = [port or _DEFAULT_PORT for port in str(params.get("port") or "").split(",")]
    return list(zip(hosts, ports if len(ports) > 1 else ports * len(hosts), strict=True))

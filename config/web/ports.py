"""Listening on an address. Apart from the server itself: the worker and others bind, too, and load nothing for it."""

import socket
from itertools import combinations
from typing import Final

_EVERYWHERE: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 - looked for, not listened on


class PortTaken(Exception):
    """Somebody listens there already, or is to, or the address is not this machine's."""


def check_ports_differ(*doors: tuple[str, str, int]) -> None:
    """Of what is to listen on this machine (variable, host, port): raises PortTaken naming two that would meet."""
    for (variable, host, port), (other, other_host, other_port) in combinations(doors, 2):
        hosts = {_plain_host(host), _plain_host(other_host)}
        if port == other_port and (len(hosts) == 1 or hosts & _EVERYWHERE):
            default = " (LIVE_PORT is PORT + 1 unless it is set)" if "LIVE_PORT" in (variable, other) else ""
            raise PortTaken(f"{variable} and {other} are both {port}{default}: choose another port for one of them.")


def _plain_host(host: str) -> str:
    return host.strip("[]").replace("localhost", "127.0.0.1")


def check_port_is_free(host: str, port: int, *, variable: str = "PORT") -> None:
    """Raises PortTaken, naming the variable that chooses another one."""
    bind(host, port, variable=variable).close()


def bind(host: str, port: int, *, variable: str = "PORT") -> socket.socket:
    """Raises PortTaken, naming the variable that chooses another one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host.strip("[]"), port))
    except (OSError, socket.gaierror) as error:
        listener.close()
        reason = error.strerror or str(error)
        raise PortTaken(
            f"Cannot listen on {host}:{port}: {reason}. Choose another port: {variable}={port + 1} make run"
        ) from error
    return listener

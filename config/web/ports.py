"""Listening on an address. Apart from the server itself: the worker and others bind, too, and load nothing for it."""

import socket


class PortTaken(Exception):
    """Somebody listens there already, or the address is not this machine's."""


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

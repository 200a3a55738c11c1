"""A throwaway database that a container reaches.

The embedded server lets in the account that runs Kontor and root, by its socket alone. The container's account is
neither, so its connections come in by TCP and are passed on as ours.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import Final
from urllib.parse import unquote

from embedded_postgres.throwaway import EmbeddedServer

_PIECE: Final = 65_536


@contextmanager
def database() -> Iterator[str]:
    """Its URL, on this machine's loopback address."""
    with EmbeddedServer() as server:
        folder = unquote(server.url.partition("@")[2].partition(":")[0])
        [path] = Path(folder).glob(".s.PGSQL.[0-9]*[0-9]")

        class Handler(BaseRequestHandler):
            def handle(self) -> None:
                _pass_on(self.request, path)

        with ThreadingTCPServer(("127.0.0.1", 0), Handler) as relay:
            relay.daemon_threads = True
            threading.Thread(target=relay.serve_forever, daemon=True).start()
            yield f"postgresql://kontor@127.0.0.1:{relay.server_address[1]}/kontor"
            relay.shutdown()


def _pass_on(client: socket.socket, path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(str(path))
        back = threading.Thread(target=_copy, args=(server, client), daemon=True)
        back.start()
        _copy(client, server)
        back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(_PIECE):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)

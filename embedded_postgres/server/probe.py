"""Asking a running server who it is."""

import errno
import os
import socket
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from embedded_postgres.errors import EmbeddedPostgresError
from embedded_postgres.home.places import Server
from embedded_postgres.server.configuration import PORT, socket_file
from embedded_postgres.server.roles import DATABASE_USER

UNREACHABLE = {errno.ECONNREFUSED, errno.ENOENT, errno.EACCES}
# As bytes: a folder's name need not be valid UTF-8.
IDENTIFY = """
    SELECT convert_to(current_setting('data_directory'), 'UTF8'),
           EXISTS (SELECT FROM pg_database WHERE datname = %s)
"""
SESSIONS = """
    SELECT EXISTS (SELECT FROM pg_stat_activity
                   WHERE backend_type IN ('client backend', 'walsender') AND pid <> pg_backend_pid())
"""


def verify(server: Server, database: str) -> str:
    """The URL, once the server at that socket has said that it serves this data; creates the database.

    Raises psycopg.OperationalError when nobody answers (yet), EmbeddedPostgresError when another server does.
    """
    url = f"postgresql://{DATABASE_USER}@{quote(server.socket, safe='')}:{PORT}/"
    with psycopg.connect(url + "postgres", autocommit=True, connect_timeout=5, client_encoding="utf8") as connection:
        serves, exists = connection.execute(IDENTIFY, [database]).fetchone() or (b"", False)
        if serves != os.fsencode(server.data):
            raise EmbeddedPostgresError(
                f"The server at {server.socket} serves {os.fsdecode(serves)}, not {server.data}: stop it."
            )
        if not exists:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
    return url + quote(database, safe="")


def has_sessions(socket_folder: Path) -> bool:
    """Whether anybody is connected, a backup or a replica included. A server that does not say so keeps them: its own
    end is the matter of others."""
    url = f"postgresql://{DATABASE_USER}@{quote(str(socket_folder), safe='')}:{PORT}/postgres"
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
            return bool((connection.execute(SESSIONS).fetchone() or [True])[0])
    except psycopg.OperationalError:
        return True


def is_listening(server: Server) -> bool:
    """Whether a process still listens there, at no cost for the server.

    A socket of the wrong type is refused as such when somebody listens, and as unreachable when nobody does.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as wrong_type:
        error = wrong_type.connect_ex(str(socket_file(Path(server.socket))))
    return error not in UNREACHABLE

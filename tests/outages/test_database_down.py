"""The database is frozen, read-only, out of disk or cannot start: /readyz says which, and pages are a 503 in time."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from embedded_postgres.lifecycle import stop
from embedded_postgres.throwaway import EmbeddedServer
from shared.database.transactions import outermost_transaction, retry_transaction
from tests.shop.servers.embedded_clients import data_folder, eventually, query, server_processes

LONG = 30.0
NOTHING_WRONG = ["unmigrated"]  # the database is new


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer() as server:
        yield server


@pytest.fixture
def kontor(server: EmbeddedServer, transactional_db: None, settings: Any) -> Iterator[EmbeddedServer]:
    """This process's Kontor works on that server; a request may wait two seconds for it."""
    settings.REQUEST_DATABASE_SECONDS = 2.0
    direct = connection.settings_dict
    connection.close()
    connection.settings_dict = {**direct, "EMBEDDED_HOME": server.home, "NAME": "kontor", "HOST": "", "PORT": ""}
    assert problems() == NOTHING_WRONG
    yield server
    connection.close()
    connection.settings_dict = direct


def problems() -> list[str]:
    response = Client().get("/readyz")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "2")
    found: list[str] = response.json()["problems"]
    return found


def test_out_of_disk_for_what_is_written_is_said_until_there_is_room_again(kontor: EmbeddedServer) -> None:
    with no_room_for_sorting(data_folder(kontor.home)):
        eventually(lambda: problems() == ["out_of_disk", *NOTHING_WRONG], "it says that the disk is full")

    assert problems() == NOTHING_WRONG


def test_read_only_is_said_and_forgotten_and_no_session_stays_so(kontor: EmbeddedServer) -> None:
    with read_only(kontor.url):
        connection.close()
        assert problems() == ["read_only", *NOTHING_WRONG]
        connection.ensure_connection()

    def write(again: bool) -> None:
        with outermost_transaction(), connection.cursor() as cursor:
            cursor.execute("CREATE TABLE written AS SELECT 1 AS one")

    retry_transaction(write, name="write")
    assert problems() == NOTHING_WRONG


def test_a_frozen_server_is_away_and_back_when_it_thaws(kontor: EmbeddedServer) -> None:
    began = time.monotonic()
    with frozen(kontor.home):
        page = Client(raise_request_exception=False).get("/admin/", headers={"Cookie": "sessionid=somebody"})
        away = problems()
        alive = Client().get("/healthz")

    assert (page.status_code, alive.status_code, away) == (503, 200, ["database_away"])
    assert int(page.headers["Retry-After"]) > 0
    assert time.monotonic() - began < LONG
    eventually(lambda: problems() == NOTHING_WRONG, "it is back")


def test_a_server_that_cannot_start_is_a_503_at_once_and_back_by_itself(kontor: EmbeddedServer) -> None:
    options = data_folder(kontor.home) / "postmaster.opts"
    assert stop(kontor.home)
    options.unlink()
    options.symlink_to("/dev/full")

    eventually(lambda: problems() == ["database_away", "out_of_disk"], "it says why it is away")
    began = time.monotonic()
    pages = [
        Client(raise_request_exception=False).get("/admin/", headers={"Cookie": "sessionid=somebody"}) for _ in range(5)
    ]
    assert {page.status_code for page in pages} == {503}
    assert time.monotonic() - began < LONG

    options.unlink()
    eventually(lambda: problems() == NOTHING_WRONG, "it is back")


@contextmanager
def read_only(url: str) -> Iterator[None]:
    """Sessions that begin meanwhile take no writes."""
    query(url, "ALTER DATABASE kontor SET default_transaction_read_only = on")
    try:
        yield
    finally:
        override = f"{url}?options=-cdefault_transaction_read_only%3Doff"
        query(override, "ALTER DATABASE kontor RESET default_transaction_read_only")


@contextmanager
def frozen(home: Path) -> Iterator[None]:
    """The kernel still takes what is sent to the server, and acknowledges it."""
    pids = [int(process.name) for process in server_processes(home)]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


@contextmanager
def no_room_for_sorting(data: Path) -> Iterator[None]:
    """The next files that this thread's session sorts in are on a disk without room."""
    connection.ensure_connection()
    folder, pid = data / "base" / "pgsql_tmp", connection.connection.info.backend_pid
    folder.mkdir(exist_ok=True)
    links = [folder / f"pgsql_tmp{pid}.{number}" for number in range(500)]
    for link in links:
        link.symlink_to("/dev/full")
    owner = data.stat()
    for path in (folder, *links):
        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)
    try:
        yield
    finally:
        for link in links:
            link.unlink(missing_ok=True)

"""The embedded PostgreSQL, from its users' side: it starts anywhere, is shared, and stops after the last."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from embedded_postgres.home.places import RunFolder, Server, fallback_base
from embedded_postgres.lifecycle import bin_dir, stop
from embedded_postgres.throwaway import EmbeddedServer
from tests.shop.servers.embedded_clients import (
    PROJECT,
    Client,
    data_folder,
    eventually,
    new_home,
    ordinary_user,
    postmaster,
    query,
    remember,
    remembered,
    server_processes,
)


@pytest.fixture
def home() -> Iterator[Path]:
    with new_home() as home:
        yield home


def permissions(home: Path) -> dict[Path, tuple[int, int, int]]:
    """Mode and owners of the folder and of all above it."""
    found = {folder: folder.stat() for folder in (home, *home.parents)}
    return {folder: (seen.st_mode, seen.st_uid, seen.st_gid) for folder, seen in found.items()}


def test_the_server_is_durable_private_and_speaks_utf8() -> None:
    with EmbeddedServer(settings={"work_mem": "5MB"}) as server, psycopg.connect(server.url) as connection:
        expected = {
            "fsync": "on",
            "synchronous_commit": "on",
            "full_page_writes": "on",
            "data_checksums": "on",
            "server_encoding": "UTF8",
            "TimeZone": "UTC",
            "listen_addresses": "",
            "log_min_duration_statement": "250ms",
            "log_parameter_max_length": "0",
            "log_parameter_max_length_on_error": "0",
            "max_connections": "200",
            "work_mem": "5MB",
        }
        settings = {name: connection.execute(f"SHOW {name}").fetchone()[0] for name in expected}  # type: ignore[index]
        provider = connection.execute("SELECT datlocprovider, datlocale FROM pg_database LIMIT 1").fetchone()
        socket = Path(connection.info.host)

        assert settings == expected
        assert provider == ("b", "C.UTF-8")
        assert connection.info.server_version // 10000 == 18
        assert stat.S_IMODE(socket.stat().st_mode) == 0o700
        assert Path(f"/proc/{postmaster(server.home)}").stat().st_uid == socket.stat().st_uid != 0
        assert server.home in socket.parents or socket.parent == Path("/tmp")
        assert (server.bin_dir / "pgbench").is_file()
    assert not server.home.exists()


@pytest.mark.parametrize(
    "name",
    ["my home", "Büro-書類 'a' \"b\" %s", "long-" + "x" * 175],
    ids=["spaces", "non-ascii", "180 characters"],
)
def test_any_folder_name_will_do(name: str) -> None:
    with new_home(name) as home, Client(home) as client:
        assert query(client.line(), "SHOW data_directory") == str(home / "postgres" / "data")


def test_an_ordinary_user_runs_it_as_itself() -> None:
    with new_home() as home, ordinary_user() as user:
        home.mkdir()
        os.chown(home, user.uid if user else -1, -1)

        with Client(home, as_user=user) as client:
            remember(client.line(), "mine")
            assert Path(f"/proc/{postmaster(home)}").stat().st_uid == home.stat().st_uid

        # Root, or again the same user, works on the same data and leaves it usable for its owner.
        assert stop(home)
        with Client(home) as client:
            assert remembered(client.line()) == "mine"
        assert stop(home)
        with Client(home, as_user=user) as client:
            assert remembered(client.line()) == "mine"


def test_no_folder_is_opened_for_an_account_that_cannot_enter(home: Path) -> None:
    home.parent.chmod(0o700)
    home.mkdir(mode=0o755)
    before = permissions(home)

    with Client(home) as client:
        remember(client.line(), "kept")
        base = fallback_base(home) if os.geteuid() == 0 else home
        assert data_folder(home) == base / "postgres" / "data"
        client.process.kill()
        assert (str(fallback_base(home)) in client.complaint()) == (os.geteuid() == 0)
    assert permissions(home) == before

    assert stop(home)
    with Client(home) as client:
        assert remembered(client.line()) == "kept"


def test_eight_processes_at_once_share_one_server(home: Path) -> None:
    clients = [Client(home) for _ in range(8)]
    try:
        urls = {client.line() for client in clients}

        assert len(urls) == 1
        assert query(urls.pop(), "SELECT count(*) FROM pg_database WHERE datname = 'kontor'") == 1
    finally:
        for client in clients:
            client.kill()


def test_two_homes_run_beside_each_other(home: Path) -> None:
    with new_home() as other, Client(home) as here, Client(other) as there:
        remember(here.line(), "here")
        remember(url := there.line(), "there")

        assert stop(home)
        assert remembered(url) == "there"


def test_it_stops_when_its_last_user_has_been_killed(home: Path) -> None:
    first, second = Client(home), Client(home)
    url = first.line()
    second.line()

    first.kill()
    remember(url, "still up")
    second.kill()

    eventually(lambda: not server_processes(home), "everything has stopped")
    said = subprocess.run(
        [bin_dir(home) / "pg_controldata", data_folder(home)], capture_output=True, text=True, check=True
    ).stdout
    assert "shut down\n" in said
    assert not Path(Server.read(RunFolder.of(home)).socket).exists()  # type: ignore[union-attr]
    with Client(home) as again:
        assert remembered(again.line()) == "still up"


def test_a_fork_is_a_user_and_a_program_started_from_one_is_not(home: Path) -> None:
    fork = "child = os.fork()\nif child: print(child, flush=True)\nimport signal; signal.pause()"
    with Client(home, then=fork) as client:
        url = client.line()
        child = int(client.line())
        client.process.kill()
        client.process.wait()
        remember(url, "the child uses it")
        os.kill(child, 9)
        eventually(lambda: not server_processes(home), "it stopped with the child")

    daemon = "print(subprocess.Popen(['/bin/sleep', '600'], close_fds=False).pid, flush=True)\n" + "sys.stdin.read()"
    with Client(home, then=daemon) as client:
        client.line()
        sleeper = int(client.line())
        client.process.kill()
        try:
            eventually(lambda: not server_processes(home), "it stopped in spite of the daemon")
        finally:
            os.kill(sleeper, 9)


def test_the_command_line_serves_developers(home: Path) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "embedded_postgres", f"--home={home}", *arguments]
        done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    assert run("status") == (3, "stopped\n")
    code, url = run("start")
    assert (code, run("url")) == (0, (0, url))
    assert run("status")[1].startswith("running\n")
    assert run("psql", "-Atc", "SELECT current_database()") == (0, "kontor\n")
    assert run("stop") == (0, "")
    assert run("status") == (3, "stopped\n")
    assert not server_processes(home)

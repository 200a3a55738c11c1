"""The embedded PostgreSQL after kill -9, with stale files, in bad folders: it heals or says what to do."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from embedded_postgres.home.places import RunFolder, Server
from embedded_postgres.lifecycle import stop
from tests.shop.servers.embedded_clients import (
    PROJECT,
    USE,
    Client,
    data_folder,
    eventually,
    keeper,
    new_home,
    postmaster,
    query,
    remember,
    remembered,
    server_processes,
)


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """One home for all that heals: each test begins by having it heal from the one before."""
    with new_home() as home:
        yield home


@pytest.fixture
def fresh_home() -> Iterator[Path]:
    with new_home() as home:
        yield home


def refusal(home: Path) -> str:
    """What a process is told that cannot have its server."""
    with Client(home) as client:
        with pytest.raises(AssertionError, match="refused: ") as caught:
            client.line()
        assert "Traceback" not in str(caught.value)
        return str(caught.value)


def test_a_killed_postmaster_is_replaced_at_once_and_nothing_is_lost(home: Path) -> None:
    with Client(home) as client:
        url = client.line()
        remember(url, "committed")

        os.kill(postmaster(home), signal.SIGKILL)

        with Client(home) as next_one:
            assert next_one.line() == url
            assert remembered(url) == "committed"


def test_orphans_of_a_killed_postmaster_are_ended_first(home: Path) -> None:
    with Client(home) as client:
        url = client.line()
        remember(url, "committed")
        busy = psycopg.connect(url)
        orphan = busy.info.backend_pid

        def compute() -> None:
            with pytest.raises(psycopg.OperationalError):
                busy.execute("SELECT count(*) FROM (SELECT generate_series(1, 1000000000)) AS n")

        thread = threading.Thread(target=compute)
        thread.start()
        active = f"SELECT state = 'active' FROM pg_stat_activity WHERE pid = {orphan}"
        eventually(lambda: query(url, active) is True, "the backend computes")
        os.kill(postmaster(home), signal.SIGKILL)

        with Client(home) as next_one:
            assert remembered(next_one.line()) == "committed"
        thread.join()
        assert not Path(f"/proc/{orphan}/exe").exists()


def test_connections_come_back_after_a_crash_without_asking_for_a_start(home: Path) -> None:
    with Client(home) as client:
        url = client.line()
        crashed = postmaster(home)
        os.kill(crashed, signal.SIGKILL)

        def answers() -> bool:
            try:
                return query(url, "SELECT 1") == 1 and postmaster(home) != crashed
            except psycopg.OperationalError:
                return False

        eventually(answers, "the server is back")


def test_a_killed_keeper_takes_the_server_along_and_the_next_user_starts_another(home: Path) -> None:
    with Client(home) as client:
        url = client.line()
        remember(url, "committed")
        os.kill(keeper(home), signal.SIGKILL)

        with Client(home) as next_one:
            assert remembered(next_one.line()) == "committed"
            os.kill(keeper(home), signal.SIGKILL)
            eventually(lambda: not server_processes(home), "no server stays without a keeper")


def test_a_process_that_has_the_stale_pid_by_now_is_left_alone(home: Path) -> None:
    with Client(home) as client:
        remember(client.line(), "committed")
        server = Server.read(RunFolder.of(home))
        assert server is not None
        files = [Path(server.data, "postmaster.pid"), Path(server.socket, ".s.PGSQL.5432.lock")]
        contents = [file.read_text() for file in files]
    assert stop(home)

    # Of the same user, or PostgreSQL itself would see that it cannot be its predecessor.
    owner = Path(server.data).stat().st_uid
    with subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE, user=owner) as innocent:
        Path(server.socket).mkdir(mode=0o700)
        os.chown(server.socket, owner, -1)
        for file, content in zip(files, contents, strict=True):
            file.write_text("\n".join([str(innocent.pid), *content.splitlines()[1:]]) + "\n")

        with Client(home) as client:
            assert remembered(client.line()) == "committed"
        assert stop(home)
        assert innocent.poll() is None
        innocent.communicate()


def test_an_initdb_that_was_killed_is_done_again(fresh_home: Path) -> None:
    with Client(fresh_home) as client:
        eventually(lambda: any(fresh_home.glob("postgres/init-*/base")), "initdb is at work")
        client.kill()
        os.kill(keeper(fresh_home), signal.SIGKILL)
    half_done = fresh_home / "postgres" / "init-left"
    half_done.mkdir()

    with Client(fresh_home) as client:
        remember(client.line(), "it works")
    assert stop(fresh_home)
    with Client(fresh_home) as client:  # what the killed start's initdb wrote after its end is gone by now
        assert remembered(client.line()) == "it works"
    assert sorted(path.name for path in (fresh_home / "postgres").iterdir()) == ["data"]


def test_data_of_another_major_version_is_refused_and_kept(home: Path) -> None:
    with Client(home) as client:
        client.line()
    assert stop(home)
    version = data_folder(home) / "PG_VERSION"
    version.write_text("16\n")

    said = refusal(home)
    assert "PostgreSQL 16's" in said
    assert "pg_dump" in said
    version.write_text("18\n")
    with Client(home) as client:
        assert client.line()


def test_a_home_that_cannot_be_written_is_named_with_the_way_out(fresh_home: Path) -> None:
    fresh_home.touch()

    assert "Set KONTOR_HOME" in refusal(fresh_home)
    assert "Set KONTOR_HOME" in refusal(fresh_home / "below a file")
    assert "Set KONTOR_HOME" in refusal(Path("/sys/where not even root writes"))
    fresh_home.unlink()


def test_a_strangers_socket_folder_is_refused(home: Path) -> None:
    with Client(home) as client:
        client.line()
    assert stop(home)
    server = Server.read(RunFolder.of(home))
    assert server is not None
    Path(server.socket).symlink_to(server.data)  # even one of the right owner and mode

    try:
        assert f"{server.socket} is not a private folder" in refusal(home)
    finally:
        Path(server.socket).unlink()


def test_a_missing_wheel_is_named_with_the_way_out(fresh_home: Path, tmp_path: Path) -> None:
    packages = Path(psycopg.__file__).parents[1]
    for package in packages.glob("psycopg*"):
        (tmp_path / package.name).symlink_to(package)
    (tmp_path / "typing_extensions.py").symlink_to(packages / "typing_extensions.py")
    done = subprocess.run(
        [sys.executable, "-S", "-c", USE, fresh_home],
        env={"PYTHONPATH": f"{PROJECT}{os.pathsep}{tmp_path}"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert "pip install -r requirements.txt" in done.stderr
    assert "Traceback" not in done.stderr

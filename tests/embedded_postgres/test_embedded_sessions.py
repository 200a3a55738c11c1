"""Programs that know nothing of Kontor's locks use the embedded server: a backup does not cut itself off."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from embedded_postgres.keeper import LINGER_SECONDS
from embedded_postgres.lifecycle import bin_dir
from tests.shop.servers.embedded_clients import PROJECT, Client, eventually, new_home, query, remember, server_processes


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with new_home() as home:
        yield home


def told_url(home: Path) -> str:
    """As in the documented backup: `pg_dump "$(python -m embedded_postgres url)"`."""
    command = [sys.executable, "-m", "embedded_postgres", f"--home={home}", "url"]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout.strip()


def test_whoever_was_told_the_url_finds_the_server_and_backs_it_up(home: Path) -> None:
    url = told_url(home)

    time.sleep(2 * LINGER_SECONDS)  # a shell on a busy machine
    remember(url, "worth keeping")
    dump = subprocess.run([bin_dir(home) / "pg_dump", url], capture_output=True, text=True, check=True)

    assert "worth keeping" in dump.stdout


def test_a_session_is_a_user_for_as_long_as_it_lasts(home: Path) -> None:
    with Client(home) as client:
        url = client.line()
        session = psycopg.connect(url, autocommit=True)
    (home / "run" / "promised").unlink(missing_ok=True)

    time.sleep(3 * LINGER_SECONDS)
    assert session.execute("SELECT 1").fetchone() == (1,)
    assert query(url, "SELECT 1") == 1

    session.close()
    eventually(lambda: not server_processes(home), "it stopped after its last session")

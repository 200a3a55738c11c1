"""Run a command on a throwaway cluster of the system's own PostgreSQL: python -m ops.system_postgres COMMAND ...

The newest installed version is taken, 15 at least. The command finds it in DATABASE_URL; its exit code is ours.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from embedded_postgres.home.accounts import Account, choose_account
from embedded_postgres.server.configuration import clean_environment

OLDEST = 15
PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin", "/usr/local/pgsql/bin")
START_SECONDS = 60
NEEDS = (
    f"This needs PostgreSQL {OLDEST} or newer, its server included (Debian: apt-get install postgresql). "
    f"Looked in {', '.join(PLACES)} and PATH."
)


def main() -> int:
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    programs = find_programs()
    with cluster(programs) as url:
        print(f"On PostgreSQL {version(programs)} of {programs}", flush=True)
        return subprocess.run(sys.argv[1:], env={**os.environ, "DATABASE_URL": url}, check=False).returncode


def find_programs() -> Path:
    """The folder of the newest server installed. Ends the program saying what it needs when there is none."""
    found = [folder for place in PLACES for folder in Path("/").glob(place.lstrip("/"))]
    in_path = shutil.which("postgres")
    found += [Path(in_path).resolve().parent] if in_path else []
    fitting = [folder for folder in found if (folder / "initdb").is_file() and version(folder) >= OLDEST]
    if not fitting:
        sys.exit(NEEDS)
    return max(fitting, key=version)


def version(programs: Path) -> int:
    said = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    number = re.search(r"\d+", said)
    return int(number[0]) if number else 0


@contextmanager
def cluster(programs: Path) -> Iterator[str]:
    """A running server with an empty database `kontor`; gone with its data afterwards."""
    account = choose_account(None)
    folder = Path(tempfile.mkdtemp(prefix="kontor-system-"))
    account.give(folder)
    data, log = folder / "data", folder / "log"
    try:
        initdb = [programs / "initdb", "-D", data, "-U", "kontor", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        _spawn([str(part) for part in initdb], account, log).wait()
        settings = [f"unix_socket_directories={folder}", "listen_addresses=", "max_connections=200"]
        options = [part for setting in settings for part in ("-c", setting)]
        server = _spawn([str(programs / "postgres"), "-D", str(data), *options], account, log)
        try:
            yield _create_database(folder, server, log)
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(60)
    finally:
        shutil.rmtree(folder)


def _spawn(command: list[str], account: Account, log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            cwd="/",
            env=clean_environment(),
            stdout=output,
            stderr=output,
            start_new_session=True,
            **account.popen_arguments(),
        )


def _create_database(folder: Path, server: subprocess.Popen[bytes], log: Path) -> str:
    """Its URL, once the server answers. Ends the program with the server's words when it does not."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with psycopg.connect(host=str(folder), user="kontor", dbname="postgres", autocommit=True) as link:
                link.execute("CREATE DATABASE kontor")
            return make_conninfo(host=str(folder), user="kontor", dbname="kontor")
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"PostgreSQL does not start:\n{log.read_text(errors='replace')}")
            time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main())

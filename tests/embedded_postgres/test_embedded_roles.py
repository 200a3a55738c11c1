"""Kontor is no superuser of its embedded server, no name is believed, and clusters from before follow."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from embedded_postgres.home.accounts import Account, choose_account
from embedded_postgres.home.places import choose_base, make_owned_folder
from embedded_postgres.lifecycle import stop
from embedded_postgres.server.binaries import copy_binaries, wheel_bin
from tests.shop.servers.embedded_clients import PROJECT, Client, data_folder, new_home, query, remembered

ATTRIBUTES = (
    "SELECT rolname, rolsuper, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles WHERE rolname !~ '^pg_'"
)
# All kinds of things that migrations may make.
OLD = """
CREATE TABLE note AS SELECT 'from before'::text AS body;
CREATE SCHEMA aside;
CREATE TYPE aside.mood AS ENUM ('well');
CREATE DOMAIN aside.amount AS numeric CHECK (VALUE > 0);
CREATE TYPE aside.pair AS (one int, two int);
CREATE TABLE aside.kept (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, old serial, mood aside.mood);
CREATE SEQUENCE aside.numbers;
CREATE VIEW aside.seen AS SELECT * FROM note;
CREATE MATERIALIZED VIEW aside.stored AS SELECT * FROM note;
CREATE STATISTICS aside.together ON id, old FROM aside.kept;
CREATE FUNCTION aside.answer() RETURNS int LANGUAGE sql AS 'SELECT 42';
CREATE AGGREGATE aside.total(int) (SFUNC = int4pl, STYPE = int);
"""
CHANGES = """
ALTER TABLE note ADD COLUMN more text;
ALTER TABLE aside.kept ADD COLUMN more text;
ALTER TYPE aside.mood ADD VALUE 'better';
ALTER DOMAIN aside.amount DROP CONSTRAINT amount_check;
ALTER TYPE aside.pair ADD ATTRIBUTE three int;
ALTER SEQUENCE aside.numbers INCREMENT 2;
CREATE OR REPLACE VIEW aside.seen AS SELECT body FROM note;
REFRESH MATERIALIZED VIEW aside.stored;
CREATE OR REPLACE FUNCTION aside.answer() RETURNS int LANGUAGE sql AS 'SELECT 43';
DROP SCHEMA aside CASCADE;
"""


@pytest.fixture
def home() -> Iterator[Path]:
    with new_home() as home:
        yield home


@pytest.fixture
def old_home(home: Path) -> Path:
    """As Kontor left it when its role was the cluster's first, and everybody who reached the socket was let in."""
    home.mkdir()
    account = choose_account(None)
    base = choose_base(home, account)
    make_owned_folder(base / "postgres", account)
    make_owned_folder(base / "postgres" / "socket", account)
    data, socket = base / "postgres" / "data", base / "postgres" / "socket"

    def run(program: str, *arguments: str | Path) -> None:
        command = [programs(account, base) / program, *arguments]
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL, **account.popen_arguments())

    run("initdb", "--pgdata", data, "--username=kontor", "--auth=trust", "--encoding=UTF8", "--locale=C")
    run("pg_ctl", "-D", data, "-w", "-l", base / "postgres" / "log", "-o", f"-k {socket} -h ''", "start")
    try:
        url = f"postgresql://kontor@/{{}}?host={socket}"
        for database in ("kontor", "kontor_template_old"):
            query(url.format("postgres"), f"CREATE DATABASE {database}")
            with psycopg.connect(url.format(database)) as connection:
                connection.execute(OLD)
        query(url.format("postgres"), "ALTER DATABASE kontor_template_old ALLOW_CONNECTIONS false")
    finally:
        run("pg_ctl", "-D", data, "-w", "-m", "fast", "stop")
    return home


def programs(account: Account, base: Path) -> Path:
    """PostgreSQL's, where the account can run them."""
    found = wheel_bin()
    return found if account.call(lambda: os.access(found / "postgres", os.X_OK)) else copy_binaries(base)


def superuser(url: str) -> str:
    return url.replace("//kontor@", "//postgres@")


def test_kontor_owns_its_database_and_is_no_superuser(home: Path) -> None:
    with Client(home) as client:
        url = client.line()
        with psycopg.connect(url, autocommit=True) as kontor:
            assert sorted(kontor.execute(ATTRIBUTES).fetchall()) == [
                ("kontor", False, False, True, False),
                ("postgres", True, True, True, True),
            ]
            owner = "SELECT datdba::regrole::text FROM pg_database WHERE datname = current_database()"
            assert kontor.execute(owner).fetchone() == ("kontor",)
            for beyond in (
                "COPY (SELECT 1) TO PROGRAM 'true'",
                "SELECT pg_read_file('postgresql.conf')",
                "ALTER SYSTEM SET fsync = off",
                "ALTER ROLE kontor SUPERUSER",
                "SET ROLE postgres",
            ):
                with pytest.raises(InsufficientPrivilege):
                    kontor.execute(beyond)
        assert query(superuser(url), "SELECT current_user") == "postgres"


def test_nobody_is_believed_by_the_name_of_a_role(home: Path) -> None:
    with Client(home) as client:
        url = client.line()
        rules = (data_folder(home) / "pg_hba.conf").read_text().splitlines()
        asked = f"import psycopg\nprint(psycopg.connect({url!r}).info.user)"

        assert {rule.split()[3] for rule in rules if not rule.startswith("#")} == {"peer"}
        assert query(superuser(url), "SELECT count(*) FROM pg_hba_file_rules WHERE auth_method = 'trust'") == 0
        if os.geteuid() == 0:
            # The account that PostgreSQL runs as may enter the socket's folder, as may all that runs as it.
            owner = data_folder(home).stat()
            for name in ("kontor", "postgres"):
                code = f"import os; os.setgroups([]); os.setgid({owner.st_gid}); os.setuid({owner.st_uid})\n" + asked
                code = "import psycopg\n" + code.replace("kontor@", f"{name}@")
                said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
                assert f'Peer authentication failed for user "{name}"' in said.stderr
                assert said.stdout == ""


def test_a_cluster_from_before_goes_on_with_a_role_that_owns_all_it_had(old_home: Path) -> None:
    for _ in ("upgraded", "as it is by then"):
        with Client(old_home) as client:
            url = client.line()
            assert remembered(url) == "from before"
            assert query(url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
            assert query(superuser(url), "SELECT count(*) FROM pg_hba_file_rules WHERE auth_method = 'trust'") == 0
            assert query(url, "SELECT count(*) FROM pg_roles WHERE rolname !~ '^pg_'") == 2
        assert stop(old_home)

    with Client(old_home) as client:
        url = client.line()
        query(url, "CREATE DATABASE copy TEMPLATE kontor_template_old")
        for database in ("kontor", "copy"):
            with psycopg.connect(url, dbname=database) as connection:
                assert connection.execute("SELECT aside.answer(), aside.total(7)").fetchone() == (42, 7)
                for change in CHANGES.strip().splitlines():
                    connection.execute(change)
        query(url, "DROP DATABASE copy")


def test_a_change_of_roles_that_was_cut_off_is_done_again(old_home: Path) -> None:
    with Client(old_home) as client:
        client.line()
    assert stop(old_home)
    (data_folder(old_home) / "KONTOR_ROLES").unlink()

    with Client(old_home) as client:
        assert remembered(client.line()) == "from before"


def test_whoever_looks_after_the_server_is_its_superuser(home: Path) -> None:
    def psql(*arguments: str) -> str:
        command = [
            sys.executable,
            "-m",
            "embedded_postgres",
            f"--home={home}",
            *arguments,
            "-Atc",
            "SELECT current_user",
        ]
        return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout.strip()

    assert psql("psql") == "kontor"
    assert psql("--superuser", "psql") == "postgres"

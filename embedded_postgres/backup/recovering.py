"""The server of a restored home: its data where it looks for it, and what was streamed replayed."""

import shutil
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import psycopg

from embedded_postgres.backup.sealing import sync_folder
from embedded_postgres.backup.taking import superuser_url
from embedded_postgres.errors import EmbeddedPostgresError
from embedded_postgres.home.accounts import choose_account
from embedded_postgres.home.places import choose_base, data_owner, make_owned_folder
from embedded_postgres.lifecycle import release, stop
from embedded_postgres.server.roles import DATABASE_USER, READ_SETTING, RESTORED_SETTING

_FROM: Final = "recovering"  # beside the data
_AT: Final = "recovery_target_time"
_SETTINGS: Final = {
    # The server runs it in its data directory, so that no path needs quoting.
    "restore_command": f"cp ../{_FROM}/%f %p",
    "recovery_target_timeline": "latest",
    "recovery_target_action": "promote",
    # As a standby it would take connections, and count as ready, half-way.
    "hot_standby": "off",
}
# What PostgreSQL says when its WAL ends before the moment that it was told to stop at.
_NOTHING_LATER: Final = "recovery ended before configured recovery target was reached"


def hand_over(data: Path, wal: Path, home: Path, at: datetime | None) -> None:
    """Put the data where the server looks for it, as its account's, with what it needs to recover."""
    account = choose_account(None)
    folder = choose_base(home, account) / "postgres"
    make_owned_folder(folder, account)
    settings = _SETTINGS | ({_AT: at.astimezone(UTC).isoformat(sep=" ")} if at else {})
    (data / "recovery.signal").touch()
    with (data / "postgresql.auto.conf").open("a", encoding="utf-8") as file:
        file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
    data.chmod(0o700)
    arriving = folder / "arriving"
    shutil.move(wal, folder / _FROM)
    shutil.move(data, arriving)
    for top in (folder / _FROM, arriving):  # after the move: to another disk it is a copy, and root's
        for path in (top, *top.rglob("*")):
            account.give(path)
    arriving.rename(folder / "data")
    sync_folder(folder)


def recover(home: Path, at: datetime | None, *, ended: datetime) -> datetime | None:
    """Start the server, which replays and then takes writes; when the last transaction it has committed. `ended`: the
    backup, in which nothing later may be.

    Kontor's database is marked as restored, and it has stopped afterwards. `at` is a moment up to which nothing is
    missing.
    """
    try:
        url = superuser_url(home)
    except EmbeddedPostgresError as error:
        if at is None or _NOTHING_LATER not in str(error):
            raise
        # Nothing was committed after that moment, so that the end is the state it had.
        _go_to_the_end(home)
        url = superuser_url(home)
    with psycopg.connect(url, autocommit=True) as link:
        while link.execute("SELECT pg_is_in_recovery()").fetchone() == (True,):
            time.sleep(0.1)
        ((upto,),) = link.execute("SELECT pg_last_xact_replay_timestamp()").fetchall()
        for name in (*_SETTINGS, _AT):
            link.execute(f"ALTER SYSTEM RESET {name}")
        mark_restored(link, until=upto or ended)
    data = _data_of(home)
    if (data / "recovery.signal").exists():
        raise EmbeddedPostgresError(f"The server of {home} has not ended its recovery.")
    release(home)
    if not stop(home):
        raise EmbeddedPostgresError(f"The server of {home} does not stop.")
    shutil.rmtree(data.with_name(_FROM))
    return upto  # type: ignore[no-any-return]


_MAY_SET = "SELECT has_parameter_privilege(%s, %s, 'SET')"


def mark_restored(link: psycopg.Connection, *, until: datetime) -> None:
    """Of Kontor's database, to which this superuser is connected; Kontor's own role may take the mark away. A mark that
    came with the backup, of a restore that nobody reconciled, stays where it is the earlier one."""
    ((name,),) = link.execute("SELECT quote_ident(current_database())").fetchall()
    marked = link.execute(READ_SETTING, [RESTORED_SETTING]).fetchone()
    until = min(until, datetime.fromisoformat(marked[0])) if marked else until
    # Roles are the whole server's: two who grant at once in two databases meet in one row, and one of them fails.
    if link.execute(_MAY_SET, [DATABASE_USER, RESTORED_SETTING]).fetchone() != (True,):
        link.execute(f"GRANT SET ON PARAMETER {RESTORED_SETTING} TO {DATABASE_USER}")
    link.execute(f"ALTER DATABASE {name} SET {RESTORED_SETTING} = '{until.astimezone(UTC).isoformat()}'")


def _go_to_the_end(home: Path) -> None:
    settings = _data_of(home) / "postgresql.auto.conf"
    lines = settings.read_text(encoding="utf-8").splitlines(keepends=True)
    choose_account(data_owner(home)).write(settings, "".join(line for line in lines if not line.startswith(_AT)))


def _data_of(home: Path) -> Path:
    return choose_base(home, choose_account(data_owner(home))) / "postgres" / "data"

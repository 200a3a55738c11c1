"""Who PostgreSQL runs as: never root. And doing single things as that account."""

import os
import pwd
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from embedded_postgres.errors import EmbeddedPostgresError

CANDIDATES = ("kontor", "postgres", "nobody")


class PopenAccount(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """An operating system user; `switch` when reaching it means giving up root."""

    name: str
    uid: int
    gid: int
    switch: bool

    def popen_arguments(self) -> PopenAccount:
        return PopenAccount(user=self.uid, group=self.gid, extra_groups=[]) if self.switch else PopenAccount()

    def give(self, path: Path) -> None:
        """Hand over a folder this process has just made."""
        if self.switch:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def write(self, path: Path, text: str) -> None:
        """Write a file as this account, in whose folders root had better follow no links."""

        def write() -> bool:
            path.write_text(text, encoding="utf-8")
            return True

        if not self.call(write):
            raise EmbeddedPostgresError(f"User {self.name} cannot write {path}: allow it to.")

    def call(self, function: Callable[[], bool]) -> bool:
        """The function's answer, asked as this account; an exception counts as no.

        In a fork: the kernel is asked instead of guessing from modes, and no program is needed that the
        account might not reach. For single-threaded callers.
        """
        if not self.switch:
            return function()
        child = os.fork()
        if child == 0:
            answer = False
            try:
                os.setgroups([])
                os.setgid(self.gid)
                os.setuid(self.uid)
                answer = function()
            finally:
                os._exit(0 if answer else 1)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def choose_account(data_owner: int | None) -> Account:
    """This process's own user; for root whoever owns the data already, else the first unprivileged candidate.

    Raises EmbeddedPostgresError when a user meets another's data, or the machine has no candidate.
    """
    me = os.geteuid()
    if me != 0:
        if data_owner not in {None, me}:
            raise EmbeddedPostgresError(
                f"The embedded database belongs to user {_name_of_user(data_owner)}: run as that user, "
                "or set KONTOR_HOME to another folder."
            )
        return Account(_name_of_user(me), me, os.getegid(), switch=False)
    if data_owner:
        group = next((entry.pw_gid for entry in pwd.getpwall() if entry.pw_uid == data_owner), data_owner)
        return Account(_name_of_user(data_owner), data_owner, group, switch=True)
    known = {entry.pw_name: entry for entry in pwd.getpwall() if entry.pw_uid != 0}
    for name in CANDIDATES:
        if name in known:
            return Account(name, known[name].pw_uid, known[name].pw_gid, switch=True)
    raise EmbeddedPostgresError(f"PostgreSQL does not run as root: create a user named {CANDIDATES[0]}.")


def _name_of_user(uid: int | None) -> str:
    return next((entry.pw_name for entry in pwd.getpwall() if entry.pw_uid == uid), str(uid))

"""Who may connect: the kernel says which account asks (peer), and only whoever runs Kontor is let in, and root.

The account PostgreSQL runs as is somebody else where root gave up its rights, often one that other programs run as
too (`nobody`): it may enter the socket's folder, and gets no session.
"""

import os
import pwd
from pathlib import Path

from embedded_postgres.home.accounts import Account

_WRITTEN = "# Written at every start (embedded_postgres/server/access.py).\n"
_HBA = _WRITTEN + "local all all peer map=kontor\nlocal replication all peer map=kontor\n"


def admit(data: Path, *, run: Path, account: Account) -> None:
    """Let in root, this process's account and the owner of the `run` folder, as any role; nobody else.

    Raises EmbeddedPostgresError when `account`, which `data` belongs to, cannot write there.
    """
    names = sorted({name for uid in (0, os.geteuid(), run.stat().st_uid) if (name := _name_of_user(uid))})
    account.write(data / "pg_ident.conf", _WRITTEN + "".join(f"kontor {_quote_name(name)} all\n" for name in names))
    account.write(data / "pg_hba.conf", _HBA)


def _name_of_user(uid: int) -> str | None:
    """None: the system does not know it, and so cannot say its name to PostgreSQL either."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return None


def _quote_name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'

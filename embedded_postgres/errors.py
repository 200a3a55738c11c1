"""What goes wrong with the embedded PostgreSQL, in words that say what to do."""

import errno
from pathlib import Path


class EmbeddedPostgresError(RuntimeError):
    """The embedded PostgreSQL cannot run; the message names the cause and the way out."""


def explain_os_error(error: OSError, doing: str) -> EmbeddedPostgresError:
    """Turn a refused system call into advice."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return EmbeddedPostgresError(f"No disk space left while {doing} ({error}). {DISK_ADVICE}")
    if error.errno in NOT_OURS:
        return EmbeddedPostgresError(
            f"Not permitted while {doing} ({error}). Set KONTOR_HOME to a folder this user may write, "
            "or DATABASE_URL to a PostgreSQL of your own."
        )
    return EmbeddedPostgresError(f"Failed while {doing}: {error}.")


def explain_output(doing: str, output: str, log: Path) -> EmbeddedPostgresError:
    """Turn what a PostgreSQL program printed before it gave up into advice."""
    lines = [line for line in output.splitlines() if line.strip()][-8:]
    advice = DISK_ADVICE if "No space left" in output else f"The log is in {log}."
    return EmbeddedPostgresError("\n  ".join([f"PostgreSQL failed while {doing}:", *lines]) + f"\n{advice}")


NOT_OURS = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.ELOOP}
DISK_ADVICE = "Free some, or set KONTOR_HOME to a folder on a larger disk; nothing stored so far is lost."

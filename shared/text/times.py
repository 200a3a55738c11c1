"""Times as the API writes them, and as commands are given them: RFC 3339."""

from argparse import ArgumentTypeError
from datetime import datetime

_MICROSECONDS = len("2026-11-29 22:50:44.123456")


def iso_time(moment: datetime | None) -> str | None:
    """`2026-11-29T22:50:44.123456Z`."""
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def iso_of_stored(text: str | None) -> str | None:
    """The same of PostgreSQL's own text of a time, which leaves zeros at the end out; the session's zone is UTC."""
    if text is None:
        return None
    if len(text) == _MICROSECONDS + 3 and text.endswith("+00") and text[10] == " ":
        return f"{text[:10]}T{text[11:_MICROSECONDS]}Z"
    return iso_time(datetime.fromisoformat(text))


def moment_argument(text: str) -> datetime:
    """Of a command's argument. Raises ArgumentTypeError."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no moment: write it as 2026-12-31T23:59:00Z") from None
    if moment.tzinfo is None:
        raise ArgumentTypeError(f"{text!r} has no zone: add Z for UTC, or an offset as +02:00")
    return moment

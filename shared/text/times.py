"""Times as the API writes them: RFC 3339, UTC."""

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

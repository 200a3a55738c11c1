"""Names of segments of the write-ahead log, 16 MB each: eight hex digits of timeline, of log and of segment."""

from typing import Final

SEGMENT_BYTES: Final = 16 << 20
_PER_LOG: Final = 256


def segment_before(timeline: int, lsn: int) -> str:
    """The segment that has the last byte before this place."""
    return _name_of(timeline, (lsn - 1) // SEGMENT_BYTES)


def following(name: str) -> str:
    return _name_of(int(name[:8], 16), _number(name) + 1)


def end_of(name: str) -> int:
    """The place right behind it."""
    return (_number(name) + 1) * SEGMENT_BYTES


def lsn_of(text: str) -> int:
    """PostgreSQL's way to write a place: 0/5000028."""
    log, offset = text.split("/")
    return (int(log, 16) << 32) + int(offset, 16)


def _number(name: str) -> int:
    return int(name[8:16], 16) * _PER_LOG + int(name[16:], 16)


def _name_of(timeline: int, number: int) -> str:
    return f"{timeline:08X}{number // _PER_LOG:08X}{number % _PER_LOG:08X}"

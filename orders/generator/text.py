"""Rows as PostgreSQL's COPY text format, where a tab parts the columns and a line ends the row."""

from datetime import datetime
from random import Random
from uuid import UUID

NULL = r"\N"


def uuid7_at(milliseconds: int, random: Random) -> str:
    """A UUIDv7 in 32 hexadecimal digits as if made at that moment (milliseconds since 1970), so that ids are in order
    of time."""
    return f"{milliseconds:012x}7{random.getrandbits(12):03x}{random.getrandbits(62) | 1 << 63:016x}"


def new_uuid(moment: datetime, random: Random) -> UUID:
    """A UUIDv7 as if made at that moment, as Django takes it."""
    return UUID(uuid7_at(int(moment.timestamp() * 1000), random))


def money(cents: int) -> str:
    """Hundredths as a decimal number."""
    return f"{cents // 100}.{cents % 100:02d}"

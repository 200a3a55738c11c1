"""Months of orders, as stretches of UUIDv7: an id's first 48 bits are the milliseconds since 1970 (RFC 9562, 5.7)."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from shared.ids import first_id_of

_WRITTEN = re.compile(r"(\d{4})-(\d{2})")
_TABLE = re.compile(r"_p(\d{4})_(\d{2})$")


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month in UTC, whatever the shop's time zone: ids know no other clock."""

    year: int
    month: int

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    @classmethod
    def of(cls, moment: datetime) -> "Month":
        local = moment.astimezone(UTC)
        return cls(local.year, local.month)

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Out of YYYY-MM. Raises ValueError."""
        found = _WRITTEN.fullmatch(text)
        if not found or not 1 <= int(found[2]) <= 12 or int(found[1]) < 1970:
            raise ValueError(f"“{text}” is no month. Write YYYY-MM.")
        return cls(int(found[1]), int(found[2]))

    @property
    def begins_at(self) -> datetime:
        return datetime(self.year, self.month, 1, tzinfo=UTC)

    @property
    def first_id(self) -> UUID:
        """Not above any UUIDv7 of this month, and above all that were made before."""
        return first_id_of(self.begins_at)

    @property
    def bounds(self) -> str:
        """As CREATE and ATTACH PARTITION take them."""
        return f"FOR VALUES FROM ('{self.first_id}') TO ('{self.later(1).first_id}')"

    def later(self, months: int) -> "Month":
        count = self.year * 12 + self.month - 1 + months
        return Month(count // 12, count % 12 + 1)

    def table(self, of: str) -> str:
        """The name of the partition of table `of` with this month's rows."""
        return f"{of}_p{self.year:04}_{self.month:02}"


def month_of_table(partition: str) -> Month | None:
    """The month whose rows this partition has; None for that of all earlier and of all other ids."""
    found = _TABLE.search(partition)
    return Month(int(found[1]), int(found[2])) if found else None

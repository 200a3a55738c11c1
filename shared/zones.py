"""Names of time zones, as the tz database has them: the package tzdata, whatever the machine has of its own."""

from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ValidationError
from django.utils.translation import gettext


@lru_cache(maxsize=1)
def zones_to_choose() -> tuple[str, ...]:
    """The zones of places by their names of today, and UTC. Older names (Europe/Kiev) are known, not offered."""
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return ("UTC", *sorted({row[2] for row in rows}))


def zones_with_offsets() -> list[tuple[str, str]]:
    """("Europe/Kyiv", "UTC+02:00"): what is offered, and how far each is from UTC now."""
    now = datetime.now(UTC)
    return [(name, f"UTC{now.astimezone(ZoneInfo(name)).isoformat()[-6:]}") for name in zones_to_choose()]


@lru_cache(maxsize=1024)
def is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # no such name, or no name at all
        return False
    return bool(name) and len(name) <= 64


def check_zone(name: str) -> None:
    """A validator: a name of the tz database, as Europe/Kyiv. Raises ValidationError."""
    if not is_zone(name):
        raise ValidationError(gettext("There is no such time zone: write one as Europe/Kyiv."), code="invalid")


def known_zone(name: str) -> str:
    """The same for what is no form: raises ValueError."""
    if not is_zone(name):
        raise ValueError("a name of the tz database is needed, as Europe/Kyiv")
    return name

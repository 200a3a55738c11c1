"""The clock that decides, the database's, and the zone in which the shop's days begin and end."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.utils import timezone

from shared.shop_values import shop_values
from shared.zones import is_zone


def database_now() -> datetime:
    """The database's wall clock (UTC), not the transaction's start: read it after locking."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


def shop_zone() -> ZoneInfo:
    """Where the shop's days begin and end, whoever asks. Outside of a request each call reads the shop: ask once, and
    hand it to what asks for many days."""
    return ZoneInfo(shop_values().time_zone)


def reader_zone(name: str) -> ZoneInfo:
    """A colleague's own zone by its name; empty, or one that is known no more: the shop's."""
    return ZoneInfo(name) if name and is_zone(name) else shop_zone()


def readers_time(moment: datetime) -> datetime:
    """By the clocks of the reader of this page or text."""
    return in_zone(moment, ZoneInfo(timezone.get_current_timezone_name()))


def day_of(moment: datetime, zone: ZoneInfo | None = None) -> date:
    """The day that the moment belongs to, in the shop's zone or in another."""
    return in_zone(moment, zone or shop_zone()).date()


def in_zone(moment: datetime, zone: ZoneInfo) -> datetime:
    """The moment by the zone's clocks; by UTC's where that is before year 1 or after 9999: "for ever", as programs
    write it, is 9999-12-31T23:59:59Z."""
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return moment.astimezone(UTC)


def shop_today() -> date:
    """The shop's day by this process's clock, for what need not be exact."""
    return day_of(datetime.now(UTC))


def environment_today() -> date:
    """The day in the zone that the environment names: for defaults of columns, which are asked without a database."""
    return datetime.now(ZoneInfo(settings.SHOP_TIME_ZONE)).date()


def utc_today() -> date:
    """The day in UTC. A published migration names it; everything else asks for the shop's."""
    return datetime.now(UTC).date()


def start_of_day(day: date, zone: ZoneInfo | None = None) -> datetime:
    """The first moment (UTC) of a day in the shop's zone, or in another. The next day's is 23 to 25 hours later; where
    the clocks skip midnight, it is the moment at which they do."""
    return datetime.combine(day, time.min, zone or shop_zone()).astimezone(UTC)


def bounds_of_days(first: date, last: date, zone: ZoneInfo | None = None) -> tuple[datetime, datetime]:
    """From the first moment of these days to the first one after them (UTC)."""
    zone = zone or shop_zone()
    return start_of_day(first, zone), start_of_day(last + timedelta(days=1), zone)

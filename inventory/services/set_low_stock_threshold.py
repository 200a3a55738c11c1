from uuid import UUID

from django.db.models import F, Q
from django.utils.translation import gettext

from inventory.models.level import StockLevel
from shared.clock import database_now
from shared.concurrency.versions import check_row_version, expected_versions
from shared.errors import NotFound


def set_low_stock_threshold(
    *, level_id: UUID, threshold: int | None, expected_version: int | None = None
) -> StockLevel:
    """Say from how many available units on a level counts as low; None is the shop's default. A change raises the
    level's version, without a ledger row.

    Raises NotFound, or StaleVersion when the level changed since the caller read it. Locks: the level, by one update.
    """
    rows = StockLevel.objects.filter(pk=level_id)
    unmoved = rows if expected_version is None else rows.filter(version__in=expected_versions(expected_version))
    # No threshold is none of all numbers: compared as PostgreSQL's NULL it would equal nothing.
    same = Q(low_stock_threshold=threshold) if threshold is not None else Q(low_stock_threshold__isnull=True)
    # One conditional UPDATE in place of a lock and a look: it says by its count whether anything was to be done.
    changed = unmoved.exclude(same).update(
        low_stock_threshold=threshold,
        version=F("version") + 1,
        threshold_changes=F("threshold_changes") + 1,
        updated_at=database_now(),
    )
    level = rows.first()
    if level is None:
        raise NotFound(gettext("There is no such stock level."))
    # Either nothing was to be changed, or the version was another one: only now it matters which.
    if not changed:
        check_row_version(level, expected_version, gettext("The stock level is at version %(version)s."))
    return level

from uuid import UUID

from django.utils.translation import gettext

from catalog.models.stock_level import StockLevel
from shared.errors import NotFound, StaleVersion


def set_low_stock_threshold(
    *, level_id: UUID, threshold: int | None, expected_version: int | None = None
) -> StockLevel:
    """Say from how many available units on a level counts as low; None is the shop's default.

    Raises NotFound, or StaleVersion when the level moved since the caller read it.
    """
    rows = StockLevel.objects.filter(pk=level_id)
    unmoved = rows if expected_version is None else rows.filter(version=expected_version)
    changed = unmoved.update(low_stock_threshold=threshold)
    level = rows.first()
    if level is None:
        raise NotFound(gettext("There is no such stock level."))
    if not changed:
        raise StaleVersion(
            gettext("The stock level is at version %(version)s.") % {"version": level.version}, version=level.version
        )
    return level

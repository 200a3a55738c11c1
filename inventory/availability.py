"""How many units of a variant can be ordered: what the catalogue shows of the stock (catalog/extension_points.py)."""

from django.db.models import BigIntegerField, F, IntegerField, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from inventory.models.level import StockLevel


def available_units() -> Coalesce:
    """The units that all active levels of a variant together can still give: a subquery, in a queryset of variants."""
    # order_by(): an ordering of the model would become a column of the GROUP BY.
    levels = StockLevel.objects.order_by().filter(
        variant=OuterRef("pk"), location__is_active=True, location__seller__is_active=True
    )
    total = levels.values("variant").annotate(units=Sum(F("on_hand") - F("reserved"))).values("units")
    # A variant that nobody stocks has no row to sum.
    return Coalesce(Subquery(total, output_field=IntegerField()), 0)


def stock_version() -> Coalesce:
    """How often the variant's stock has changed so far, wherever it lies: it only grows."""
    levels = StockLevel.objects.order_by().filter(variant=OuterRef("pk"))
    total = levels.values("variant").annotate(changes=Sum("version")).values("changes")
    return Coalesce(Subquery(total, output_field=BigIntegerField()), 0)

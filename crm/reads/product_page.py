"""What a product's page shows, each in one statement however many variants, levels and orders there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, IntegerField, OuterRef, QuerySet, Sum, Value, When

from catalog.models.picture import Picture
from catalog.models.variant import Variant
from catalog.seller_access import of_sellers_of
from inventory.models.level import StockLevel
from orders.models.order_item import OrderItem
from orders.states import JOURNEY
from shared.ids import first_id_of

VARIANTS_SHOWN = 25
# Of a product with more variants the figures are those of so many.
MOST_SUMMED = 1_000
SOLD_SINCE = timedelta(days=30)
# Of each variant so many of the newest lines are looked at.
_LINES_EACH = 100


@dataclass(frozen=True, slots=True)
class Units:
    """So many; `is_least`: there are more, which were not counted."""

    count: int
    is_least: bool = False


def variants_to_show(variants: QuerySet[Variant], product_id: UUID, *, after: UUID | None) -> list[Variant]:
    """The next of them in the order they were added, and one more if there are others."""
    found = variants.filter(product=product_id).order_by("id")
    return list((found if after is None else found.filter(pk__gt=after))[: VARIANTS_SHOWN + 1])


def count_variants(product_id: UUID) -> Units:
    found = Variant.objects.filter(product=product_id).order_by()[: MOST_SUMMED + 1].count()
    return Units(min(found, MOST_SUMMED), is_least=found > MOST_SUMMED)


def stock_of(product_id: UUID, user: Any, *, count: Units) -> dict[str, Units]:
    """Units on hand and reserved of all variants together, at the sellers that the user reaches. `count`: how many
    variants there are."""
    variants = Variant.objects.filter(product=product_id).order_by("id").values("pk")[:MOST_SUMMED]
    levels = of_sellers_of(user, StockLevel.objects.filter(variant__in=variants), "location__seller_id")
    sums = levels.order_by().aggregate(on_hand=Sum("on_hand", default=0), reserved=Sum("reserved", default=0))
    return {name: Units(int(units), is_least=count.is_least) for name, units in sums.items()}


def with_sold(variants: QuerySet[Variant], *, now: datetime) -> QuerySet[Variant]:
    """With `sold_lines`: units that left or will, of the newest lines of orders placed since SOLD_SINCE; 0 where a line
    is not paid or was cancelled."""
    since = now - SOLD_SINCE
    # States and days are looked at behind the limit: however many were cancelled, no more lines are read. An id says
    # when the line was written, which is later than the order's day where an order of the past was brought in.
    units = Case(
        When(
            status__in=list(JOURNEY),
            order__created_at__gte=since,
            then=F("quantity") - F("cancelled_quantity") - F("returned_quantity"),
        ),
        default=Value(0),
        output_field=IntegerField(),
    )
    lines = OrderItem.objects.filter(variant=OuterRef("pk"), pk__gte=first_id_of(since)).order_by("-id")
    return variants.annotate(sold_lines=ArraySubquery(lines.values(units=units)[:_LINES_EACH]))


def units_sold(variant: Variant) -> Units:
    lines: Sequence[int] = variant.sold_lines  # type: ignore[attr-defined]
    return Units(sum(lines), is_least=len(lines) >= _LINES_EACH)


def pictures_of(product_id: UUID) -> list[Picture]:
    return list(Picture.objects.filter(product=product_id).order_by("position"))

"""What the goods of the board's cards look like."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.utils.safestring import SafeString

from catalog.models.picture import Picture
from catalog.pictures import pictures_of_variants, thumbnail
from orders.models.order import Order
from orders.models.order_item import OrderItem
from shared.planner.lookups import one_of

_MOST = 3  # lines of a card


def pictures_on_cards(orders: Sequence[Order]) -> dict[UUID, list[SafeString]]:
    """By order, the pictures of its first lines; of a split order those of its sub-orders, which must be prefetched.
    Lines without a picture show none. 3 statements."""
    goods = {order.pk: [order.pk, *(sub_order.pk for sub_order in order.sub_orders.all())] for order in orders}
    first = _first_variants([key for keys in goods.values() for key in keys])
    variants = {card: [one for key in keys for one in first.get(key, ())][:_MOST] for card, keys in goods.items()}
    pictures = pictures_of_variants(one for some in variants.values() for one in some)
    words = _texts({key for key in pictures.values() if key is not None})
    shown = {variant: thumbnail(key, text=words.get(key, "")) for variant, key in pictures.items() if key is not None}
    return {card: [shown[one] for one in dict.fromkeys(some) if one in shown] for card, some in variants.items()}


def _first_variants(order_ids: list[UUID]) -> dict[UUID, list[UUID]]:
    """By order, what its first lines are of that are not dropped."""
    lines = OrderItem.objects.filter(order=OuterRef("pk"), quantity__gt=0).order_by("position")
    orders: Any = Order.objects.filter(one_of("pk", order_ids)).order_by()
    return dict(orders.annotate(first=ArraySubquery(lines.values("variant_id")[:_MOST])).values_list("pk", "first"))


def _texts(picture_ids: set[UUID]) -> dict[UUID, str]:
    """What is to be seen, or else what the product is called."""
    rows = Picture.objects.filter(one_of("pk", picture_ids)).order_by()
    return {key: text or name for key, text, name in rows.values_list("pk", "alternative_text", "product__name")}

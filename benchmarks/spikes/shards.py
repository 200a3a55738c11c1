"""Variants whose stock lies in shards: levels of their own at hidden locations of the one seller."""

from pathlib import Path

SHARDED = {4: 3, 16: 4}  # how many shards: the number of the variant
DRAINED = 5
SETUP = Path(__file__).parent / "sql" / "shard_setup.sql"


def set_up() -> None:
    """Needs an open stage. The function that falls back to all shards, and the shards with plenty of stock."""
    from django.db import connection

    from benchmarks.shop import PLENTY

    with connection.cursor() as cursor:
        cursor.execute(SETUP.read_text("utf-8"))
    for shards, variant in SHARDED.items():
        split(variant, shards, units=PLENTY // shards * shards)


def split(variant: int, shards: int, *, units: int) -> None:
    """Take the variant's level out and put `units` in `shards` new ones, as evenly as possible."""
    from django.db import transaction

    from benchmarks.shop import level_id, variant_id
    from inventory.ledger import stock
    from inventory.models.level import StockLevel
    from inventory.models.location import StockLocation

    seller = StockLocation.objects.values_list("seller", flat=True)[0]
    places = [StockLocation(seller_id=seller, name=f"Shard {variant}/{n}", priority=1000) for n in range(shards)]
    StockLocation.objects.bulk_create(places)
    made = StockLevel.objects.bulk_create(
        StockLevel(variant_id=variant_id(variant), location=place) for place in places
    )
    with transaction.atomic():
        old = stock.lock([level_id(variant)])
        stock.adjust(old, [stock.Move(pk, -level.available) for pk, level in old.items()], reason="Split")
        moves = [stock.Move(level.pk, units // shards + (number < units % shards)) for number, level in enumerate(made)]
        stock.receive(stock.lock(level.pk for level in made), moves, reason="Split")

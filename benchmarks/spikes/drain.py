"""Selling out: more buyers than units, some of whom want three. Nothing oversold, nobody refused what was there."""

from benchmarks.options import Options
from benchmarks.pgbench import pgbench, shop_variables
from benchmarks.run import BenchmarkError
from benchmarks.spikes import shards, units
from benchmarks.spikes.candidates import SHARDS, UNIT_ROWS, join
from benchmarks.stage import Stage

STOCK = 1_999
SHARD_COUNT = 16
MOST_SECONDS = 60


def drain(stage: Stage, options: Options) -> None:
    """Raises BenchmarkError when a unit was left, sold twice or refused although it was there."""
    shards.split(shards.DRAINED, SHARD_COUNT, units=STOCK)
    units.top_up(units.DRAINED, STOCK)
    for variant, parts, left in (
        (shards.DRAINED, SHARDS, _left_in_shards),
        (units.DRAINED, UNIT_ROWS, _left_in_units),
    ):
        before = _refusals()
        for quantity in (3, 1):  # three at a time until they are refused, then the rest one by one
            _buy(stage, options, parts, variant, quantity)
            if (rest := left(variant)) >= quantity:
                raise BenchmarkError(f"{parts}: {rest} units are left, {quantity} were refused.")
        if _refusals() == before:
            raise BenchmarkError(f"{parts}: nobody was refused, so nothing was sold out.")
    if wrong := _count("SELECT count(*) FROM spike_refusal WHERE available >= quantity"):
        raise BenchmarkError(f"{wrong} orders were refused although there was stock.")


def _buy(stage: Stage, options: Options, parts: tuple[str, ...], variant: int, quantity: int) -> None:
    """Until somebody is refused; then once more, since others may have been under way."""
    variables = shop_variables(stage) | {"v": variant, "q": quantity}
    refused = _refusals()
    for _ in range(MOST_SECONDS):
        pgbench(stage, join(stage, parts), clients=options.clients, seconds=1, variables=variables)
        if _refusals() > refused:
            return
    raise BenchmarkError(f"{parts}: not sold out after {MOST_SECONDS} s.")


def _left_in_shards(variant: int) -> int:
    return _count(f"SELECT sum(on_hand - reserved) FROM inventory_stock_level WHERE variant_id = '{_uuid(variant)}'")


def _left_in_units(variant: int) -> int:
    from benchmarks.shop import level_id

    return _count(f"SELECT count(*) FROM spike_unit WHERE level_id = '{level_id(variant)}' AND item_id IS NULL")


def _uuid(variant: int) -> str:
    from benchmarks.shop import variant_id

    return str(variant_id(variant))


def _refusals() -> int:
    return _count("SELECT count(*) FROM spike_refusal")


def _count(query: str) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])

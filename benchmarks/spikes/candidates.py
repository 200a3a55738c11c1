"""Every candidate as one measured run of orders of one variant."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.buyers import buy_together
from benchmarks.meters import measured
from benchmarks.options import Options
from benchmarks.pgbench import pgbench, shop_variables
from benchmarks.run import Run
from benchmarks.spikes import units
from benchmarks.spikes.shards import SHARDED
from benchmarks.stage import Stage

SQL = Path(__file__).parent / "sql"
RAW = "raw: one order a transaction"
HOT, UNITS = 1, 2  # numbers of variants
BATCHES = (1, 2, 4, 8, 16)
QUANTITIES = (1, 3)

TO_LEVEL = ("head", "reserve")
FUSED = (*TO_LEVEL, "take", "commit")
PIPELINED = (*TO_LEVEL, "startpipeline", "take", "commit", "endpipeline")
CHECKED = (*TO_LEVEL, "check_now", "startpipeline", "take", "commit", "endpipeline")
AGAIN_IF_SHORT = ("again_if_short", "head")
SHARDS = ("head", "take_shard", *AGAIN_IF_SHORT, "take_of_all_shards", "endif", "commit_or_refuse")
UNIT_ROWS = (
    *TO_LEVEL, "take_units", *AGAIN_IF_SHORT, "reserve", "take_waiting", "endif", "commit_or_refuse_units",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """`orders` are placed by each transaction that `run` counts."""

    name: str
    run: Callable[[], Run]
    orders: int = 1


def candidates(stage: Stage, options: Options, processes: tuple[int, ...]) -> Iterator[Candidate]:
    """In the order of the table; RAW comes first."""

    def sql(name: str, parts: tuple[str, ...], *, orders: int = 1, v: int = HOT, q: int = 1) -> Candidate:
        variables = {"v": v, "q": q, "n": orders}
        return Candidate(name, lambda: run_sql(stage, options, parts, variables, orders=orders), orders)

    yield Candidate(RAW, lambda: _run_raw(stage, options))
    for count in processes:
        for orders in BATCHES:
            name = f"1. place_batch, {orders} orders, {count} processes"
            yield Candidate(name, _python(stage, options, count, orders))
    for orders in BATCHES[1:]:
        yield sql(f"1. + 2. one statement in SQL, {orders} orders", ("together",), orders=orders)
    yield sql("2. lock, check and write in one statement", FUSED)
    yield sql("2. the same and COMMIT in one round trip", PIPELINED)
    yield sql("2. the same, foreign keys checked before the lock", CHECKED)
    yield sql("2. the whole order in one statement", ("together",))
    for shards, variant in SHARDED.items():
        for quantity in QUANTITIES:
            yield sql(f"3. {shards} shards, {quantity} units", SHARDS, v=variant, q=quantity)
    for quantity in QUANTITIES:
        found = sql(f"4. a row a unit, {quantity} units", UNIT_ROWS, v=UNITS, q=quantity)
        yield replace(found, run=_topped_up(stage, options, found.run))


def run_sql(
    stage: Stage, options: Options, parts: tuple[str, ...], variables: Mapping[str, object], *, orders: int = 1
) -> Run:
    """Scripts of `sql/` as one, in the transaction of one client; each must have placed `orders` orders."""
    known = shop_variables(stage) | dict(variables)

    def run() -> Run:
        script = join(stage, parts)
        return pgbench(stage, script, clients=options.clients, seconds=options.seconds, variables=known)

    return measured(stage, None, run, orders=lambda found: found.done * orders)


def join(stage: Stage, parts: tuple[str, ...]) -> str:
    """The path of a script made of those parts."""
    path = stage.home / "spike.sql"
    path.write_text("".join((SQL / f"{part}.sql").read_text("utf-8") for part in parts), encoding="utf-8")
    return str(path)


def _run_raw(stage: Stage, options: Options) -> Run:
    variables = shop_variables(stage) | {"first": HOT, "last": HOT}

    def run() -> Run:
        return pgbench(stage, "place_one.sql", clients=options.clients, seconds=options.seconds, variables=variables)

    return measured(stage, None, run, orders=lambda found: found.done)


def _python(stage: Stage, options: Options, processes: int, orders: int) -> Callable[[], Run]:
    def run() -> Run:
        return buy_together(
            stage, processes=processes, seconds=options.seconds, variants=range(HOT, HOT + 1), orders=orders
        )

    return lambda: measured(stage, None, run, orders=lambda found: found.done)


def _topped_up(stage: Stage, options: Options, run: Callable[[], Run]) -> Callable[[], Run]:
    def topped_up() -> Run:
        units.top_up(UNITS, int(options.seconds * units.MOST_A_SECOND))
        return run()

    return topped_up

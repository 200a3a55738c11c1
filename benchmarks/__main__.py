"""`python -m benchmarks`: measure, print one table, write JSON and, after a full run, the plot."""

import argparse
import os
import platform
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.figures import Figure, table, write_json
from benchmarks.lines import (
    bulk,
    contention,
    events,
    life,
    mails,
    order_lists,
    placing,
    replays,
    sellers,
    sold_out,
    sweep,
    without_http,
    work,
)
from benchmarks.options import FULL, QUICK, Options
from benchmarks.plot import Bar, bar_chart, write_plot
from benchmarks.run import BenchmarkError
from benchmarks.stage import PROJECT, Stage, open_stage
from benchmarks.work.accepted import exceeding

LINES = {
    line.NAME.replace(" ", "-"): line
    for line in (
        work,
        placing,
        life,
        sellers,
        contention,
        sold_out,
        replays,
        order_lists,
        without_http,
        sweep,
        mails,
        events,
        bulk,
    )
}
PLOT = PROJECT / "docs" / "images" / "bench.svg"


def main() -> int:
    arguments = _arguments()
    options = _options(arguments)
    chosen = arguments.only or list(LINES)
    home = Path(os.environ.get("KONTOR_HOME") or PROJECT / ".kontor")  # before the stage has its own
    try:
        with open_stage() as stage:
            figures = list(_measure(stage, chosen, options))
            conditions = _conditions(options)
    except BenchmarkError as error:
        print(error, file=sys.stderr)
        return 1
    print(table(figures))
    write_json(arguments.output or home / "bench.json", figures, conditions)
    if plot := arguments.plot or (PLOT if options == FULL and not arguments.only else None):
        write_plot(plot, _plot(figures))
    for figure in (more := exceeding(figures)):
        print(f"More than was accepted: {' | '.join(figure.cells())}", file=sys.stderr)
    return 1 if more else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round of a second: to see that it works")
    parser.add_argument("--only", action="append", choices=list(LINES), help="this line; may be given again")
    parser.add_argument("--rounds", type=int, help=f"of all sides in turn (default {FULL.rounds})")
    parser.add_argument("--seconds", type=float, help=f"for every run (default {FULL.seconds:g})")
    parser.add_argument("--accept", action="store_true", help="what the line work counts is allowed from now on")
    parser.add_argument("--output", type=Path, help="the JSON file (default KONTOR_HOME/bench.json)")
    parser.add_argument("--plot", type=Path, help=f"the SVG file (a full run writes {PLOT.relative_to(PROJECT)})")
    return parser.parse_args()


def _options(arguments: argparse.Namespace) -> Options:
    options = QUICK if arguments.quick else FULL
    given = {name: value for name in ("rounds", "seconds") if (value := getattr(arguments, name)) is not None}
    return replace(options, **given, accept=arguments.accept)


def _measure(stage: Stage, chosen: list[str], options: Options) -> Iterator[Figure]:
    for name in chosen:
        print(f"{datetime.now(UTC):%H:%M:%S} {name} ...", file=sys.stderr, flush=True)
        yield from LINES[name].run(stage, options)


def _conditions(options: Options) -> dict[str, object]:
    """What the figures depend on."""
    from django.db import connection

    asked = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(asked)])
        database = dict(cursor.fetchall())
    return {
        "measured_at": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "postgresql": database,
        "options": asdict(options),
    }


def _plot(figures: list[Figure]) -> str:
    """Orders per second of everything that has such a figure."""
    kinds = {"raw SQL": "database"}
    bars = {
        f"{f.line}: {f.name}": Bar(f"{f.line}: {f.name}", f.value, kinds.get(f.name.split(",")[0], "kontor"))
        for f in figures
        if f.unit == "orders/s"
    }
    peers = [
        Bar("Vendure 3.7", placing.VENDURE_RATE, "peer"),
        Bar("Saleor 3.23", placing.SALEOR_RATE, "peer"),
    ]
    return bar_chart("Orders placed per second", "/s", [*bars.values(), *peers])


if __name__ == "__main__":
    sys.exit(main())

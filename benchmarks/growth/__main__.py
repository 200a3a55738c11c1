"""`python -m benchmarks.growth`: what an order costs against the size of everything, as a table and as curves."""

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from benchmarks.growth import dimensions
from benchmarks.growth.curve import Curve, drawn, table
from benchmarks.options import Options
from benchmarks.plot import write_plot
from benchmarks.run import BenchmarkError
from benchmarks.stage import PROJECT, Stage, open_stage

FULL, QUICK = Options(rounds=3, seconds=2.0), Options(rounds=1, seconds=0.2)
SIZES, QUICK_SIZES = (0, 100_000, 1_000_000), (0, 1_000)
PLOT = PROJECT / "docs" / "images" / "growth.svg"
Dimension = Callable[[Stage, Options], list[Curve]]


def main() -> int:
    arguments = _arguments()
    options = replace(QUICK if arguments.quick else FULL, **_given(arguments))
    sizes = arguments.orders or (QUICK_SIZES if arguments.quick else SIZES)
    # Last, as its rows stay: the others are measured in a shop that is nearly empty.
    every: dict[str, Dimension] = {
        "lines": dimensions.against_lines,
        "sellers": dimensions.against_sellers,
        "variants": dimensions.against_variants,
        "workers": dimensions.against_workers,
        "clients": dimensions.against_clients,
        "orders": partial(dimensions.against_orders, sizes=sizes),
    }
    curves: list[Curve] = []
    said = os.fdopen(os.dup(2), "w")
    try:
        with open_stage() as stage, (stage.home / "orders.log").open("ab") as log:
            os.dup2(log.fileno(), 2)  # one line of log an order
            dimensions.stock_up_for_growth()
            for name in arguments.only or every:
                print(f"{datetime.now(UTC):%H:%M:%S} {name} ...", file=said, flush=True)
                curves += every[name](stage, options)
    except BenchmarkError as error:
        print(error, file=said)
        return 1
    finally:
        os.dup2(said.fileno(), 2)
    load = os.getloadavg()[2]
    print(table(curves))
    print(f"\n{options.rounds} rounds of {options.seconds:g} s on {os.cpu_count()} cores, load {load:.1f}.")
    if plot := arguments.plot or (None if arguments.quick or arguments.only else PLOT):
        write_plot(plot, drawn("What an order costs as the shop grows", curves))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    names = ["lines", "sellers", "variants", "workers", "clients", "orders"]
    parser.add_argument("--only", action="append", choices=names, help="grow this alone; may be given again")
    parser.add_argument("--orders", type=int, nargs="+", help=f"sizes of the table, ascending (default {SIZES})")
    parser.add_argument("--rounds", type=int, help=f"of all sizes in turn (default {FULL.rounds})")
    parser.add_argument("--seconds", type=float, help=f"for every size (default {FULL.seconds:g})")
    parser.add_argument("--quick", action="store_true", help="to see that it works")
    parser.add_argument("--plot", type=Path, help=f"the SVG file (a full run writes {PLOT.relative_to(PROJECT)})")
    return parser.parse_args()


def _given(arguments: argparse.Namespace) -> dict[str, float]:
    return {name: value for name in ("rounds", "seconds") if (value := getattr(arguments, name)) is not None}


if __name__ == "__main__":
    sys.exit(main())

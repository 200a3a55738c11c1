"""`python -m benchmarks.cells`: four cells, one order in ten over several, entries killed at every point of it.

Prints what became of the orders, what is wrong at the end (must be zeros) and what an order costs. Exit code 1 where
something is wrong.
"""

import argparse
import os
import sys

from benchmarks.cells.stage import open_cells

ORDERS, COST_ORDERS, ROUNDS = 1_600, 400, 5


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.cells", description=__doc__)
    parser.add_argument("--orders", type=int, default=ORDERS, help=f"of the rush ({ORDERS})")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"of measuring, 0 for none ({ROUNDS})")
    options = parser.parse_args()
    with open_cells() as cells:
        # Django's settings are read now, so that it is the stage's database.
        from benchmarks.cells.cost import milliseconds
        from benchmarks.cells.judge import judge
        from benchmarks.cells.rush import kill_everywhere, rush

        became = rush(cells, options.orders)
        killed = kill_everywhere(cells)
        verdict = judge(cells)
        costs = milliseconds(cells, COST_ORDERS, options.rounds) if options.rounds else {}
    print("orders:", ", ".join(f"{count} {name}" for name, count in sorted(became.items())))
    print("parents at the end:", ", ".join(f"{count} {state}" for state, count in sorted(verdict.states.items())))
    whole = costs.get("one Kontor", 0)
    for name, each in costs.items():
        print(f"CPU an order, {name}: {each:.2f} ms, {each / whole:.2f} x")
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    faults = ("unfinished", "half_orders", "oversold", "still_held", "discrepancies")
    print(
        f"{killed} entries killed:", ", ".join(f"{getattr(verdict, name)} {name.replace('_', ' ')}" for name in faults)
    )
    return 1 if verdict.faults else 0


if __name__ == "__main__":
    sys.exit(main())

"""`python -m benchmarks.cells.mortal` with a plan on stdin: place an order over cells, pay it, be killed on the way.

The plan is JSON: `cells` (port and url of each), `secret`, `order` (key, customer, lines), and `dies_at`, the number of
the point where the process kills itself, 0 for never. Prints how many points it has passed.
"""

import json
import os
import signal
import sys
from itertools import count

from benchmarks.cells.entry import Cell, CrossOrder, Entry


def main() -> None:
    plan = json.load(sys.stdin)
    lines = {int(cell): tuple(line) for cell, line in plan["order"]["lines"].items()}
    order = CrossOrder(plan["order"]["key"], plan["order"]["customer"], lines)
    passed = count(1)

    def reached() -> None:
        if next(passed) == plan["dies_at"]:
            os.kill(os.getpid(), signal.SIGKILL)

    entry = Entry([Cell(**cell) for cell in plan["cells"]], plan["secret"], reached)
    if entry.place(order):
        entry.pay(order)
    print(next(passed) - 1)


if __name__ == "__main__":
    main()

"""make drills: every promise about disasters, kept or not, in one table.

Each drill causes its disaster on throwaway servers of this machine while orders are placed, and counts what was lost.
With --fast one leader is killed instead of all disasters of a cluster. WORD ...: only drills whose names have one of
them. What each printed is shown as it comes. Exit code 1 when a drill failed, 2 when none is called so.
"""

import argparse
import subprocess
import sys
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ops.drills.all import DRILLS, Drill

_HEAD: Final = ("drill", "", "seconds", "what it found")


@dataclass(frozen=True)
class Outcome:
    drill: Drill
    code: int
    seconds: float
    last_line: str

    def cells(self) -> tuple[str, ...]:
        return (self.drill.name, "kept" if self.code == 0 else "BROKEN", f"{self.seconds:.0f}", self.last_line)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="ops.drills", description=__doc__)
    parser.add_argument("--fast", action="store_true", help="one kill of a cluster's leader, instead of all disasters")
    parser.add_argument("words", nargs="*", metavar="WORD")
    options = parser.parse_args(arguments)
    words = [word.lower() for word in options.words]
    chosen = [drill for drill in DRILLS if not words or any(word in drill.name.lower() for word in words)]
    if not chosen:
        print(f"No drill is called so. There are: {', '.join(drill.name for drill in DRILLS)}.", file=sys.stderr)
        return 2
    outcomes = [carry_out(drill, fast=options.fast) for drill in chosen]
    print("", *table([_HEAD, *(outcome.cells() for outcome in outcomes)]), sep="\n")
    broken = sum(outcome.code != 0 for outcome in outcomes)
    print(f"{len(outcomes) - broken} of {len(outcomes)} drills: the promise was kept.")
    return 1 if broken else 0


def carry_out(drill: Drill, *, fast: bool) -> Outcome:
    """Its output is passed on line by line: a drill of minutes says where it is."""
    print(f"\n=== {drill.name}: {drill.disaster}", flush=True)
    began = time.monotonic()
    lines: deque[str] = deque(maxlen=1)
    command = drill.command_line(fast=fast)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            if line.strip():
                lines.append(line.strip(" =\n"))
    return Outcome(drill, process.returncode, time.monotonic() - began, lines[0] if lines else "")


def table(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """The rows with their columns below one another."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


if __name__ == "__main__":
    sys.exit(main())

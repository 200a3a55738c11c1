"""`python -m benchmarks.spikes`: measure every candidate in turn, check the books, print one table in Markdown."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace

from benchmarks.meters import audit
from benchmarks.options import FULL, Options
from benchmarks.run import BenchmarkError, Run, interleave, middle
from benchmarks.spikes import shards, units
from benchmarks.spikes.candidates import RAW, Candidate, candidates
from benchmarks.spikes.drain import drain
from benchmarks.stage import Stage, open_stage

PROCESSES = (4,)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.spikes", description=__doc__)
    parser.add_argument("--rounds", type=int, default=FULL.rounds, help="of all candidates in turn")
    parser.add_argument("--seconds", type=float, default=FULL.seconds, help="for every run")
    parser.add_argument("--processes", type=int, action="append", help="that call place_batch; again for more")
    parser.add_argument("--only", action="append", help="candidates whose name begins like this, and the raw limit")
    arguments = parser.parse_args()
    options = replace(FULL, rounds=arguments.rounds, seconds=arguments.seconds)
    processes = tuple(arguments.processes or PROCESSES)
    try:
        with open_stage() as stage:
            print(_measure(stage, options, processes, tuple(arguments.only or [""])))
    except BenchmarkError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _measure(stage: Stage, options: Options, processes: tuple[int, ...], only: tuple[str, ...]) -> str:
    shards.set_up()
    units.set_up()
    chosen = [one for one in candidates(stage, options, processes) if one.name == RAW or one.name.startswith(only)]
    raw, *others = chosen
    sides = {}
    for one in others:  # a busy machine changes within a round, so each has the raw limit right before it
        sides |= {_beside(one): raw.run, one.name: one.run}
    runs = interleave(options.rounds, sides)
    drain(stage, options)
    if wrong := units.count_wrong():
        raise BenchmarkError(f"{wrong} order items do not have the units they ordered.")
    units.fold()
    audit()
    return _table(others, runs)


def _beside(one: Candidate) -> str:
    return f"{RAW}, before {one.name}"


def _table(chosen: Sequence[Candidate], runs: dict[str, list[Run]]) -> str:
    raw = [run for one in chosen for run in runs[_beside(one)]]
    rows = [_row(Candidate(RAW, lambda: raw[0]), raw, raw)]
    rows += [_row(one, runs[one.name], runs[_beside(one)]) for one in chosen]
    head = "| candidate | orders/s | x raw | CPU of database, ms/order | of Python | p50 ms | busy elsewhere, cores |"
    return "\n".join([head, "| --- | ---: | ---: | ---: | ---: | ---: | ---: |", *rows])


def _row(one: Candidate, runs: Sequence[Run], raw: Sequence[Run]) -> str:
    """The ratio is the median of those to the raw run right before each."""
    ratios = sorted(run.rate * one.orders / beside.rate for run, beside in zip(runs, raw, strict=True))
    orders = one.orders
    figures = (
        f"{middle(runs, lambda run: run.rate * orders):,.0f}",
        f"{ratios[len(ratios) // 2]:.2f}",
        f"{middle(runs, lambda run: 1000 * run.database_cpu / (run.done * orders)):.2f}",
        f"{middle(runs, lambda run: 1000 * run.web_cpu / (run.done * orders)):.2f}",
        f"{middle(runs, lambda run: run.milliseconds(0.5)):.1f}",
        f"{middle(runs, lambda run: run.others):.1f}",
    )
    return f"| {one.name} | " + " | ".join(figures) + " |"


if __name__ == "__main__":
    sys.exit(main())

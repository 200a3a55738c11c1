"""What a load test has to reach, beside what Locust measured."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from loadtest.conditions import LoadTestError
from loadtest.names import PAY, PLACE, split_name
from loadtest.stages import Profile

ORDER_P95_MS, PAYMENT_P99_MS, LEAST_SUCCESS = 500.0, 2000.0, 99.9
# A hold is sustained while each user gets as many orders through as in the first one, but for so much.
SUSTAINED = 0.9


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of request in one stage; milliseconds."""

    what: str
    stage: str
    count: int
    failures: int
    p95: float
    p99: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """`met` None: shown for information."""

    name: str
    target: str
    measured: str
    met: bool | None


def read_rows(stats: Path) -> list[Row]:
    """Locust's `…_stats.csv` without its total."""
    with stats.open(encoding="utf-8", newline="") as file:
        return [_row(line) for line in csv.DictReader(file) if line["Name"] != "Aggregated"]


def _row(line: dict[str, str]) -> Row:
    what, stage = split_name(line["Name"])
    count, failures = int(line["Request Count"]), int(line["Failure Count"])
    return Row(what, stage, count, failures, _milliseconds(line["95%"]), _milliseconds(line["99%"]))


def _milliseconds(text: str) -> float:
    return 0.0 if text == "N/A" else float(text)


def judge(rows: Sequence[Row], profile: Profile) -> list[Verdict]:
    """Raises LoadTestError when no order was even tried while the load was held."""
    verdicts = list(_order_creation(rows, profile))
    if not verdicts:
        raise LoadTestError("No orders while the load was held: nothing was measured.")
    verdicts.append(_success("reservation success", [row for row in rows if row.what == PLACE]))
    if payments := [row for row in rows if row.what == PAY]:
        slowest = max(row.p99 for row in payments)
        verdicts.append(_below("payment p99, worst stage", slowest, PAYMENT_P99_MS, counts=True))
    if others := [row for row in rows if row.what != PLACE]:
        verdicts.append(_success("all else answered", others))
    return verdicts


def _order_creation(rows: Sequence[Row], profile: Profile) -> Iterator[Verdict]:
    """p95 of each hold. It must be met wherever the machine sustains the load: always in the first hold, and in later
    ones that get as many orders a user and second through."""
    first: float | None = None
    placed = {row.stage: row for row in rows if row.what == PLACE}
    for name, stage in profile.holds().items():
        if (row := placed.get(name)) and row.count:
            rate = row.count / stage.seconds
            first = first or rate / stage.users
            sustained = rate / stage.users >= SUSTAINED * first
            label = f"order creation p95, {stage.users} users, {rate:.0f} orders/s"
            yield _below(label if sustained else f"{label}, not sustained", row.p95, ORDER_P95_MS, counts=sustained)


def _below(name: str, value: float, limit: float, *, counts: bool) -> Verdict:
    return Verdict(name, f"< {limit:,.0f} ms", f"{value:,.0f} ms", value < limit if counts else None)


def _success(name: str, rows: Sequence[Row]) -> Verdict:
    count = sum(row.count for row in rows)
    share = 100 * (1 - sum(row.failures for row in rows) / count) if count else 0.0
    return Verdict(name, f"> {LEAST_SUCCESS} %", f"{share:.3f} % of {count:,}", share > LEAST_SUCCESS)


def report(verdicts: Sequence[Verdict]) -> str:
    """A Markdown table."""
    words = {True: "met", False: "MISSED", None: "-"}
    cells = [("target", "limit", "measured", "")]
    cells += [(v.name, v.target, v.measured, words[v.met]) for v in verdicts]
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in cells
    ]
    return "\n".join([lines[0], "| " + " | ".join("-" * width for width in widths) + " |", *lines[1:]])

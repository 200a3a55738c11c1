"""What the drill found, as a table: zeros where nothing was lost."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ops.failover.books import Found, Payments
from ops.failover.disasters import Disaster
from ops.failover.load import LAST_TRY_SECONDS, Told

SLOWEST_SECONDS: Final = 20
HEALTH_SECONDS: Final = 0.2
_HEAD: Final = ("", "placed", "lost", "doubled", "given up", "audit", "gap s", "answer s", "/healthz ms")


@dataclass(frozen=True)
class Row:
    disaster: Disaster
    told: Told
    found: Found

    def cells(self) -> tuple[str, ...]:
        told, found = self.told, self.found
        counts = (len(told.acknowledged), found.lost, found.doubled, len(told.given_up), found.discrepancies)
        times = (f"{told.gap():.1f}", f"{told.slowest:.1f}", f"{told.slowest_health * 1000:.0f}")
        return (self.disaster.name, *map(str, counts), *times)

    def faults(self) -> Iterator[str]:
        name, found = self.disaster.name, self.found
        if self.disaster.must_lose and not found.lost:
            yield f"{name}: nothing was lost, so that the drill would not see a loss"
        if not self.disaster.must_lose and found.lost:
            yield f"{name}: {found.lost} acknowledged orders are lost"
        if found.doubled:
            yield f"{name}: {found.doubled} orders are there twice, or nobody was told of them"
        if given_up := len(self.told.given_up):
            yield f"{name}: {given_up} buyers had no answer in {LAST_TRY_SECONDS} s, and gave up"
        if found.discrepancies:
            yield f"{name}: {found.discrepancies} discrepancies in the books"
        yield from (f"{name}: an answer that nobody should get: {each[:200]}" for each in sorted(set(self.told.odd)))

    def delays(self) -> Iterator[str]:
        name, told = self.disaster.name, self.told
        if told.gap() > self.disaster.gap:
            yield f"{name}: nobody could order for {told.gap():.1f} s, {self.disaster.gap:.0f} at most"
        if told.slowest > SLOWEST_SECONDS:
            yield f"{name}: an answer took {told.slowest:.1f} s, {SLOWEST_SECONDS} at most"
        if told.slowest_health > HEALTH_SECONDS:
            yield f"{name}: /healthz took {told.slowest_health:.2f} s, {HEALTH_SECONDS} at most"


@dataclass(frozen=True)
class Report:
    """`overdue`: unpaid orders past their deadline that the worker left. `held`: reservations of orders that ended."""

    rows: Sequence[Row]
    payments: Payments
    overdue: int
    held: int

    def faults(self) -> list[str]:
        found = [fault for row in self.rows for fault in row.faults()]
        if not self.payments.number:
            found.append("nothing was paid, so that nothing could be reconciled")
        if self.payments.differing:
            found.append(f"{self.payments.differing} payments are other than the provider has them")
        if self.overdue or self.held:
            found.append(f"{self.overdue} overdue orders are not swept, {self.held} ended ones hold stock")
        return found

    def delays(self) -> list[str]:
        return [delay for row in self.rows for delay in row.delays()]


def show(report: Report) -> str:
    rows = [_HEAD, *(row.cells() for row in report.rows)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    lines = [
        "  ".join(cell.ljust(width) if not number else cell.rjust(width) for number, (cell, width) in enumerate(pairs))
        for pairs in (list(zip(row, widths, strict=True)) for row in rows)
    ]
    goals = sorted({f"{row.disaster.gap:.0f}" for row in report.rows}, key=int)
    return "\n".join(
        (
            "",
            *lines,
            f"Goals: a gap of {' or '.join(goals)} s (a switchover's is less), an answer within {SLOWEST_SECONDS} s, "
            f"/healthz {HEALTH_SECONDS * 1000:.0f} ms. A control must lose.",
            f"Payments at the provider: {report.payments.number}, other than in Kontor: {report.payments.differing}. "
            f"Overdue orders left: {report.overdue}. Reservations of ended orders: {report.held}.",
        )
    )

"""What one measured run gave, and how several are summed up."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import TypeVar

T = TypeVar("T")


class BenchmarkError(Exception):
    """What was measured did not do its work: its speed means nothing."""


@dataclass(frozen=True, slots=True)
class Run:
    """`done` transactions or answers in `seconds`; CPU in seconds, of the whole process trees.

    `client_cpu` is the load generator's own; `others` is how many cores everything else on the machine kept busy.
    """

    seconds: float
    latencies_us: list[int]
    statuses: Counter[int] = field(default_factory=Counter)
    client_cpu: float = 0.0
    web_cpu: float = 0.0
    database_cpu: float = 0.0
    others: float = 0.0

    @property
    def done(self) -> int:
        return len(self.latencies_us)

    @property
    def rate(self) -> float:
        return self.done / self.seconds

    def milliseconds(self, share: float) -> float:
        """The latency that `share` of all stayed below."""
        return percentile(self.latencies_us, share) / 1000


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that at least `share` of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def middle(runs: Iterable[Run], what: Callable[[Run], float]) -> float:
    """The median over the rounds."""
    return median(what(run) for run in runs)


def interleave(rounds: int, sides: Mapping[str, Callable[[], T]]) -> dict[str, list[T]]:
    """Run every side once a round, so that a slow minute of the machine hits all of them."""
    results: dict[str, list[T]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, side in sides.items():
            results[name].append(side())
    return results

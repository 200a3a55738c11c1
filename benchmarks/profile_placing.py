"""Where placing an order spends its Python time: `python -m benchmarks.profile_placing [orders]`.

Places orders in this process, without HTTP, first unprofiled for the true figure, then under cProfile; prints
microseconds per order by function. cProfile burdens calls more than work: compare shares, not sums.
"""

import cProfile
import pstats
import sys
import time
from collections.abc import Callable

from benchmarks.placer import placer
from benchmarks.stage import open_stage

TOP = 40


def main() -> None:
    orders = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with open_stage() as stage:
        from benchmarks.shop import VARIANTS

        place = placer(stage, lines=3, variants=range(1, VARIANTS + 1), seed=1)
        for _ in range(50):  # caches, prepared statements
            place()
        _print_true_cost(place, orders)
        profile = cProfile.Profile()
        profile.enable()
        for _ in range(orders):
            place()
        profile.disable()
    _print_profile(profile, orders)


def _print_true_cost(place: Callable[[], None], orders: int) -> None:
    wall, own = time.perf_counter(), time.process_time()
    for _ in range(orders):
        place()
    wall, own = time.perf_counter() - wall, time.process_time() - own
    print(f"{orders} orders: {wall / orders * 1e6:.0f} us each, {own / orders * 1e6:.0f} us of it CPU in Python")


def _print_profile(profile: cProfile.Profile, orders: int) -> None:
    stats = pstats.Stats(profile)
    rows = stats.stats  # type: ignore[attr-defined] - typeshed leaves it out
    print(f"\n{'us':>8} {'us with':>8} {'calls':>7}  function (per order)")
    for (file, line, name), (_, calls, own, total, _) in sorted(rows.items(), key=lambda row: -row[1][2])[:TOP]:
        where = "/".join(file.split("/")[-3:]) if line else file
        micros = f"{own / orders * 1e6:8.1f} {total / orders * 1e6:8.1f} {calls / orders:7.1f}"
        print(f"{micros}  {where}:{line} {name}")


if __name__ == "__main__":
    main()

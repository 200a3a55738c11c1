"""Where placing an order spends its Python time: `python -m benchmarks.profile_placing [--request] [--orders N]`.

Places orders in this process, first unprofiled for the true figure, then under cProfile; prints microseconds of
CPU per order by function, so waiting for the database counts nothing. cProfile burdens calls more than work:
compare shares, not sums. Logs go to stderr.
"""

import argparse
import cProfile
import pstats
import time
from collections.abc import Callable

from benchmarks.placer import placer, request_placer
from benchmarks.stage import open_stage

WARM_UP_ORDERS = 50  # caches, prepared statements


def main() -> None:
    arguments = _arguments()
    with open_stage() as stage:
        from benchmarks.shop import VARIANTS

        make = request_placer if arguments.request else placer
        place = make(stage, lines=3, variants=range(1, VARIANTS + 1), seed=1)
        for _ in range(WARM_UP_ORDERS):
            place()
        _print_true_cost(place, arguments.orders)
        profile = cProfile.Profile(time.process_time)
        profile.enable()
        for _ in range(arguments.orders):
            place()
        profile.disable()
    _print_profile(profile, arguments.orders, arguments.top)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.profile_placing", description=__doc__)
    parser.add_argument("--request", action="store_true", help="the whole request, not the service alone")
    parser.add_argument("--orders", type=int, default=1000)
    parser.add_argument("--top", type=int, default=40, help="how many functions to print")
    return parser.parse_args()


def _print_true_cost(place: Callable[[], None], orders: int) -> None:
    wall, own = time.perf_counter(), time.process_time()
    for _ in range(orders):
        place()
    wall, own = time.perf_counter() - wall, time.process_time() - own
    print(f"{orders} orders: {wall / orders * 1e6:.0f} us each, {own / orders * 1e6:.0f} us of it CPU in Python")


def _print_profile(profile: cProfile.Profile, orders: int, top: int) -> None:
    stats = vars(pstats.Stats(profile))["stats"]  # (file, line, name): (primitive, calls, own, with callees, …)
    print(f"\n{'us':>8} {'us with':>8} {'calls':>7}  function (per order)")
    for (file, line, name), (_, calls, own, total, _) in sorted(stats.items(), key=lambda row: -row[1][2])[:top]:
        where = "/".join(file.split("/")[-3:]) if line else file
        micros = f"{own / orders * 1e6:8.1f} {total / orders * 1e6:8.1f} {calls / orders:7.1f}"
        print(f"{micros}  {where}:{line} {name}")


if __name__ == "__main__":
    main()

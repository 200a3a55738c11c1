"""`python -m loadtest`: run the scenarios, print the targets beside what was measured. Exit code 1: one was missed, or
the books are wrong; 2: nothing could be measured."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from benchmarks.run import BenchmarkError
from loadtest.conditions import KEY, PROFILE, VARIANT, LoadTestError, check_host, read_conditions
from loadtest.locust_run import PROJECT, run_locust
from loadtest.shop import check_alive
from loadtest.stages import PROFILES
from loadtest.targets import judge, read_rows, report

SCENARIOS = ("ramp", "contention", "mixed")


def main() -> int:
    arguments = _arguments()
    signal.signal(signal.SIGTERM, _leave)  # so that everything that was started is stopped
    home = Path(os.environ.get("KONTOR_HOME") or PROJECT / ".kontor")  # before the throwaway one has its own
    reports = (arguments.output or home / "loadtest").resolve()
    os.environ[PROFILE] = arguments.profile
    try:
        if arguments.host:
            return int(not _run_all(arguments.scenario or SCENARIOS, check_host(arguments.host), reports))
        return _on_throwaway(arguments, reports)
    except (LoadTestError, BenchmarkError) as error:
        print(error, file=sys.stderr)
        return 2


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m loadtest", description=__doc__)
    parser.add_argument("--profile", choices=list(PROFILES), default="short")
    parser.add_argument("--scenario", action="append", choices=SCENARIOS, help="default: all; may be given again")
    parser.add_argument("--host", help=f"a Kontor that runs on this machine; {KEY} holds an API key of it")
    parser.add_argument("--stock", type=int, help="units of the contended variant, to see it sell out")
    parser.add_argument("--output", type=Path, help="folder of the reports (default KONTOR_HOME/loadtest)")
    return parser.parse_args()


def _leave(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(2)


def _on_throwaway(arguments: argparse.Namespace, reports: Path) -> int:
    from loadtest.kontor import audit, throwaway_kontor

    with throwaway_kontor(reports=reports, popular_stock=arguments.stock) as kontor:
        os.environ |= {KEY: kontor.api_key, VARIANT: kontor.variant}
        met = _run_all(arguments.scenario or SCENARIOS, kontor.url, reports)
        audited = audit()
    print(f"\naudit: {audited.stdout.strip().splitlines()[-1] if audited.stdout.strip() else audited.stderr}")
    if audited.returncode:
        print(audited.stdout, file=sys.stderr)
    return int(not met or audited.returncode != 0)


def _run_all(scenarios: Sequence[str], host: str, reports: Path) -> bool:
    """Whether every target was met."""
    profile = read_conditions().profile
    met = True
    for scenario in scenarios:
        print(f"\n{datetime.now(UTC):%H:%M:%S} {scenario}, {profile.seconds:.0f} s ...", flush=True)
        stats = run_locust(scenario, host=host, profile=profile, reports=reports)
        check_alive(host)
        verdicts = judge(read_rows(stats), profile)
        print(report(verdicts), flush=True)
        print(f"Report: {reports / scenario}.html", flush=True)
        met = met and all(verdict.met is not False for verdict in verdicts)
    return met


if __name__ == "__main__":
    sys.exit(main())

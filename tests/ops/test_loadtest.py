"""The load test against a throwaway Kontor, and what its checker makes of good and bad statistics."""

import csv
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from loadtest.conditions import LoadTestError, check_host
from loadtest.names import PAY, PLACE, SOLD_OUT, request_name, split_name
from loadtest.stages import LONG, SHORT, Profile, Stage
from loadtest.targets import judge, read_rows

PROJECT = Path(__file__).resolve().parents[2]
FEW = 10  # more than the tiny profile orders before its first hold, fewer than in all


def load_test(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "loadtest", "--profile=tiny", *arguments]
    return subprocess.run(
        command, cwd=PROJECT, env=os.environ | environment, capture_output=True, text=True, timeout=300, check=False
    )


def counts(stats: Path) -> dict[str, tuple[int, int]]:
    """Requests and failures of each kind, over all stages."""
    found: dict[str, tuple[int, int]] = {}
    for row in read_rows(stats):
        count, failures = found.get(row.what, (0, 0))
        found[row.what] = count + row.count, failures + row.failures
    return found


@dataclass
class Finished:
    done: subprocess.CompletedProcess[str]
    reports: Path


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """All scenarios on one throwaway Kontor. The one that sells a variant out comes first, while all of it is there."""
    reports = tmp_path_factory.mktemp("reports")
    scenarios = [f"--scenario={name}" for name in ("contention", "ramp", "mixed")]
    return Finished(load_test(*scenarios, f"--stock={FEW}", f"--output={reports}"), reports)


@pytest.mark.long
def test_users_browse_order_pay_and_cancel_and_the_books_stay_right(finished: Finished) -> None:
    done = finished.done
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    assert (done.returncode == 1) == ("MISSED" in done.stdout)
    assert "The books are right" in done.stdout
    for scenario in ("ramp", "mixed"):
        found = counts(finished.reports / f"{scenario}_stats.csv")
        assert found[PLACE][0] > 0
        assert {failures for _, failures in found.values()} == {0}
        plotted = (finished.reports / f"{scenario}.html").read_text("utf-8")
        assert "response_time_percentile_0.95" in plotted
    assert "reservation success" in done.stdout


@pytest.mark.long
def test_a_variant_that_sells_out_is_no_failure(finished: Finished) -> None:
    assert "The books are right" in finished.done.stdout, finished.done.stdout + finished.done.stderr
    found = counts(finished.reports / "contention_stats.csv")
    assert found[PLACE] == (FEW, 0)
    assert found[SOLD_OUT][0] > 0


def test_nobody_elses_machine_is_loaded() -> None:
    for url in (None, "", "http://example.com", "http://10.0.0.1:8000", "http://127.0.0.1.example.com", "127.0.0.1"):
        with pytest.raises(LoadTestError):
            check_host(url)
    for url in ("http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"):
        assert check_host(url) == url

    done = load_test("--host=http://kontor.example.com", LOADTEST_API_KEY="secret")

    assert done.returncode == 2
    assert "loopback" in done.stderr


def test_the_long_profile_ramps_holds_and_ramps_as_written() -> None:
    at = {minute: LONG.at(60 * minute) for minute in (0, 1, 2, 6.9, 8, 9, 13.9, 15, 16)}

    assert at == {
        0: (0, "1 0 to 100"),
        1: (50, "1 0 to 100"),
        2: (100, "2 hold 100"),
        6.9: (100, "2 hold 100"),
        8: (150, "3 100 to 200"),
        9: (200, "4 hold 200"),
        13.9: (200, "4 hold 200"),
        15: (100, "5 200 to 0"),
        16: None,
    }
    assert 55 <= SHORT.seconds <= 65


PROFILE = Profile((Stage(1, 10), Stage(10, 10), Stage(1, 20), Stage(10, 20), Stage(1, 0)))
FIRST, SECOND = "2 hold 10", "4 hold 20"
GOOD = {(PLACE, FIRST): (1000, 0, 120), (PLACE, SECOND): (2000, 0, 300), (PAY, SECOND): (500, 0, 90)}


def verdicts(tmp_path: Path, **changes: dict[tuple[str, str], tuple[int, int, int]]) -> list[tuple[str, bool | None]]:
    """What the checker says of Locust's table: (requests, failures, milliseconds of p95 and p99) by what and stage."""
    stats = tmp_path / "stats.csv"
    with stats.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Type", "Name", "Request Count", "Failure Count", "95%", "99%"])
        for (what, stage), (count, failures, slow) in (GOOD | changes.get("but", {})).items():
            writer.writerow(["POST", request_name(what, stage), count, failures, slow, slow])
        writer.writerow(["", "Aggregated", 1, 1, "N/A", "N/A"])
    return [(verdict.name.partition(",")[0], verdict.met) for verdict in judge(read_rows(stats), PROFILE)]


def missed(tmp_path: Path, but: dict[tuple[str, str], tuple[int, int, int]]) -> set[str]:
    return {name for name, met in verdicts(tmp_path, but=but) if met is False}


def test_all_targets_met(tmp_path: Path) -> None:
    assert {met for _, met in verdicts(tmp_path)} == {True}


@pytest.mark.parametrize(
    ("but", "expected"),
    [
        pytest.param({(PLACE, FIRST): (1000, 0, 500)}, {"order creation p95"}, id="slow at first"),
        pytest.param({(PLACE, SECOND): (1900, 0, 501)}, {"order creation p95"}, id="slow though sustained"),
        pytest.param({(PLACE, SECOND): (1500, 0, 501)}, set(), id="slow beyond what the machine sustains"),
        pytest.param({(PLACE, SECOND): (2000, 3, 300)}, {"reservation success"}, id="3 of 3,000 refused"),
        pytest.param({(PLACE, SECOND): (2000, 2, 300)}, set(), id="2 of 3,000 refused"),
        pytest.param({(SOLD_OUT, SECOND): (900, 0, 10)}, set(), id="sold out"),
        pytest.param({(PAY, SECOND): (500, 0, 2000)}, {"payment p99"}, id="slow payment"),
        pytest.param({(PAY, SECOND): (500, 1, 90)}, {"all else answered"}, id="failed payment"),
    ],
)
def test_a_missed_target_is_named(tmp_path: Path, but: Any, expected: str) -> None:
    assert missed(tmp_path, but) == expected


def test_a_run_without_orders_measured_nothing(tmp_path: Path) -> None:
    nothing = dict.fromkeys(GOOD, (0, 0, 0))

    with pytest.raises(LoadTestError):
        verdicts(tmp_path, but=nothing)


def test_names_tell_what_and_stage() -> None:
    assert split_name(request_name(SOLD_OUT, FIRST)) == (SOLD_OUT, FIRST)

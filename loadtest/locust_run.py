"""One run of Locust in a process of its own (it patches the standard library), bounded in time."""

import subprocess
import sys
from pathlib import Path

from loadtest.conditions import LoadTestError
from loadtest.stages import Profile

PROJECT = Path(__file__).resolve().parent.parent
STOP_SECONDS = 15
SLACK_SECONDS = 60


def run_locust(scenario: str, *, host: str, profile: Profile, reports: Path) -> Path:
    """Run the scenario; the report with its plots and the tables go to `reports`. Answers the statistics' path.

    The environment must hold what loadtest.conditions reads. Raises LoadTestError when Locust cannot run it.
    """
    reports.mkdir(parents=True, exist_ok=True)
    prefix = reports / scenario
    stats = reports / f"{scenario}_stats.csv"
    stats.unlink(missing_ok=True)
    command: list[str | Path] = [sys.executable, "-m", "locust", "--headless", "--only-summary"]
    command += ["--locustfile", PROJECT / "loadtest" / "scenarios" / f"{scenario}.py", "--host", host]
    command += ["--csv", prefix, "--html", prefix.with_suffix(".html"), "--exit-code-on-error", "0"]
    command += ["--stop-timeout", str(STOP_SECONDS)]
    try:
        with prefix.with_suffix(".out").open("wb") as output:
            done = subprocess.run(
                command, cwd=PROJECT, check=False, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                timeout=profile.seconds + SLACK_SECONDS,
            )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise LoadTestError(f"Locust did not end in time; see {prefix}.out.") from None
    if done.returncode or not stats.exists():
        raise LoadTestError(f"Locust failed ({done.returncode}); see {prefix}.out.")
    return stats

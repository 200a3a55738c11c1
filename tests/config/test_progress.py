"""What a start prints while it works."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.processes.progress import signs_of_life

ROOT = Path(__file__).resolve().parents[2]


def test_a_step_that_prints_nothing_is_heard_of_at_least_every_two_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    with signs_of_life("Setting up"):
        time.sleep(2.2)

    assert "Setting up … " in capsys.readouterr().err


def test_one_that_prints_itself_is_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    with signs_of_life("Setting up"):
        for step in range(6):
            sys.stdout.write(f"step {step}\n")
            time.sleep(0.4)

    assert "Setting up" not in capsys.readouterr().err


def test_installing_shows_dots_and_keeps_its_exit_code() -> None:
    command = [sys.executable, "-c", "import time; time.sleep(2.5); raise SystemExit(3)"]

    done = subprocess.run(
        ["/bin/sh", str(ROOT / "ops/with_dots.sh"), *command], capture_output=True, text=True, check=False
    )

    assert done.returncode == 3
    assert "." in done.stdout

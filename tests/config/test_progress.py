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
    def is_left_alone() -> bool:
        with signs_of_life("Setting up"):
            ends_at = time.monotonic() + 2.2
            while time.monotonic() < ends_at:
                sys.stdout.write("step\n")
                time.sleep(0.01)
        return "Setting up" not in capsys.readouterr().err

    assert any(is_left_alone() for _ in range(5))  # once it may have had no turn for long


def test_installing_shows_dots_and_keeps_its_exit_code() -> None:
    command = [sys.executable, "-c", "import time; time.sleep(2.5); raise SystemExit(3)"]

    done = subprocess.run(
        ["/bin/sh", str(ROOT / "ops/with_dots.sh"), *command], capture_output=True, text=True, check=False
    )

    assert done.returncode == 3
    assert "." in done.stdout


def test_the_dots_end_when_whoever_installs_is_killed() -> None:
    command = ["/bin/sh", str(ROOT / "ops/with_dots.sh"), sys.executable, "-c", "print(end='up', flush=True)"]
    command[-1] += "; import time; time.sleep(3)"
    with subprocess.Popen(command, stdout=subprocess.PIPE) as shell:
        assert shell.stdout is not None
        assert shell.stdout.read(2) == b"up"
        shell.kill()
        shell.wait()

        shell.communicate(timeout=180)  # until nobody can print any more

"""`manage.py test` is pytest, as people know it from other projects."""

import subprocess

import pytest

from tests.shop.servers.processes import MANAGE

pytestmark = pytest.mark.long


def test_manage_test_runs_pytest() -> None:
    command = [*MANAGE, "test", "tests/config/test_supervisor.py", "-k", "pauses"]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0
    assert "1 passed, 4 deselected" in done.stdout


def test_manage_test_fails_when_there_is_nothing_to_run() -> None:
    done = subprocess.run(
        [*MANAGE, "test", "tests/config", "-k", "no_such_test"], capture_output=True, text=True, check=False
    )

    assert done.returncode != 0

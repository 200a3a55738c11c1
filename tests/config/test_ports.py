"""Two settings that name one port are refused at start, by name."""

import os
import subprocess
from pathlib import Path

import pytest

from config.web.ports import PortTaken, check_ports_differ
from tests.config.web.raw import free_port
from tests.shop.servers.processes import MANAGE


def _refusal(command: str, home: Path, **variables: str) -> str:
    environment = {**os.environ, "KONTOR_HOME": str(home), "LIVE_PORT": "", "METRICS_PORT": "", **variables}
    ended = subprocess.run([*MANAGE, command], env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 1
    return ended.stderr + ended.stdout


def test_metrics_on_the_default_port_of_live_events_are_refused(tmp_path: Path) -> None:
    port = free_port()

    said = _refusal("run", tmp_path, PORT=str(port), METRICS_PORT=str(port + 1))

    assert f"LIVE_PORT and METRICS_PORT are both {port + 1} (LIVE_PORT is PORT + 1 unless it is set)" in said


def test_each_other_pair_is_refused_too(tmp_path: Path) -> None:
    port = str(free_port())

    assert f"PORT and LIVE_PORT are both {port}" in _refusal("run", tmp_path, PORT=port, LIVE_PORT=port)
    assert f"PORT and METRICS_PORT are both {port}" in _refusal("run", tmp_path, PORT=port, METRICS_PORT=port)
    assert f"PORT and METRICS_PORT are both {port}" in _refusal("serve", tmp_path, PORT=port, METRICS_PORT=port)


@pytest.mark.parametrize("other", ["127.0.0.1", "localhost", "0.0.0.0", "[::]"])
def test_one_port_of_addresses_that_meet_is_refused(other: str) -> None:
    with pytest.raises(PortTaken):
        check_ports_differ(("PORT", "127.0.0.1", 8000), ("METRICS_PORT", other, 8000))


def test_one_port_of_two_addresses_is_two() -> None:
    check_ports_differ(("PORT", "10.0.0.1", 8000), ("LIVE_PORT", "10.0.0.1", 8001), ("METRICS_PORT", "127.0.0.1", 8000))

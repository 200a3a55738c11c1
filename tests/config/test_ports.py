"""Two settings that name one port are refused at start, by name."""

import os
import socket
import subprocess
from pathlib import Path

import pytest

from config.web.ports import PortTaken, check_ports_differ
from tests.config.web.raw import free_port
from tests.shop.servers.processes import MANAGE


def _refusal(command: str, home: Path, **variables: str) -> str:
    environment = {**os.environ, "KONTOR_HOME": str(home), "LIVE_PORT": "", "METRICS_PORT": "", **variables}
    ended = subprocess.run(
        [*MANAGE, command], env=environment, capture_output=True, text=True, check=False, timeout=180
    )
    assert ended.returncode == 1
    return ended.stderr + ended.stdout


def test_metrics_on_the_default_port_of_live_events_take_it_with_a_warning(tmp_path: Path) -> None:
    """A shop that sold with these settings sells on."""
    port = free_port()

    with socket.create_server(("127.0.0.1", port + 1)):  # so that it goes no further
        said = _refusal("run", tmp_path, PORT=str(port), METRICS_PORT=str(port + 1))

    assert f"METRICS_PORT and LIVE_PORT are both {port + 1} (LIVE_PORT is PORT + 1 unless it is set)" in said
    assert "There will be no live events." in said
    assert f"Cannot listen on 127.0.0.1:{port + 1}" in said


def test_the_last_port_of_all_has_none_behind_it_for_live_events(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 65535)):
        said = _refusal("run", tmp_path, PORT="65535")

    assert "There will be no live events." in said
    assert "Cannot listen on 127.0.0.1:65535" in said


def test_each_other_pair_is_refused(tmp_path: Path) -> None:
    port = str(free_port())

    assert f"PORT and LIVE_PORT are both {port}" in _refusal("run", tmp_path, PORT=port, LIVE_PORT=port)
    assert f"PORT and METRICS_PORT are both {port}" in _refusal("run", tmp_path, PORT=port, METRICS_PORT=port)
    assert f"PORT and METRICS_PORT are both {port}" in _refusal("serve", tmp_path, PORT=port, METRICS_PORT=port)


def test_processes_that_run_singly_refuse_what_meets_another_of_them(tmp_path: Path) -> None:
    port, live = free_port(), free_port()
    behind, live_events = str(port + 1), {"LIVE_PORT": str(live), "METRICS_PORT": str(live)}

    assert f"both {behind} (LIVE_PORT is PORT + 1" in _refusal("live", tmp_path, PORT=str(port), METRICS_PORT=behind)
    assert f"LIVE_PORT and METRICS_PORT are both {live}" in _refusal("live", tmp_path, PORT=str(port), **live_events)
    assert f"METRICS_PORT and LIVE_PORT are both {live}" in _refusal("serve", tmp_path, PORT=str(port), **live_events)


@pytest.mark.parametrize("other", ["127.0.0.1", "localhost", "0.0.0.0", "[::]"])
def test_one_port_of_addresses_that_meet_is_refused(other: str) -> None:
    with pytest.raises(PortTaken):
        check_ports_differ(("PORT", "127.0.0.1", 8000), ("METRICS_PORT", other, 8000))


def test_one_port_of_two_addresses_is_two() -> None:
    check_ports_differ(("PORT", "10.0.0.1", 8000), ("LIVE_PORT", "10.0.0.1", 8001), ("METRICS_PORT", "127.0.0.1", 8000))

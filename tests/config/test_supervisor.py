"""The supervisor, with small processes in place of Kontor's."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from config.processes.supervisor import Child, Supervisor


def _python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def _stop_when(condition: Callable[[], bool]) -> Callable[[], None]:
    """Sends this process the signal that an operator would."""

    def look() -> None:
        if condition():
            os.kill(os.getpid(), signal.SIGTERM)

    return look


def test_a_process_that_ends_at_once_stops_everything_with_a_reason() -> None:
    said: list[str] = []
    steady = Child("The steady one", _python("import time; time.sleep(60)"))
    broken = Child("The broken one", _python("raise SystemExit(3)"))

    code = Supervisor([steady, broken], say=said.append).run()

    assert code == 1
    assert said == ["The broken one ended right after its start (exit code 3). The cause is above."]
    assert steady.has_ended()


def test_a_process_that_falls_later_is_started_again(tmp_path: Path) -> None:
    said: list[str] = []
    starts = tmp_path / "starts"
    brief_at_first = """
import sys, time
starts = open(sys.argv[1], "a")
starts.write("x")
time.sleep(1 if starts.tell() < 2 else 60)
"""
    child = Child("The child", [*_python(brief_at_first), str(starts)])
    started_twice = _stop_when(lambda: starts.exists() and len(starts.read_text()) == 2)

    exit_code = Supervisor([child], say=said.append, each_tick=started_twice, settled_seconds=0.3).run()

    assert exit_code == 0
    assert said == ["The child ended unexpectedly (exit code 0); starting it again in 1 s."]
    assert child.has_ended()


def test_what_is_optional_may_end_at_once_and_is_started_again(tmp_path: Path) -> None:
    said: list[str] = []
    starts = tmp_path / "starts"
    steady = Child("The steady one", _python("import time; time.sleep(60)"))
    broken = Child(
        "The broken one",
        [*_python('import sys; open(sys.argv[1], "a").write("x"); sys.exit(1)'), str(starts)],
        is_optional=True,
    )
    started_twice = _stop_when(lambda: starts.exists() and len(starts.read_text()) == 2)

    assert Supervisor([steady, broken], say=said.append, each_tick=started_twice).run() == 0
    assert said[0] == "The broken one ended unexpectedly (exit code 1); starting it again in 1 s."


def test_pauses_before_restarts_grow_up_to_a_limit() -> None:
    child = Child("The child", _python("pass"))
    child.start()

    pauses = [child.pause_before_restart() for _ in range(8)]

    assert pauses == [1, 2, 4, 8, 16, 30, 30, 30]
    child.kill_group()


def test_what_a_fallen_process_started_is_ended_with_it(tmp_path: Path) -> None:
    pipe = tmp_path / "alive"
    os.mkfifo(pipe)
    # The grandchild holds the pipe open for as long as it lives; the child ends and leaves it behind.
    leave_one = """
import subprocess, sys, time
subprocess.Popen(["sh", "-c", 'exec sleep 60 > "$0"', sys.argv[1]])
time.sleep(1)
"""
    ended = threading.Event()

    def watch() -> None:
        pipe.read_text()
        ended.set()

    threading.Thread(target=watch, daemon=True).start()

    Supervisor(
        [Child("The child", [*_python(leave_one), str(pipe)])],
        say=lambda text: None,
        each_tick=_stop_when(ended.is_set),
        settled_seconds=0.3,
    ).run()

    assert ended.is_set()

"""Runs Kontor's processes side by side: starts them, restarts the fallen, stops them all together."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

from embedded_postgres.server.processes import PARENT_VARIABLE

TICK_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 30.0
STOP_SECONDS = 12.0  # then processes are killed; with the database's stop it makes less than 20 s
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass
class Child:
    """One process (`command` is its whole command line) and its history."""

    name: str
    command: Sequence[str]
    variables: Mapping[str, str] = field(default_factory=dict)  # of its environment, besides this process's own
    pass_fds: Sequence[int] = ()
    is_optional: bool = False  # the others work without it: it is started again and again, from its first start on
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    restart_at: float = 0.0
    failures: int = 0
    settled: bool = False

    def start(self) -> None:
        """In a session of its own: a Ctrl-C reaches the supervisor alone, which stops everything once."""
        self.process = subprocess.Popen(  # noqa: S603 - our own commands
            self.command,
            env={**os.environ, **self.variables, PARENT_VARIABLE: str(os.getpid())},
            stdin=subprocess.DEVNULL,
            pass_fds=self.pass_fds,
            start_new_session=True,
        )
        self.started_at = time.monotonic()

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def pause_before_restart(self) -> float:
        """Seconds: 1, 2, 4 … 30; from 1 again after a minute of work."""
        if time.monotonic() - self.started_at > 60:
            self.failures = 0
        self.failures += 1
        return min(2.0 ** (self.failures - 1), LONGEST_PAUSE_SECONDS)

    def kill_group(self) -> None:
        """End it and whatever it started, at once."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):  # raised when all of it has ended by itself
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@dataclass
class Supervisor:
    """`run()` returns the exit code: 0 after a stop that was asked for, 1 when a process cannot work here."""

    children: list[Child]
    say: Callable[[str], None]
    each_tick: Callable[[], None] = lambda: None
    settled_seconds: float = 5.0  # a process that ends sooner after its first start cannot work here at all
    _stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> int:
        """Start all, and keep them up until a stop signal. For the main thread."""
        previous = [signal.signal(number, self._on_signal) for number in STOP_SIGNALS]
        try:
            for child in self.children:
                child.start()
            while not self._stop.wait(TICK_SECONDS):
                self._look_after()
                self.each_tick()
            return 0
        except _CannotWork as error:
            self.say(str(error))
            return 1
        finally:
            stop_all(self.children, say=self.say)
            for number, handler in zip(STOP_SIGNALS, previous, strict=True):
                signal.signal(number, handler)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._stop.set()

    def _look_after(self) -> None:
        now = time.monotonic()
        for child in self.children:
            if child.has_ended():
                self._plan_restart(child, now)
            elif child.process is None and now >= child.restart_at:
                child.start()
            elif now - child.started_at > self.settled_seconds:
                child.settled = True

    def _plan_restart(self, child: Child, now: float) -> None:
        code = child.process.returncode if child.process else None
        if not (child.settled or child.is_optional):
            raise _CannotWork(f"{child.name} ended right after its start (exit code {code}). The cause is above.")
        child.kill_group()  # what it left behind must not stand in the way of its successor
        child.process = None
        pause = child.pause_before_restart()
        child.restart_at = now + pause
        self.say(f"{child.name} ended unexpectedly (exit code {code}); starting it again in {pause:.0f} s.")


def stop_all(children: Sequence[Child], *, say: Callable[[str], None]) -> None:
    """Ask all to stop, wait up to STOP_SECONDS for all together, kill the rest."""
    living = [child for child in children if child.process is not None]
    for child in living:
        if child.process and child.process.poll() is None:
            child.process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    while time.monotonic() < deadline and not all(child.has_ended() for child in living):
        time.sleep(0.05)
    for child in living:
        if not child.has_ended():
            say(f"{child.name} did not stop within {STOP_SECONDS:.0f} s; killed.")
        child.kill_group()


class _CannotWork(Exception):
    """A process ended right after its first start."""

"""Starting web processes, and replacing those that fall or hang."""

import faulthandler
import gc
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType

import structlog

from config.web.answers import Application
from config.web.board import Board
from config.web.event_loop import EventLoop
from config.web.limits import Limits
from config.web.takeover import HAND_OVER, once
from embedded_postgres.server.processes import stop_with_parent
from shared.metrics.tracing import flush

log = structlog.get_logger("kontor.web")

TICK_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 30.0
SHOW_STACKS = signal.SIGUSR2  # to the log, from an operator too
FELL = 1


@dataclass
class WebProcess:
    """One of them; `pid` is 0 while it is not running."""

    pid: int = 0
    started_at: float = 0.0
    start_at: float = 0.0
    failures: int = 0

    def fall(self) -> float:
        """It has ended; seconds until its successor starts: none after a minute of work, else 0, 1, 2, 4 … 30."""
        now = time.monotonic()
        self.pid = 0
        self.failures = 0 if now - self.started_at > 60 else self.failures + 1
        pause = 0.0 if self.failures <= 1 else min(2.0 ** (self.failures - 2), LONGEST_PAUSE_SECONDS)
        self.start_at = now + pause
        return pause


class WebProcesses:
    """`count` forks that accept from one listening socket. `application` is loaded already. `companion` runs in one
    more fork, which is replaced like the others when it ends."""

    def __init__(
        self,
        listener: socket.socket,
        count: int,
        limits: Limits,
        *,
        threads: int,
        application: Application,
        companion: Callable[[], None] | None = None,
        each_tick: Callable[[], None] = lambda: None,
        when_up: Callable[[], None] = lambda: None,
    ) -> None:
        self._listener = listener
        self._limits = limits
        self._threads = threads
        self._application = application
        self._board = Board(count)
        self._companion = companion
        self._processes = [WebProcess() for _ in range(count + bool(companion))]
        self._each_tick, self._when_up = each_tick, once(when_up)
        self._is_told_again = False
        self._stop_signal = 0  # what the processes are told, once it is time

    def run(self) -> None:
        """Serve until SIGINT or SIGTERM, or until another server takes over (HAND_OVER). For the main thread, without
        open database connections or other threads."""
        for number in (signal.SIGINT, signal.SIGTERM, HAND_OVER):
            signal.signal(number, self._on_signal)
        gc.collect()
        gc.freeze()  # what was loaded stays for good, in memory that the forks share
        while not self._is_stopping:
            self._start_missing()
            self._reap_ended()
            self._end_silent()
            self._each_tick()
            if self._is_up():
                self._when_up()
            time.sleep(TICK_SECONDS)
        self._stop_processes()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._is_told_again = self._stop_signal == signal.SIGTERM
        self._stop_signal = HAND_OVER if number == HAND_OVER else signal.SIGTERM

    @property
    def _is_stopping(self) -> bool:
        return bool(self._stop_signal)

    def _is_up(self) -> bool:
        """Whether each process's event loop turns."""
        return all(self._board.last_beat(index) for index in range(len(self._processes) - bool(self._companion)))

    def _start_missing(self) -> None:
        now = time.monotonic()
        for index, process in enumerate(self._processes):
            if not process.pid and now >= process.start_at and not self._is_stopping:
                process.started_at = now
                if not self._is_companion(index):
                    self._board.clear(index)
                process.pid = self._fork_process(index)

    def _fork_process(self, index: int) -> int:
        parent = os.getpid()
        sys.stdout.flush()
        sys.stderr.flush()
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])  # until the child has its own handler
        pid = os.fork()
        if pid == 0:
            os._exit(self._live_as_child(index, parent))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
        return pid

    def _live_as_child(self, index: int, parent: int) -> int:
        """The life of a web process; its exit code."""
        code = FELL
        try:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group: the parent says when to stop
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.signal(HAND_OVER, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
            faulthandler.register(SHOW_STACKS, all_threads=True)
            stop_with_parent(parent)
            self._work(index)
            flush()
            code = 0
        except SystemExit:
            code = 0
        except BaseException:
            log.error("web_process_failed", exc_info=True)
        sys.stderr.flush()
        return code

    def _work(self, index: int) -> None:
        if self._companion and self._is_companion(index):
            self._listener.close()
            self._companion()
            return
        EventLoop(
            self._application, self._listener, self._limits, board=self._board, index=index, threads=self._threads
        ).run()

    def _is_companion(self, index: int) -> bool:
        return bool(self._companion) and index == len(self._processes) - 1

    def _reap_ended(self) -> None:
        while (ended := _ended_child()) is not None:
            pid, code = ended
            for process in self._processes:
                if process.pid == pid and not self._is_stopping:
                    pause = process.fall()
                    log.error("web_process_ended", process_id=pid, exit_code=code, starting_again_in=pause)

    def _end_silent(self) -> None:
        """The watchdog for an event loop that does not turn; for threads that hang, see EventLoop."""
        now, limits = time.monotonic(), self._limits
        for index, process in enumerate(self._processes):
            if self._is_companion(index):
                continue
            beat = self._board.last_beat(index)
            silent = now - beat > limits.silent_seconds if beat else now - process.started_at > limits.start_seconds
            if process.pid and silent:
                log.critical("web_process_silent", process_id=process.pid)
                with suppress(ProcessLookupError):
                    os.kill(process.pid, SHOW_STACKS)
                    time.sleep(TICK_SECONDS)
                    os.kill(process.pid, signal.SIGKILL)

    def _stop_processes(self) -> None:
        """Ask all to stop, kill those that do not."""
        self._listener.close()
        is_over = self._stop_signal == HAND_OVER
        limits = self._limits
        patience = limits.hand_over_seconds if is_over else limits.drain_seconds + limits.stop_seconds
        for number, force in ((self._stop_signal, patience + 1), (signal.SIGKILL, 5.0)):
            self._tell(number)
            self._wait_for_end(force)

    def _tell(self, number: int) -> None:
        for process in self._processes:
            if process.pid:
                with suppress(ProcessLookupError):
                    os.kill(process.pid, number)

    def _wait_for_end(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while any(process.pid for process in self._processes) and time.monotonic() < deadline:
            while (ended := _ended_child()) is not None:
                for process in self._processes:
                    if process.pid == ended[0]:
                        process.pid = 0
            if self._is_told_again:  # whoever drains is to end now
                self._is_told_again = False
                self._tell(self._stop_signal)
            time.sleep(0.02)


def _ended_child() -> tuple[int, int] | None:
    """Process id and exit code (negative: the signal) of a child that has ended."""
    try:
        pid, status = os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return None
    return (pid, os.waitstatus_to_exitcode(status)) if pid else None

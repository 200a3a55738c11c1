"""Every order in which threads can run through a piece of code, one line after another.

Real threads run real code; each stops before every line that is watched, and one at a time is told to go on. What
stands under the lock is one step, as nobody else can be under it meanwhile. A schedule is the list of choices made;
the next one is made from the last, until there is none left (stateless model checking). Schedules are bounded by how
often a thread that could go on is made to wait instead: two such preemptions show nearly every race there is (Musuvathi
and Qadeer, "Iterative context bounding", PLDI 2007).
"""

import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

PATIENCE_SECONDS = 20

# Whether the line at which a thread stands would block it now.
Blocks = Callable[[FrameType], bool]
Watched = Callable[[FrameType], bool]


class Stuck(AssertionError):
    """Some threads wait, and none can ever go on."""


def _locked() -> threading.Lock:
    """Passed once by each release: a semaphore that is no object of Python's own, as there are millions of steps."""
    lock = threading.Lock()
    lock.acquire()
    return lock


@dataclass(eq=False)
class _Stepper:
    """One thread. It stands before `frame`'s line, or is done."""

    body: Callable[[], Any]
    file: str
    watched: Watched
    is_under_lock: bool = False
    go: threading.Lock = field(default_factory=_locked)
    stopped: threading.Lock = field(default_factory=_locked)
    frame: FrameType | None = None
    outcome: Any = None
    is_done: bool = False

    def start(self) -> None:
        (_idle.pop() if _idle else _Thread()).run(self)
        self._wait()

    def step(self) -> None:
        self.go.release()
        self._wait()

    def _wait(self) -> None:
        assert self.stopped.acquire(timeout=PATIENCE_SECONDS), f"a line blocked that should not: {self.where()}"

    def where(self) -> str:
        return f"{self.frame.f_code.co_name}:{self.frame.f_lineno}" if self.frame else "done"

    def work(self) -> None:
        """The thread's part."""
        sys.settrace(self._enter)
        try:
            self.outcome = self.body()
        except BaseException as error:
            self.outcome = error
        finally:
            sys.settrace(None)
            self.frame, self.is_done = None, True

    def _enter(self, frame: FrameType, event: str, _arg: Any) -> Any:
        return self._line if frame.f_code.co_filename == self.file else None

    def _line(self, frame: FrameType, event: str, _arg: Any) -> Any:
        if event != "line":
            return self._line
        at_lock = is_lock_line(frame)
        if not self.is_under_lock and self.watched(frame):
            self.frame = frame
            self.stopped.release()
            self.go.acquire()
        if at_lock:  # a thread meets the line of its `with` once more when it leaves
            self.is_under_lock = not self.is_under_lock
        return self._line


class _Thread:
    """A real thread that runs one stepper after another: to start one took as long as its steps."""

    def __init__(self) -> None:
        self._begin = _locked()
        self._stepper: _Stepper | None = None
        threading.Thread(target=self._serve, daemon=True).start()

    def run(self, stepper: _Stepper) -> None:
        self._stepper = stepper
        self._begin.release()

    def _serve(self) -> None:
        while True:
            self._begin.acquire()
            stepper = self._stepper
            assert stepper is not None
            stepper.work()
            _idle.append(self)  # never one that got stuck
            stepper.stopped.release()


_idle: list[_Thread] = []


@dataclass(frozen=True)
class Run:
    """What came of each thread, and the choices made: at each step, of these threads that one went on."""

    outcomes: list[Any]
    choices: list[tuple[tuple[int, ...], int, int | None]]
    trace: list[str]


def every_schedule(
    make: Callable[[], tuple[Sequence[Callable[[], Any]], str, Blocks, Watched]], *, preemptions: int
) -> Iterator[Run]:
    """Run what `make` makes (threads' bodies, the file they are stepped through, what
    blocks, which of its lines are watched) once for each schedule. Raises Stuck."""
    prefixes: list[list[int]] = [[]]
    while prefixes:
        prefix = prefixes.pop()
        run = _run(*make(), prefix)
        yield run
        spent = 0
        for index, (able, chosen, last) in enumerate(run.choices):
            if index >= len(prefix):
                for other in able:
                    costs = spent + (last in able and other != last)
                    if other != chosen and costs <= preemptions:
                        prefixes.append([choice for _, choice, _ in run.choices[:index]] + [other])
            spent += last in able and chosen != last


def _run(bodies: Sequence[Callable[[], Any]], file: str, blocks: Blocks, watched: Watched, prefix: list[int]) -> Run:
    threads = [_Stepper(body, file, watched) for body in bodies]
    for thread in threads:
        thread.start()
    choices: list[tuple[tuple[int, ...], int, int | None]] = []
    trace: list[str] = []
    last: int | None = None
    while any(not thread.is_done for thread in threads):
        able = tuple(n for n, thread in enumerate(threads) if thread.frame and not blocks(thread.frame))
        if not able:
            raise Stuck("; ".join([*trace, *(thread.where() for thread in threads)]))
        wanted = prefix[len(choices)] if len(choices) < len(prefix) else last
        chosen = wanted if wanted in able else able[0]
        choices.append((able, chosen, last))
        trace.append(f"{chosen}@{threads[chosen].where()}")
        threads[chosen].step()
        last = chosen
    return Run([thread.outcome for thread in threads], choices, trace)


def is_lock_line(frame: FrameType | None) -> bool:
    """Whether the thread is about to enter, or to leave, a `with self._lock` block."""
    return frame is not None and source_line(frame).startswith("with self._lock")


def source_line(frame: FrameType) -> str:
    return _lines(frame.f_code.co_filename)[frame.f_lineno - 1]


@cache
def _lines(file: str) -> list[str]:
    return [line.strip() for line in Path(file).read_text("utf-8").splitlines()]

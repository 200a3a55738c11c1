"""One thread works for those that wait: in every order of steps each is answered, and none sleeps for ever."""

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from types import FrameType

import pytest

from shared.concurrency import together
from shared.concurrency.together import BatchFailed, BatchQueue
from tests.shared.concurrency.stepping import Blocks, Run, every_schedule, is_lock_line, source_line

Work = Callable[[list[int]], Sequence[int]]

# What more than one thread may see: the queue's fields, and another one's part.
# To call one of these is no step: their lines are. By the methods themselves, for a name that is no more would make
# each call a step, and three times as many schedules.
CALLED = (BatchQueue._lead_once, BatchQueue._wait_for_turn, BatchQueue._take_batch, BatchQueue._serve_batch)
CALLS = "|".join(rf"{method.__name__}\(" for method in CALLED)
SHARED = re.compile(rf"self\.(?=_)(?!{CALLS})|self\.patience|mine\.|waiting\.|sleep")
FOREVER, AT_ONCE = threading.TIMEOUT_MAX, 0.0  # seconds of patience
NEVER_STUCK = -1.0  # none either, but the leader is young: only those who wait give up
ALL = 1_000  # preemptions: more than two threads have steps


class Failed(Exception):
    pass


class Killed(BaseException):
    """What ends a thread rather than its work: an interrupt, no memory left."""


class YoungLeader(BatchQueue[int, int]):
    """Who waits may give up before the leader has led for long."""

    def _replace_stuck_leader(self) -> None:
        pass


def answer(items: list[int]) -> list[int]:
    return [item * 10 for item in items]


def fail_for_several(items: list[int]) -> list[int]:
    if len(items) > 1:
        raise Failed
    return answer(items)


def fail(items: list[int]) -> list[int]:
    raise Failed


def be_killed(items: list[int]) -> list[int]:
    raise Killed


def answer_too_few(items: list[int]) -> list[int]:
    return answer(items)[1:]


@pytest.mark.parametrize(("threads", "preemptions"), [(2, ALL), (3, 2)])
def test_whoever_asks_is_answered_once_whatever_the_order(threads: int, preemptions: int) -> None:
    asked = list(range(1, threads + 1))

    for run, worked, queue in every_run(answer, FOREVER, threads, preemptions):
        assert run.outcomes == answer(asked), run.trace
        assert sorted(item for items in worked for item in items) == asked, run.trace
        assert is_at_rest(queue), run.trace


@pytest.mark.parametrize("work", [answer, fail_for_several, fail, be_killed, answer_too_few])
@pytest.mark.parametrize("patience", [FOREVER, AT_ONCE, NEVER_STUCK])
@pytest.mark.parametrize(("threads", "preemptions"), [(2, ALL), (3, 1)])
def test_nobody_is_lost_when_work_fails_or_patience_ends(
    work: Work, patience: float, threads: int, preemptions: int
) -> None:
    excuses = (BatchFailed, ValueError) if work is answer_too_few else (BatchFailed, Failed, Killed)

    for run, worked, queue in every_run(work, patience, threads, preemptions):
        for item, outcome in enumerate(run.outcomes, start=1):
            assert outcome == item * 10 or isinstance(outcome, excuses), (outcome, run.trace)
            assert sum(items.count(item) for items in worked) <= 1, run.trace
        assert is_at_rest(queue), run.trace


def every_run(
    work: Work, patience: float, threads: int, preemptions: int
) -> Iterator[tuple[Run, list[list[int]], BatchQueue[int, int]]]:
    """Each schedule's run of so many threads that each ask for one thing, what was worked on, the queue afterwards."""
    worked: list[list[int]] = []
    queues: list[BatchQueue[int, int]] = []

    def work_noted(items: list[int]) -> Sequence[int]:
        worked.append(items)
        return work(items)

    def make() -> tuple[Sequence[Callable[[], int]], str, Blocks, Callable[[FrameType], bool]]:
        worked.clear()
        kind = YoungLeader if patience == NEVER_STUCK else BatchQueue[int, int]
        queue = kind(work_noted, pause=1e-9, patience=max(patience, AT_ONCE))
        queues[:] = [queue]
        asking = [partial(queue.run, item) for item in range(1, threads + 1)]
        return asking, together.__file__, blocking(queue), lambda frame: is_shared(source_line(frame))

    for run in every_schedule(make, preemptions=preemptions):
        yield run, worked, queues[0]


@cache
def is_shared(line: str) -> bool:
    return bool(SHARED.search(line))


def blocking(queue: BatchQueue[int, int]) -> Blocks:
    """A thread without end of patience sleeps until it is woken; one without any goes on, woken or not."""

    def blocks(frame: FrameType) -> bool:
        if is_lock_line(frame):
            return queue._lock.locked()
        sleeps = ".sleep.acquire(" in source_line(frame) and queue.patience == FOREVER
        return sleeps and frame.f_locals["mine"].sleep.locked()

    return blocks


def is_at_rest(queue: BatchQueue[int, int]) -> bool:
    return queue._leader is None and not queue._waiting and not queue._lock.locked()

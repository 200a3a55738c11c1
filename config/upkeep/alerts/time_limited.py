"""Reading what may not answer: a folder over a network whose server is gone keeps a thread for ever."""

import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class TimeLimited:
    """Reads on a thread of its own, which is waited for no longer than `seconds`. There is never a second one: while
    one hangs no other is begun."""

    def __init__(self, *, seconds: float) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def read(self, read: Callable[[], T]) -> T:
        """Raises what `read` does, and TimeoutError."""
        answer: list[T] = []
        fault: list[Exception] = []

        def work() -> None:
            try:
                answer.append(read())
            except Exception as error:  # raised to who asked
                fault.append(error)

        with self._lock:
            self._wait()
            self._thread = threading.Thread(target=work, daemon=True)
            self._thread.start()
            self._wait()
        if fault:
            raise fault[0]
        return answer[0]

    def _wait(self) -> None:
        if self._thread is not None:
            self._thread.join(self._seconds)
            if self._thread.is_alive():
                raise TimeoutError(f"No answer within {self._seconds:g} seconds.")

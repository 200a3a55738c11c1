"""What a start prints while it works: nobody should wonder whether it hangs."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

SILENT_SECONDS = 1.5  # a line at least every two seconds, whatever one step takes
_LOOK_SECONDS = 0.25


@contextmanager
def signs_of_life(what: str) -> Iterator[None]:
    """Within the block a line says that it still works, and for how long, whenever nothing else was printed."""
    begun, ended = time.monotonic(), threading.Event()
    streams = _Heard(sys.stdout), _Heard(sys.stderr)

    def watch() -> None:
        while not ended.wait(_LOOK_SECONDS):
            if time.monotonic() - max(begun, *(stream.heard_at for stream in streams)) >= SILENT_SECONDS:
                sys.stderr.write(f"{what} … {time.monotonic() - begun:.0f} s\n")
                sys.stderr.flush()

    watcher = threading.Thread(target=watch, name="signs of life", daemon=True)
    sys.stdout, sys.stderr = streams
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()
        sys.stdout, sys.stderr = (stream.stream for stream in streams)


class _Heard:
    """A stream that remembers when something was last written to it."""

    def __init__(self, stream: TextIO) -> None:
        self.stream, self.heard_at = stream, 0.0

    def write(self, text: str) -> int:
        self.heard_at = time.monotonic()
        return self.stream.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)

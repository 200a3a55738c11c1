"""From the spool, where pg_receivewal writes, to the backup folder: packed and encrypted, nothing lost on the way."""

import gzip
import re
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from embedded_postgres.backup.sealing import seal
from embedded_postgres.backup.streamed import PACKED, PARTIAL, Mark, name_whole, read_status, write_status
from embedded_postgres.backup.wal_names import SEGMENT_BYTES, end_of

_MOST_IN_MEMORY: Final = 32 << 20
_SPOOLED: Final = re.compile(r"[0-9A-F]{24}(\.partial)?")  # there may be .history files, too
STATUS_SECONDS: Final = 10  # how often a quiet stream gives a sign of life


class Shipping:
    """`marks` not yet reached: what the server had committed when; see `note`."""

    def __init__(self, spool: Path, wal: Path, recipient: str) -> None:
        self.spool, self.wal, self.recipient = spool, wal, recipient
        self._shipped: dict[str, int] = {}  # when the partial ones that were shipped last had changed
        self._marks: list[Mark] = []
        self._reached: Mark | None = None
        self._told: Mark | None = None

    def prepare(self) -> None:
        """Make the folders, and remove what a kill -9 or a full disk left: the server still has it."""
        self.spool.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.wal.mkdir(mode=0o700, exist_ok=True)
        for path in self.spool.glob(f"*{PARTIAL}"):
            if path.stat().st_size not in {0, SEGMENT_BYTES}:  # pg_receivewal would refuse it for ever
                path.unlink()
        for draft in self.wal.glob(".*"):
            draft.unlink()
        self._reached = read_status(self.wal)

    def note(self, mark: Mark) -> None:
        """For a mark that was taken before what is shipped next was read."""
        self._marks.append(mark)

    def ship(self) -> None:
        """Send on what is new in the spool. Raises OSError when the folder cannot be written; the spool keeps it."""
        spooled = self._spooled()
        self._shipped = {path.name: self._shipped[path.name] for path in spooled if path.name in self._shipped}
        for path in spooled:
            is_partial = path.name.endswith(PARTIAL)
            with suppress(FileNotFoundError):  # it has just become a whole one: that is the next look's
                changed = path.stat().st_mtime_ns
                if not is_partial:
                    self._ship_whole(path)
                elif self._shipped.get(path.name) != changed:
                    self._ship_file(path, f"{path.name}{PACKED}")
                    self._shipped[path.name] = changed

    def tell(self, received: int) -> None:
        """Note in the folder that all before this place, which was received before shipping, is there."""
        reached = [mark for mark in self._marks if mark.lsn <= received]
        if not reached:
            return
        self._reached = last = reached[-1]
        self._marks = [mark for mark in self._marks if mark.lsn > received]
        told = self._told
        if told is None or last.lsn != told.lsn or (last.at - told.at).total_seconds() >= STATUS_SECONDS:
            write_status(self.wal, last)
            self._told = last

    def spooled_bytes(self) -> int:
        return sum(path.stat().st_size for path in self._spooled() if path.exists())

    def forget_partial(self) -> None:
        """After a gap: the receiver is to begin where the server does, not where the spool ends."""
        for path in self._spooled():
            path.unlink()
        self._shipped = {}

    def _ship_whole(self, path: Path) -> None:
        segment = path.name
        if not any(self.wal.glob(f"{segment}{PACKED}*")) and not any(self.wal.glob(f"{segment}-*")):
            passed = [mark for mark in self._marks if mark.lsn <= end_of(segment)]
            last = passed[-1] if passed else self._reached
            self._ship_file(path, name_whole(segment, last.at if last else None))
        path.unlink()
        for late in self.wal.glob(f"{segment}{PARTIAL}*"):
            late.unlink()

    def _ship_file(self, path: Path, name: str) -> None:
        with path.open("rb") as source, tempfile.SpooledTemporaryFile(max_size=_MOST_IN_MEMORY) as packed:
            with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=1, mtime=0) as target:
                shutil.copyfileobj(source, target, 1 << 20)
            packed.seek(0)
            seal(packed, self.wal / name, self.recipient)

    def _spooled(self) -> list[Path]:
        return sorted(path for path in self.spool.iterdir() if _SPOOLED.fullmatch(path.name))

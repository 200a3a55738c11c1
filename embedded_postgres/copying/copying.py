"""Bringing what is new in a folder of backups to its second copy. Nothing that the copy has is removed or replaced,
but for the segment that grows and the note of how far the stream is."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from embedded_postgres.copying.kept import (
    STATUS,
    File,
    backup_files,
    growing_segments,
    overtaken,
    whole_segments,
)
from embedded_postgres.copying.note import note_pass, note_sending
from embedded_postgres.copying.ownership import claim
from embedded_postgres.copying.place import Changed, Place
from embedded_postgres.errors import EmbeddedPostgresError
from embedded_postgres.home import locks
from embedded_postgres.home.places import RunFolder

LISTED_SECONDS: Final = 600.0  # of a bucket each look costs money, and nobody else writes there
_MEANWHILE_SECONDS: Final = 10.0


@dataclass
class Copying:
    """Of `origin`, the backups of the home's database, to `place`. One process at a time: run/copy.lock."""

    home: Path
    origin: Path
    place: Place
    _there: dict[str, int] = field(default_factory=dict)
    _listed_at: float = -1e9
    _grown: dict[str, int] = field(default_factory=dict)  # the time of change of what was sent of them last
    _status: bytes = b""
    _looked_at: float = -1e9
    _streamed_at: datetime | None = None
    _may_remove: bool = True
    _sending: str = ""
    _count: int = 0
    _faults: list[str] = field(default_factory=list)

    def bring(self) -> int:
        """Copy what is not there yet: how many files were. Raises EmbeddedPostgresError; what could be copied was, and
        the next call goes on from there. Locks: run/copy.lock, waiting for it."""
        with locks.exclusive(self._lock):
            return self._bring_noted()

    def bring_if_free(self, seconds: float) -> int | None:
        """The same where nobody else copies, or is through so soon; None: somebody does, maybe for hours."""
        with locks.exclusive_within(self._lock, seconds) as is_held:
            return self._bring_noted() if is_held else None

    @property
    def _lock(self) -> Path:
        return RunFolder.of(self.home).path / "copy.lock"

    def _bring_noted(self) -> int:
        began_at = datetime.now(UTC)
        try:
            self._bring_all()
        except (EmbeddedPostgresError, OSError) as error:
            self._listed_at = -1e9  # what is there is looked at anew
            note_pass(self.home, began_at, str(error), streamed_at=self._streamed_at)
            raise
        note_pass(self.home, began_at, "", streamed_at=self._streamed_at)
        return self._count

    def _bring_all(self) -> None:
        claim(self.place, self.origin, home=self.home)
        if time.monotonic() - self._listed_at > LISTED_SECONDS:
            self._there, self._grown, self._status = dict(self.place.sizes()), {}, b""
            self._listed_at = time.monotonic()
        self._faults, self._count, self._sending = [], 0, ""
        for file in backup_files(self.origin):
            self._bring_or_name(file)
        self._bring_stream()
        if self._faults:
            raise EmbeddedPostgresError(self._said)

    @property
    def _said(self) -> str:
        return " ".join(dict.fromkeys(self._faults))

    def _bring_or_name(self, file: File) -> None:
        """A file that was changed, here or there, is not copied, and named: the others are."""
        try:
            self._bring_file(file)
        except Changed as error:
            self._faults.append(str(error))

    def _bring_file(self, file: File) -> None:
        size = file.path.stat().st_size
        if file.name in self._there:
            if self._there[file.name] != size:
                raise Changed(f"{file.name} is another one in {self.place.shown}: remove the one that is wrong.")
            return
        if file.sum:
            if self._streamed_at is None:
                self._bring_stream()  # or it would wait for the first part
            self._sending = file.name
            self._note_sending()
            self.place.put_file(file.name, file.path, expected=file.sum, meanwhile=self._bring_stream_now_and_then)
        else:
            self.place.put_bytes(file.name, file.path.read_bytes())
        self._there[file.name] = size
        self._count += 1

    def _bring_stream_now_and_then(self) -> None:
        """While a large backup is on its way: what is committed meanwhile need not wait for it."""
        if time.monotonic() - self._looked_at > _MEANWHILE_SECONDS:
            self._bring_stream()
            self._note_sending()

    def _note_sending(self) -> None:
        note_sending(self.home, self._sending, streamed_at=self._streamed_at, fault=self._said)

    def _bring_stream(self) -> None:
        """How far it reaches is read first and written last: all before that is there then."""
        began_at, status = datetime.now(UTC), self.origin / STATUS
        reached = status.read_bytes() if status.exists() else b""
        # In this order: what grows becomes a whole one between two looks, and never the other way round.
        growing, whole = growing_segments(self.origin), whole_segments(self.origin)
        for file in whole:
            self._bring_or_name(file)
        is_all = all(self._bring_growing(file) for file in growing)
        self._grown = {file.name: self._grown[file.name] for file in growing if file.name in self._grown}
        if reached and reached != self._status and is_all:
            self.place.put_bytes(STATUS, reached)
            self._status = reached
        if is_all:
            self._streamed_at = began_at
        self._remove_overtaken()
        self._looked_at = time.monotonic()

    def _remove_overtaken(self) -> None:
        """A key that may not remove anything is a good one: it is asked once, and then what was overtaken stays."""
        for name in overtaken(set(self._there)) if self._may_remove else ():
            self._may_remove = self.place.remove(name)
            if not self._may_remove:
                break
            del self._there[name]

    def _bring_growing(self, file: File) -> bool:
        """False: it has just become a whole one, which is there the next time."""
        try:
            changed = file.path.stat().st_mtime_ns
            if self._grown.get(file.name) != changed:
                data = file.path.read_bytes()
                self.place.put_bytes(file.name, data)
                self._grown[file.name], self._there[file.name] = changed, len(data)
        except FileNotFoundError:
            return False
        return True

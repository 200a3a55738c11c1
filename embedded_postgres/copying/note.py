"""How the last pass of the copying went: a file of the home, so that who judges the shop need not ask the storage."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from embedded_postgres.home.places import RunFolder

_NOTE: Final = "backup_copy.json"


@dataclass(frozen=True)
class Pass:
    """`whole_at`: when the last pass began after which nothing was missing; none: there was none yet. `fault`: what
    was wrong since then, "" if nothing was. `streamed_at`: when it last looked at what is streamed, all of which is
    there since. `sending`: the file of a backup that is on its way, "": none is."""

    whole_at: datetime | None
    fault: str
    streamed_at: datetime | None = None
    sending: str = ""

    @property
    def good_at(self) -> datetime | None:
        """When it last was as it should be. A large backup takes hours, and as long as nothing goes wrong the stream
        is copied meanwhile."""
        moments = (self.whole_at, None if self.fault else self.streamed_at)
        return max((moment for moment in moments if moment), default=None)


def read_pass(home: Path) -> Pass | None:
    """None: nothing was ever copied here, or the note is torn, which the next pass mends."""
    try:
        found = json.loads((RunFolder.of(home).path / _NOTE).read_text(encoding="utf-8"))
        whole_at, streamed_at = (_moment(found.get(name, "")) for name in ("whole_at", "streamed_at"))
        return Pass(whole_at, str(found["fault"]), streamed_at, str(found.get("sending", "")))
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return None


def note_pass(home: Path, began_at: datetime, fault: str, *, streamed_at: datetime | None = None) -> None:
    last = read_pass(home) or Pass(None, "")
    _write(home, Pass(last.whole_at if fault else began_at, fault, streamed_at or last.streamed_at))


def note_sending(home: Path, name: str, *, streamed_at: datetime | None, fault: str) -> None:
    """Amid a pass. A fault of the last one stays until one is whole: it may be met again hours later."""
    last = read_pass(home) or Pass(None, "")
    _write(home, Pass(last.whole_at, fault or last.fault, streamed_at or last.streamed_at, name))


def _write(home: Path, found: Pass) -> None:
    moments = {"whole_at": found.whole_at, "streamed_at": found.streamed_at}
    texts = {name: moment.isoformat() if moment else "" for name, moment in moments.items()}
    RunFolder.of(home).write(_NOTE, json.dumps({**texts, "fault": found.fault, "sending": found.sending}))


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None

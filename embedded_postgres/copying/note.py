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
    """`whole_at`: when the last pass began after which nothing was missing; none: there was none yet. `fault`: of the
    last one, "" if it had none."""

    whole_at: datetime | None
    fault: str


def read_pass(home: Path) -> Pass | None:
    """None: nothing was ever copied here, or the note is torn, which the next pass mends."""
    try:
        found = json.loads((RunFolder.of(home).path / _NOTE).read_text(encoding="utf-8"))
        return Pass(datetime.fromisoformat(found["whole_at"]) if found["whole_at"] else None, str(found["fault"]))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def note_pass(home: Path, began_at: datetime, fault: str) -> None:
    last = read_pass(home)
    whole_at = (last.whole_at if last else None) if fault else began_at
    text = json.dumps({"whole_at": whole_at.isoformat() if whole_at else "", "fault": fault})
    RunFolder.of(home).write(_NOTE, text)

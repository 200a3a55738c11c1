"""How long and how often everything is measured."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """`seconds` each run lasts, for every side, `rounds` times."""

    rounds: int = 5
    seconds: float = 5.0
    clients: int = 16


FULL = Options()
QUICK = Options(rounds=1, seconds=1.0)

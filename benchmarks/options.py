"""How long and how often everything is measured."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """`seconds` each run lasts, for every side, `rounds` times. `accept`: what the line work counts is allowed
    from now on."""

    rounds: int = 5
    seconds: float = 5.0
    clients: int = 16
    accept: bool = False


FULL = Options()
QUICK = Options(rounds=1, seconds=1.0)

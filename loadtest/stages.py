"""How many users there are at which moment. Pure: knows neither Locust nor Kontor."""

from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Stage:
    """For `seconds` the number of users goes evenly from where it was to `users`."""

    seconds: float
    users: int


@dataclass(frozen=True, slots=True)
class Profile:
    """Stages one after the other, from no user on."""

    stages: tuple[Stage, ...]

    @property
    def seconds(self) -> float:
        return sum(stage.seconds for stage in self.stages)

    @property
    def most_users(self) -> int:
        return max(stage.users for stage in self.stages)

    def at(self, moment: float) -> tuple[int, str] | None:
        """Users and the stage's name, `moment` seconds after the start; None when it is over."""
        before = 0
        for number, stage in enumerate(self.stages, start=1):
            if moment < stage.seconds:
                users = before + (stage.users - before) * moment / stage.seconds
                return round(users), name_of(number, before, stage.users)
            moment -= stage.seconds
            before = stage.users
        return None

    def holds(self) -> dict[str, Stage]:
        """The stages in which the number of users stays the same, by name."""
        steps = pairwise((Stage(0, 0), *self.stages))
        return {
            name_of(number, before.users, stage.users): stage
            for number, (before, stage) in enumerate(steps, start=1)
            if before.users == stage.users
        }


def name_of(number: int, before: int, users: int) -> str:
    """`number` is the stage's place, from 1, so that names sort by time."""
    return f"{number} hold {users}" if before == users else f"{number} {before} to {users}"


LONG = Profile((Stage(120, 100), Stage(300, 100), Stage(120, 200), Stage(300, 200), Stage(120, 0)))
SHORT = Profile((Stage(8, 25), Stage(18, 25), Stage(8, 50), Stage(18, 50), Stage(8, 0)))
TINY = Profile((Stage(1, 4), Stage(2, 4), Stage(1, 8), Stage(2, 8), Stage(1, 0)))  # to see that it works
PROFILES = {"short": SHORT, "long": LONG, "tiny": TINY}

"""The profile as Locust wants it, and the stage that requests are named after."""

from typing import ClassVar

from locust import LoadTestShape

from loadtest.conditions import read_conditions
from loadtest.stages import Profile


class ProfileShape(LoadTestShape):
    """Follows the profile that the environment names. `stage` is the present stage's name, for all users to read:
    statistics are kept apart by it, so that a held load can be judged by itself."""

    abstract = True
    stage: ClassVar[str] = "0 start"

    def __init__(self) -> None:
        super().__init__()
        self.profile: Profile = read_conditions().profile

    def tick(self) -> tuple[int, float] | None:
        """Users wanted now, and how many may start or stop a second; None ends the test."""
        now = self.profile.at(self.get_run_time())
        if now is None:
            return None
        users, ProfileShape.stage = now
        return max(1, users), max(1, self.profile.most_users)

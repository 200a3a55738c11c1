"""Everybody buys one unit of the same variant."""

from locust import task

from loadtest.buyer import Buyer
from loadtest.shape import ProfileShape


class Rush(ProfileShape):
    """The ramp's users, all at one shelf."""


class Rusher(Buyer):
    @task
    def order(self) -> None:
        self.place([self.popular()])

"""Orders of one to three lines, by more and more users."""

from locust import task

from loadtest.buyer import Buyer
from loadtest.shape import ProfileShape


class Ramp(ProfileShape):
    """Up, hold, up, hold, down."""


class Orderer(Buyer):
    @task
    def order(self) -> None:
        self.place(self.some_goods(3))

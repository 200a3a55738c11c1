"""A day in a shop: most browse, some order and pay, some change their minds, some leave without paying."""

from locust import task

from loadtest.buyer import Buyer
from loadtest.shape import ProfileShape


class Day(ProfileShape):
    """The ramp's users, each as the mood takes them."""


class Visitor(Buyer):
    @task(10)
    def look_around(self) -> None:
        self.browse("variants", "/variants")
        self.browse("a variant", f"/variants/{self.chance.choice(self.goods).id}")

    @task(6)
    def order_and_pay(self) -> None:
        if order_id := self.place(self.some_goods(3)):
            self.pay(order_id)
            self.browse("an order", f"/orders/{order_id}")

    @task(2)
    def order_and_cancel(self) -> None:
        if order_id := self.place(self.some_goods(3)):
            self.cancel(order_id)

    @task(1)
    def order_and_forget(self) -> None:
        self.place(self.some_goods(3))

    @task(1)
    def look_at_own_orders(self) -> None:
        self.browse("own orders", f"/orders?customer={self.chance.choice(self.customers)}")

"""Whatever happens to an order over two sellers, to what hangs on it, its customer and its stock: nothing is ever shown
otherwise under a tag that it was shown under before."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from catalog.models.variant import Variant
from orders.models.order import Order
from orders.models.order_return import Return
from orders.models.refund import Refund
from orders.models.shipment import Shipment
from payments.models.payment_intent import PaymentIntent
from tests.shop.goods import make_seller, make_variant, stock_at
from tests.shop.http.api_client import Caller, login, ok
from tests.shop.http.order_actions import audit_is_clean
from tests.shop.people import CustomerFactory
from users.models.user import User


class Shop:
    """One order over two sellers, and every address at which it, or what it hangs together with, is shown."""

    def __init__(self, number: int) -> None:
        self.boss = login(User.objects.create_superuser(f"boss{number}@example.com"))
        self.customer, self.twin = CustomerFactory.create(), CustomerFactory.create()
        self.variants = [make_variant(), make_variant()]
        self.levels = [
            stock_at(self.variants[0], 9),
            stock_at(self.variants[1], 9, make_seller(f"North{number}", priority=5)),
        ]
        items = [{"variant": str(variant.pk), "quantity": 3} for variant in self.variants]
        body = {"customer": str(self.customer.pk), "items": items}
        self.order = ok(self.boss.place(body | {"note": "Ring twice"}), 201)
        self.parts = list(Order.objects.filter(parent=self.order["id"]).order_by("number"))
        self.draft = ok(self.boss.post("/drafts", {"customer": body["customer"], "lines": items}), 201)["id"]
        deal = ok(self.boss.post("/deals", {"title": "Chairs", "customer": body["customer"]}), 201)
        self.deal = deal["id"]
        ok(self.boss.patch(f"/deals/{self.deal}/lines", {"lines": items}))
        self.shown: dict[tuple[str, str], Any] = {}
        self.kept: dict[str, tuple[str, Any]] = {}

    def addresses(self) -> list[str]:
        orders = [UUID(self.order["id"]), *(part.pk for part in self.parts)]
        hanging: dict[str, Any] = {"shipments": Shipment, "returns": Return, "refunds": Refund}
        hanging["payment-intents"] = PaymentIntent
        return [
            *(f"/orders/{pk}" for pk in orders),
            *(f"/{name}/{row.pk}" for name, model in hanging.items() for row in model.objects.filter(order__in=orders)),
            *(f"/stock-levels/{level.pk}" for level in self.levels),
            *(f"/variants/{variant.pk}" for variant in self.variants),
            *(f"/customers/{one.pk}" for one in (self.customer, self.twin)),
            f"/drafts/{self.draft}",
            f"/deals/{self.deal}",
        ]

    def look(self, after: str) -> None:
        for address in self.addresses():
            answer = self.boss.get(address)
            if answer.status_code == 200:  # a customer that was merged away is not there
                body = answer.json()
                assert self.shown.setdefault((address, answer["ETag"]), body) == body, (after, address)
                self.look_again(address, body, after)

    def look_again(self, address: str, body: Any, after: str) -> None:
        """By the tag of before: 304 says that it is shown as it was shown then, and nothing else does."""
        tag, was = self.kept.get(address, ("", None))
        again = self.boss.send("GET", address, headers={"If-None-Match": tag})
        assert (again.status_code == 304) == (was == body), (after, address)
        self.kept[address] = (again["ETag"], body)

    def newest(self, model: Any, place: int) -> str:
        rows = list(
            model.objects.filter(order__in=[self.order["id"], *(part.pk for part in self.parts)]).order_by("-id")
        )
        return str(rows[place % len(rows)].pk) if rows else self.order["id"]

    def line(self, place: int) -> str:
        return str(self.order["items"][place % 2]["id"])


def _unit(shop: Shop, place: int, reason: str = "because") -> dict[str, Any]:
    return {"items": [{"item": shop.line(place), "quantity": 1}], "reason": reason}


def _on_newest(model: Any, name: str, action: str, body: Any = None) -> Callable[[Shop, int], Any]:
    return lambda shop, n: shop.boss.post(f"/{name}/{shop.newest(model, n)}/{action}", body or {})


def _of_part(what: str, body: Any) -> Callable[[Shop, int], Any]:
    return lambda shop, n: shop.boss.post(f"/orders/{shop.parts[n % 2].pk}/{what}", body)


def _merge(shop: Shop, n: int) -> Any:
    return shop.boss.post("/merges", {"kept": str(shop.twin.pk), "duplicate": str(shop.customer.pk)})


def _undo(shop: Shop, n: int) -> Any:
    merges = ok(shop.boss.get("/merges"))["results"]
    return shop.boss.post(f"/merges/{merges[0]['id']}/undo", None) if merges else None


def _edit(shop: Shop, n: int) -> Any:
    lines = {"lines": [{"item": shop.line(n), "quantity": n % 4 + 1}], "reason": "more"}
    return shop.boss.patch(f"/orders/{shop.parts[n % 2].pk}/items", lines)


def _rename(shop: Shop, n: int) -> Any:
    variant = Variant.objects.get(pk=shop.variants[n % 2].pk)
    return shop.boss.patch(f"/variants/{variant.pk}", {"sku": f"{variant.sku}x", "price": "11.00"})


DEEDS: dict[str, Callable[[Shop, int], Any]] = {
    "pay": lambda shop, n: shop.boss.pay(shop.order),
    "begin to pay": lambda shop, n: shop.boss.post(
        f"/orders/{shop.order['id']}/payment-intents", {"provider": "manual", "method": "cash"}
    ),
    "capture": _on_newest(PaymentIntent, "payment-intents", "capture"),
    "void": _on_newest(PaymentIntent, "payment-intents", "void"),
    "pack": _of_part("shipments", {}),
    "send": _on_newest(Shipment, "shipments", "departure"),
    "deliver": _on_newest(Shipment, "shipments", "delivery"),
    "unpack": _on_newest(Shipment, "shipments", "cancellation"),
    "ask to return": lambda shop, n: shop.boss.post(f"/orders/{shop.order['id']}/returns", _unit(shop, n)),
    "approve": _on_newest(Return, "returns", "approval"),
    "receive": _on_newest(Return, "returns", "receipt"),
    "refund a return": _on_newest(Return, "returns", "refund"),
    "withdraw": _on_newest(Return, "returns", "withdrawal"),
    "refund": lambda shop, n: shop.boss.post(f"/orders/{shop.order['id']}/refunds", _unit(shop, n)),
    "pay out": _on_newest(Refund, "refunds", "settlement", {"reference": "wire"}),
    "edit": _edit,
    "put off": lambda shop, n: shop.boss.post(f"/orders/{shop.order['id']}/extension", {}),
    "cancel": lambda shop, n: shop.boss.delete(f"/orders/{shop.order['id']}") if n == 0 else None,
    "adjust": lambda shop, n: shop.boss.post(
        f"/stock-levels/{shop.levels[n % 2].pk}/adjustments", {"quantity": 1, "reason": "found"}
    ),
    "threshold": lambda shop, n: shop.boss.patch(
        f"/stock-levels/{shop.levels[n % 2].pk}", {"low_stock_threshold": n or None}
    ),
    "rename": _rename,
    "merge": _merge,
    "part": _undo,
    "erase": lambda shop, n: shop.boss.delete(f"/personal-data/{shop.twin.pk}"),
    "note": lambda shop, n: shop.boss.patch(f"/drafts/{shop.draft}", {"note": f"by {n}"}),
}


@pytest.mark.django_db
def test_every_step_of_a_part_is_seen_at_the_whole_order() -> None:
    shop = Shop(1)
    whole = f"/orders/{shop.order['id']}"
    ok(shop.boss.pay(shop.order))
    tags = [shop.boss.get(whole)["ETag"]]

    for part in (0, 1):
        for name in ("pack", "send", "deliver"):
            assert DEEDS[name](shop, part if name == "pack" else 0).status_code in {200, 201}, name
            tags.append(shop.boss.get(whole)["ETag"])

    assert len(set(tags)) == len(tags)
    stale: Caller = shop.boss
    answer = stale.post(f"{whole}/refunds", _unit(shop, 0), if_match=tags[0])
    assert answer.status_code == 412, answer.content


WALK = (
    *(
        ("pay", 0),
        ("pack", 0),
        ("threshold", 1),
        ("refund", 1),
        ("merge", 0),
        ("part", 0),
        ("rename", 0),
        ("adjust", 0),
    ),
    *(("pack", 1), ("send", 0), ("deliver", 0), ("ask to return", 1), ("edit", 0), ("note", 1), ("merge", 0)),
)


@pytest.mark.django_db
def test_what_is_shown_never_changes_under_the_same_tag() -> None:
    shop = Shop(2)
    shop.look("the beginning")

    for name, place in WALK:
        answer = DEEDS[name](shop, place)
        assert answer is None or answer.status_code < 500, (name, answer.content)
        shop.look(name)

    audit_is_clean()


_deeds = st.lists(st.tuples(st.sampled_from(sorted(DEEDS)), st.integers(0, 5)), min_size=8, max_size=14)


@pytest.mark.django_db
@settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # the name of the deed says enough
    suppress_health_check=list(HealthCheck),
)
@given(deeds=_deeds)
def test_nor_after_any_other_deeds_in_any_order(deeds: list[tuple[str, int]]) -> None:
    shop = Shop(1000 + User.objects.count())
    for name, place in (("pay", 0), ("pack", 0), ("pack", 1), ("send", 0)):
        ok_or_made(DEEDS[name](shop, place))
    shop.look("the beginning")

    for name, place in deeds:
        answer = DEEDS[name](shop, place)
        assert answer is None or answer.status_code < 500, (name, answer.content)
        shop.look(name)

    audit_is_clean()


def ok_or_made(answer: Any) -> None:
    assert answer.status_code in {200, 201}, answer.content

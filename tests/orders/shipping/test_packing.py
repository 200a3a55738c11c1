"""Shipments of one paid order, and how its lines and it follow."""

import pytest

from orders.lifecycle.checks import InvalidTransition
from orders.models.shipment import Shipment
from orders.services.orders.advance_order import advance_order
from orders.services.payments.confirm_payment import confirm_payment
from orders.services.shipments.change_shipment import cancel_shipment, ship_shipment
from orders.services.shipments.pack_shipment import NotPaid, pack_shipment
from orders.shipping.choosing import ItemNotInOrder, SeveralLocations
from orders.shipping.shipments import Tracking, UnitsNotThere
from shared.actor import SYSTEM
from shared.errors import StaleVersion
from tests.shop.goods import add_level, make_level, make_location
from tests.shop.orders import order_of
from tests.shop.people import make_buyer
from tests.shop.shipments import arrive, lines_of, pack, paid_order, seen, send

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_order_leaves_in_two_shipments() -> None:
    order = paid_order(3, 2)

    first = pack(order, 2, 2)
    assert seen(order) == ("PROCESSING", [("PROCESSING", 0), ("PROCESSING", 0)])
    ship_shipment(shipment_id=first.pk, actor=SYSTEM, tracking=Tracking("Post", "RR1", "https://post.example/RR1"))
    assert seen(order) == ("PROCESSING", [("PROCESSING", 2), ("SHIPPED", 2)])
    arrive(first)
    assert seen(order) == ("PROCESSING", [("PROCESSING", 2), ("DELIVERED", 2)])
    second = send(order)
    assert seen(order) == ("SHIPPED", [("SHIPPED", 3), ("DELIVERED", 2)])
    arrive(second)

    assert seen(order) == ("DELIVERED", [("DELIVERED", 3), ("DELIVERED", 2)])
    first.refresh_from_db()
    assert (first.number, second.number) == (f"{order.number}-S1", f"{order.number}-S2")
    assert (first.carrier, first.tracking_number, first.version) == ("Post", "RR1", 3)
    kinds = list(order.events.values_list("kind", "to_status"))
    assert kinds[2:] == [
        ("status_changed", "PROCESSING"),
        ("shipped", "PROCESSING"),
        ("delivered", "PROCESSING"),
        ("status_changed", "PROCESSING"),
        ("shipped", "SHIPPED"),
        ("delivered", "DELIVERED"),
    ]
    assert order.events.filter(kind="shipped").order_by("id")[0].data["shipments"][0]["number"] == first.number


def test_no_unit_is_packed_twice_and_an_unpacked_one_may_be_packed_again() -> None:
    order = paid_order(3)
    shipment = pack(order, 2)

    with pytest.raises(UnitsNotThere) as refused:
        pack(order, 2)
    assert refused.value.data["items"][0] | {"requested": 2, "available": 1} == refused.value.data["items"][0]
    cancel_shipment(shipment_id=shipment.pk, actor=SYSTEM, reason="wrong box")

    assert send(order, 3).status == "SHIPPED"
    with pytest.raises(UnitsNotThere):
        pack(order)
    with pytest.raises(InvalidTransition) as again:
        ship_shipment(shipment_id=shipment.pk, actor=SYSTEM)
    assert again.value.data == {"status_now": "CANCELLED", "allowed": []}


def test_only_what_is_paid_is_packed() -> None:
    unpaid = order_of(make_buyer(), (make_level(on_hand=1), 1))

    with pytest.raises(NotPaid):
        pack(unpaid)

    assert not Shipment.objects.exists()


def test_a_line_of_another_order_is_not_found() -> None:
    with pytest.raises(ItemNotInOrder):
        pack_shipment(order_id=paid_order(1).pk, actor=SYSTEM, items={lines_of(paid_order(1))[0].pk: 1})


def test_a_stale_version_changes_nothing() -> None:
    order = paid_order(1)
    with pytest.raises(StaleVersion):
        pack_shipment(order_id=order.pk, actor=SYSTEM, expected_version=1)
    shipment = pack(order)
    with pytest.raises(StaleVersion):
        ship_shipment(shipment_id=shipment.pk, actor=SYSTEM, expected_version=shipment.version + 1)

    assert seen(order) == ("PROCESSING", [("PROCESSING", 0)])


def test_what_lies_at_two_locations_leaves_in_two_shipments() -> None:
    level = make_level(on_hand=2)
    attic = make_location("Attic")
    add_level(level.variant, attic, on_hand=3)
    order = order_of(make_buyer(), (level, 5))
    confirm_payment(order_id=order.pk, actor=SYSTEM)

    with pytest.raises(SeveralLocations) as refused:
        pack(order)
    with pytest.raises(SeveralLocations):
        pack(order, 4)
    with pytest.raises(UnitsNotThere):
        pack_shipment(order_id=order.pk, actor=SYSTEM, items={lines_of(order)[0].pk: 4}, location_id=attic.pk)
    assert {place["name"] for place in refused.value.data["locations"]} >= {str(attic)}
    upstairs = pack_shipment(order_id=order.pk, actor=SYSTEM, location_id=attic.pk)
    rest = pack(order)

    assert [(box.location_id, box.items.get().quantity) for box in (upstairs, rest)] == [
        (attic.pk, 3),
        (level.location_id, 2),
    ]


def test_moved_on_by_hand_the_rest_leaves_and_arrives() -> None:
    order = paid_order(3, 2)
    send(order, 1)
    packed = pack(order, 1)

    advance_order(order_id=order.pk, status="SHIPPED", actor=SYSTEM, reason="all of it")
    assert seen(order) == ("SHIPPED", [("SHIPPED", 3), ("SHIPPED", 2)])
    advance_order(order_id=order.pk, status="DELIVERED", actor=SYSTEM)

    assert seen(order)[0] == "DELIVERED"
    packed.refresh_from_db()
    assert packed.status == "DELIVERED"
    assert Shipment.objects.filter(order=order, status="DELIVERED").count() == 3

"""Which location packs a shipment, and what of each line. Pure: it reads what orders.shipping.unfulfilled has read."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order
from orders.shipping.shipments import UnitsNotThere, shortage
from orders.shipping.unfulfilled import Unfulfilled, Units
from shared.errors import NotFound, Refusal


class ItemNotInOrder(NotFound):
    code = "item_not_found"
    title = _("No such line in the order")
    members = {"items": [UUID]}


class SeveralLocations(Refusal):
    code = "several_locations"
    title = _("The units lie at several locations: one shipment is packed at one")
    members = {"locations": [{"id": UUID, "name": str}]}


def choose_units(
    seller_order: Order, unfulfilled: Unfulfilled, items: Mapping[UUID, int] | None, location_id: UUID | None
) -> tuple[UUID, Units]:
    """The location and the units of a shipment: all that lies there where `items` is None; without `location_id` the
    one location that has something, or the best that has all `items`.

    Raises ItemNotInOrder, SeveralLocations, UnitsNotThere.
    """
    unknown = [str(item) for item in items or () if item not in unfulfilled.items]
    if unknown:
        raise ItemNotInOrder(
            gettext("Order %(number)s has no such line: %(items)s.")
            % {"number": seller_order.number, "items": ", ".join(unknown)},
            items=unknown,
        )
    there = {
        place: units
        for place in unfulfilled.available_at
        if (units := unfulfilled.at(place)) and location_id in (None, place)
    }
    if items is None:
        if len(there) > 1:
            raise _several_locations(seller_order, unfulfilled, there)
        if not there:
            # Asked for one location alone, no line is named: they may well be available at another.
            raise _not_there(seller_order, unfulfilled, unfulfilled.open if location_id is None else {}, there)
        return next(iter(there.items()))
    # The best location first, as in what was read: a dict keeps its order.
    for place, most in there.items():
        if all(units <= most.get(item, 0) for item, units in items.items()):
            return place, dict(items)
    # All of it is there, but not together. That is another answer, as two shipments would do.
    if all(units <= _most_together(item, there) for item, units in items.items()):
        raise _several_locations(seller_order, unfulfilled, there)
    raise _not_there(seller_order, unfulfilled, items, there)


def _most_together(item: UUID, there: Mapping[UUID, Units]) -> int:
    return sum(most.get(item, 0) for most in there.values())


def _several_locations(seller_order: Order, unfulfilled: Unfulfilled, places: Iterable[UUID]) -> SeveralLocations:
    named = [{"id": str(place), "name": str(unfulfilled.locations[place])} for place in places]
    return SeveralLocations(
        gettext("What is left of order %(number)s lies at %(locations)s: pack a shipment at each.")
        % {"number": seller_order.number, "locations": "; ".join(place["name"] for place in named)},
        locations=named,
    )


def _not_there(
    seller_order: Order, unfulfilled: Unfulfilled, items: Mapping[UUID, int], there: Mapping[UUID, Units]
) -> UnitsNotThere:
    facts = [
        shortage(unfulfilled.items[item], units, min(_most_together(item, there), unfulfilled.open[item]))
        for item, units in items.items()
        if units > _most_together(item, there)
    ]
    return UnitsNotThere(
        gettext("So many units of order %(number)s are not left to ship from there.") % {"number": seller_order.number},
        items=facts,
    )

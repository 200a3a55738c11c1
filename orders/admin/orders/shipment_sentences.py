"""What an event says of shipments, in sentences."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from orders.admin.orders.event_facts import Data, lines_of, rows_of, text_of
from orders.states import ShipmentStatus


def tell_shipments(data: Data) -> str:
    """What became of the shipments; nothing where the step is all there is."""
    return " ".join(sentence for shipment in rows_of(data, "shipments") for sentence in _of_shipment(shipment))


def _of_shipment(shipment: Data) -> Iterator[str]:
    told: dict[str, tuple[str, str]] = {
        ShipmentStatus.READY: (_("Shipment %(number)s was packed: %(lines)s."), _("Shipment %(number)s was packed.")),
        ShipmentStatus.SHIPPED: (_("Shipment %(number)s was sent: %(lines)s."), _("Shipment %(number)s was sent.")),
        ShipmentStatus.DELIVERED: (
            _("Shipment %(number)s was delivered: %(lines)s."),
            _("Shipment %(number)s was delivered."),
        ),
        ShipmentStatus.CANCELLED: (
            _("Shipment %(number)s was unpacked again: %(lines)s."),
            _("Shipment %(number)s was unpacked again."),
        ),
    }
    # Of older releases' shipments the number alone is known.
    unknown = (_("Shipment %(number)s: %(lines)s."), _("Shipment %(number)s."))
    about = {"number": text_of(shipment, "number"), "lines": lines_of(shipment)}
    if about["number"]:
        with_lines, without = told.get(text_of(shipment, "status"), unknown)
        yield (with_lines if about["lines"] else without) % about
    if tracking_number := text_of(shipment, "tracking_number"):
        tracking = {"carrier": text_of(shipment, "carrier"), "number": tracking_number}
        yield (_("Tracking: %(carrier)s %(number)s.") if tracking["carrier"] else _("Tracking: %(number)s.")) % tracking

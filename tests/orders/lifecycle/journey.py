"""One order's life as a page of plain Python: lines, shipments and states, by the rules alone. No SQL."""

from dataclasses import dataclass, field

STEPS = {"CONFIRMED": "PROCESSING", "PROCESSING": "SHIPPED", "SHIPPED": "DELIVERED"}


@dataclass
class Line:
    quantity: int
    shipped: int = 0
    cancelled_units: int = 0
    refunded: int = 0
    status: str = "PENDING"

    @property
    def unshipped(self) -> int:
        return self.quantity - self.shipped - self.cancelled_units


@dataclass
class PlainShipment:
    units: dict[int, int]
    status: str = "READY"


@dataclass
class Journey:
    """`lines` are found by their place."""

    lines: list[Line]
    status: str = "PENDING"
    is_paid: bool = False
    shipments: list[PlainShipment] = field(default_factory=list)

    def packed(self, place: int) -> int:
        return sum(shipment.units.get(place, 0) for shipment in self.shipments if shipment.status == "READY")

    def is_under_way(self) -> bool:
        """Whether units may still go out."""
        return self.is_paid and self.status in ("CONFIRMED", "PROCESSING")

    def to(self, status: str) -> None:
        """Lines that stood where the order stood go along."""
        for line in self.lines:
            if line.status == self.status:
                line.status = status
        self.status = status

    def pay(self) -> None:
        if self.status == "PENDING":
            self.is_paid = True
            self.to("CONFIRMED")

    def can_pack(self, units: dict[int, int]) -> bool:
        there = all(units[place] <= self.lines[place].unshipped - self.packed(place) for place in units)
        return self.is_paid and self.status != "CANCELLED" and there

    def pack(self, units: dict[int, int]) -> None:
        self.shipments.append(PlainShipment(units))
        if self.status == "CONFIRMED":
            self.to("PROCESSING")

    def send(self, shipment: PlainShipment) -> None:
        shipment.status = "SHIPPED"
        for place, units in shipment.units.items():
            self.lines[place].shipped += units
        self.follow()

    def deliver(self, shipment: PlainShipment) -> None:
        shipment.status = "DELIVERED"
        self.follow()

    def by_hand(self, status: str) -> None:
        if status == "SHIPPED":
            rest = {
                place: line.unshipped - self.packed(place)
                for place, line in enumerate(self.lines)
                if line.unshipped > self.packed(place)
            }
            if rest:
                self.shipments.append(PlainShipment(rest))
            for shipment in self.shipments:
                if shipment.status == "READY":
                    self.send(shipment)
        elif status == "DELIVERED":
            for shipment in self.shipments:
                if shipment.status == "SHIPPED":
                    self.deliver(shipment)
        if self.status != status:
            self.to(status)

    def can_refund(self, place: int, units: int) -> bool:
        """Money comes back for what has left, too."""
        line = self.lines[place]
        return self.is_paid and units <= line.quantity - line.refunded

    def refund(self, place: int, units: int) -> None:
        line = self.lines[place]
        line.refunded += units
        if to_cancel := min(units, line.unshipped):
            self.cancel_units(place, to_cancel)

    def cancel_units(self, place: int, units: int) -> None:
        line = self.lines[place]
        line.cancelled_units += units
        if line.cancelled_units == line.quantity:
            line.status = "CANCELLED"
        while self.packed(place) > line.unshipped:
            newest = [
                shipment for shipment in self.shipments if shipment.status == "READY" and place in shipment.units
            ][-1]
            newest.status = "CANCELLED"
        if all(line.status == "CANCELLED" for line in self.lines):
            self.status = "CANCELLED"
        elif self.status in ("PROCESSING", "SHIPPED"):
            self.follow()

    def cancel(self) -> None:
        """Nothing of it has left."""
        for line in self.lines:
            line.cancelled_units = line.refunded = line.quantity if self.is_paid else 0
            line.status = "CANCELLED"
        for shipment in self.shipments:
            shipment.status = "CANCELLED"
        self.status = "CANCELLED"

    def follow(self) -> None:
        """Lines and order go as far as their shipments."""
        under_way = {place for shipment in self.shipments if shipment.status == "SHIPPED" for place in shipment.units}
        going = [(place, line) for place, line in enumerate(self.lines) if line.quantity > line.cancelled_units]
        for place, line in going:
            if not line.unshipped:
                line.status = "SHIPPED" if place in under_way else "DELIVERED"
        if all(not line.unshipped for _, line in going):
            self.status = "SHIPPED" if under_way else "DELIVERED"

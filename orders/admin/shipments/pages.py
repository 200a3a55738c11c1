"""The pages on which staff pack a shipment, send it, let it arrive, or unpack it."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.forms.boundfield import BoundField
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.pictures import pictures_of_variants, thumbnail
from catalog.seller_access import sellers_of
from orders.admin.shipments.unsettled import UNSETTLED, offer_unsettled
from orders.models.order import Order
from orders.models.shipment import Shipment
from orders.services.shipments.change_shipment import cancel_shipment, deliver_shipment, ship_shipment
from orders.services.shipments.pack_shipment import pack_shipment
from orders.shipping.shipments import Tracking
from orders.shipping.unfulfilled import Unfulfilled, unfulfilled_of
from shared.admin.base import actor_of
from shared.admin.display import NOTHING, change_url
from shared.admin.form_page import Done, Facts, FormPage
from shared.admin.forms import StyledForm, VersionForm, posted
from shared.errors import InvalidInput
from shared.values.addresses import address_text

_VERSION = "version"


class TrackingForm(VersionForm):
    carrier = forms.CharField(label=_("Carrier"), max_length=80, required=False)
    tracking_number = forms.CharField(label=_("Tracking number"), max_length=120, required=False)
    tracking_url = forms.URLField(
        label=_("Tracking page"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=_("For the customer."),
    )

    def tracking(self) -> Tracking:
        return Tracking(*(self.cleaned_data[name] for name in ("carrier", "tracking_number", "tracking_url")))


class PackForm(TrackingForm):
    """A location, and for each line that is left there or elsewhere how many units the shipment gets."""

    field_order = ("location",)

    def __init__(self, order: Order, unfulfilled: Unfulfilled, *args: object, **kwargs: object) -> None:
        # The first location that has something is suggested, with its units filled in: one press for the usual order.
        first = next(iter(unfulfilled.shipments()), None)
        most = unfulfilled.at(first) if first else {}
        super().__init__(*args, initial={"version": order.version, "location": first}, **kwargs)
        places = [
            (place, str(unfulfilled.locations[place])) for place in unfulfilled.available_at if unfulfilled.at(place)
        ]
        self.fields["location"] = _choice_field(gettext("Location"), places)
        self.lines = {
            f"item_{number}": item
            for number, item in enumerate(unfulfilled.items.values(), 1)
            # Also lines that lie elsewhere: another location may be chosen, and then they are wanted.
            if unfulfilled.open[item.pk] > 0
        }
        for name, item in self.lines.items():
            self.fields[name] = _units_field(f"{item.sku} {item.name}", unfulfilled.open[item.pk], most.get(item.pk, 0))
            self.fields[name].widget.attrs["data-variant"] = str(item.variant_id)  # what a scanner reads
        self.order_fields(("location", *self.lines))

    def units(self) -> dict[Any, int]:
        """By line. Raises InvalidInput when there is none."""
        units = {item.pk: self.cleaned_data[name] for name, item in self.lines.items() if self.cleaned_data[name]}
        if not units:
            raise InvalidInput(("/items", "required", gettext("Say of at least one line how many units are packed.")))
        return units

    @property
    def rows(self) -> Iterator[tuple[BoundField, SafeString | str]]:
        """Each field, and beside a line's what it looks like. 1 statement."""
        pictures = pictures_of_variants(item.variant_id for item in self.lines.values())
        for field in self:
            item = self.lines.get(field.name)
            yield field, thumbnail(pictures.get(item.variant_id)) if item else ""


class UnpackForm(VersionForm):
    reason = forms.CharField(
        label=_("Reason"), max_length=200, required=False, help_text=_("Stays in the order's history.")
    )


def _choice_field(label: str, choices: Iterable[tuple[Any, str]]) -> Any:
    return _with_admin_widget(forms.TypedChoiceField(label=label, choices=list(choices), coerce=UUID))


def _units_field(label: str, most: int, initial: int) -> Any:
    text = gettext("%(most)s left to pack.") % {"most": most}
    return _with_admin_widget(
        forms.IntegerField(label=label, min_value=0, max_value=most, initial=initial, required=False, help_text=text)
    )


def _with_admin_widget(field: Any) -> Any:
    """A field made for one order, in the admin's look."""
    # Widgets are dressed by a form's constructor; fields that are made later have to pass through one.
    return type("_One", (StyledForm,), {"field": field})().fields["field"]


def pack_page(request: HttpRequest, order: Order) -> FormPage:
    # A seller's own people pack what is theirs.
    unfulfilled = unfulfilled_of(order).within(sellers_of(request.user))
    form = offer_unsettled(PackForm(order, unfulfilled, posted(request)), request, order)

    def apply(values: dict[str, Any]) -> Done:
        shipment = pack_shipment(
            order_id=order.pk,
            actor=actor_of(request),
            items=form.units(),
            location_id=values["location"],
            tracking=form.tracking(),
            sellers=sellers_of(request.user),
            expected_version=values[_VERSION],
            unsettled=bool(values.get(UNSETTLED)),
        )
        # A warning and no refusal: goods may be handed over the counter.
        if not (order.delivery_address or order.customer_address):
            messages.warning(request, gettext("The order has no delivery address: the packing slip names none."))
        text = gettext("Shipment %(number)s is packed. Send it when it leaves.")
        return Done(text % {"number": shipment.number}, change_url(Shipment, shipment.pk))

    return FormPage(
        title=gettext("Pack a shipment of order %(number)s") % {"number": order.number},
        intro=gettext("One shipment is packed at one location, where its units were sold from."),
        facts=_facts_of_order(order, unfulfilled),
        submit=gettext("Pack"),
        form=form,
        apply=apply,
        back_url=change_url(Order, order.pk),
        template="admin/kontor/pack.html",
    )


def send_page(request: HttpRequest, shipment: Shipment) -> FormPage:
    written = {name: getattr(shipment, name) for name in ("carrier", "tracking_number", "tracking_url", _VERSION)}
    form = offer_unsettled(TrackingForm(posted(request), initial=written), request, shipment.order)

    def apply(values: dict[str, Any]) -> Done:
        sent = ship_shipment(
            shipment_id=shipment.pk,
            actor=actor_of(request),
            tracking=form.tracking(),
            expected_version=values[_VERSION],
            unsettled=bool(values.get(UNSETTLED)),
        )
        return Done(gettext("Shipment %(number)s is on its way.") % {"number": sent.number})

    return _shipment_page(
        shipment,
        title=gettext("Send shipment %(number)s") % {"number": shipment.number},
        intro=gettext("Its units count as shipped from now on."),
        submit=gettext("Send"),
        form=form,
        apply=apply,
    )


def deliver_page(request: HttpRequest, shipment: Shipment) -> FormPage:
    def apply(values: dict[str, Any]) -> Done:
        arrived = deliver_shipment(shipment_id=shipment.pk, actor=actor_of(request), expected_version=values[_VERSION])
        return Done(gettext("Shipment %(number)s has arrived.") % {"number": arrived.number})

    return _shipment_page(
        shipment,
        title=gettext("Has shipment %(number)s arrived?") % {"number": shipment.number},
        submit=gettext("It has arrived"),
        form=VersionForm(posted(request), initial={_VERSION: shipment.version}),
        apply=apply,
    )


def unpack_page(request: HttpRequest, shipment: Shipment) -> FormPage:
    def apply(values: dict[str, Any]) -> Done:
        unpacked = cancel_shipment(
            shipment_id=shipment.pk,
            actor=actor_of(request),
            reason=values["reason"],
            expected_version=values[_VERSION],
        )
        return Done(gettext("Shipment %(number)s is unpacked.") % {"number": unpacked.number})

    return _shipment_page(
        shipment,
        title=gettext("Unpack shipment %(number)s?") % {"number": shipment.number},
        intro=gettext("Its units may be packed again. The shipment stays in the list, cancelled."),
        submit=gettext("Unpack it"),
        is_dangerous=True,
        form=UnpackForm(posted(request), initial={_VERSION: shipment.version}),
        apply=apply,
    )


def _shipment_page(shipment: Shipment, **page: Any) -> FormPage:
    facts = [(gettext("Customer"), shipment.order.customer_name), (gettext("Location"), str(shipment.location))]
    return FormPage(facts=facts, back_url=change_url(Shipment, shipment.pk), **page)


def _facts_of_order(order: Order, unfulfilled: Unfulfilled) -> Facts:
    at_locations = [
        (
            str(unfulfilled.locations[place]),
            ", ".join(f"{unfulfilled.items[pk].sku} x {units}" for pk, units in shipment.items()),
        )
        for place, shipment in unfulfilled.shipments().items()
    ]
    waiting = ", ".join(f"{unfulfilled.items[pk].sku} x {units}" for pk, units in unfulfilled.missing().items())
    # Orders from before addresses had fields have the customer's as a text.
    to = address_text(order.delivery_address, separator=", ") or order.customer_address
    to = to or gettext("None is known: the packing slip will name no address.")
    facts: list[tuple[str, object]] = [(gettext("Customer"), order.customer_name), (gettext("Delivery address"), to)]
    facts += at_locations
    return [*facts, (gettext("Waits for goods"), waiting)] if waiting else facts or [(NOTHING, NOTHING)]

"""A customer's addresses: what changing them means, and which one counts. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from django.utils.translation import gettext

from shared.errors import InvalidInput
from shared.ids import new_id
from shared.models.address import MAX_ADDRESSES, AddressKind
from shared.values.address_parsing import parse_address
from shared.values.addresses import Address, address_of, address_text, check_address, check_shape

MAX_TEXT = 1_000


class KeptAddress(Address):
    """One of a customer's."""

    id: str
    kind: str
    is_default: bool


class SentAddress(TypedDict, total=False):
    """One as it is to be. With the `id` of one that is there it stays that one."""

    id: str
    kind: str
    is_default: bool
    name: str
    company: str
    lines: list[str]
    city: str
    region: str
    postal_code: str
    country: str
    phone: str


def change_addresses(
    current: Sequence[KeptAddress], sent: Sequence[SentAddress], *, pointer: str = "/addresses"
) -> list[KeptAddress]:
    """All addresses as sent; those that are not among them go. The first of a kind is the default where none is.

    One that is there and has not changed is taken as it is: it may be older than its country's rules.
    Raises InvalidInput naming every fault under `pointer`.
    """
    if len(sent) > MAX_ADDRESSES:
        text = gettext("A customer has at most %(most)s addresses.") % {"most": MAX_ADDRESSES}
        raise InvalidInput((pointer, "max_length", text))
    known = {each["id"]: each for each in current}
    kept: list[KeptAddress] = []
    faults: list[tuple[str, str, str]] = []
    for place, each in enumerate(sent):
        try:
            kept.append(_kept(each, known, f"{pointer}/{place}"))
        except InvalidInput as refusal:
            faults += [(fault["pointer"], fault["code"], fault["detail"]) for fault in refusal.data["errors"]]
    faults += _twice(kept, pointer)
    if faults:
        raise InvalidInput(*faults)
    for kind in AddressKind.values:
        of_kind = [each for each in kept if each["kind"] == kind]
        if of_kind and not any(each["is_default"] for each in of_kind):
            of_kind[0]["is_default"] = True
    return kept


def _kept(sent: SentAddress, known: dict[str, KeptAddress], pointer: str) -> KeptAddress:
    """Each address that is there is taken out of `known`: nobody else can be it."""
    key = sent.get("id")
    before = known.pop(key, None) if key else None
    if key and before is None:
        text = gettext("The customer has no such address.")
        raise InvalidInput((f"{pointer}/id", "does_not_exist", text))
    if sent.get("kind") not in AddressKind.values:
        text = gettext("Say what it is for: %(kinds)s.") % {"kinds": ", ".join(AddressKind.values)}
        raise InvalidInput((f"{pointer}/kind", "invalid_choice", text))
    is_same = before is not None and address_of(before) == address_of(sent)
    address = (check_shape if is_same else check_address)(sent, pointer=pointer)
    return {
        **address,
        "id": key or str(new_id()),
        "kind": str(sent["kind"]),
        "is_default": bool(sent.get("is_default")),
    }


def _twice(kept: Sequence[KeptAddress], pointer: str) -> list[tuple[str, str, str]]:
    text = gettext("Only one address of a kind is the default.")
    kinds = [each["kind"] for each in kept if each["is_default"]]
    return [(pointer, "two_defaults", text) for kind in AddressKind.values if kinds.count(kind) > 1]


def default_address(addresses: Sequence[Mapping[str, Any]], kind: str) -> Address | None:
    """The one that orders get where they name none."""
    found = next((each for each in addresses if each["kind"] == kind and each["is_default"]), None)
    return address_of(found) if found else None


def text_of_addresses(addresses: Sequence[Mapping[str, Any]]) -> str:
    """What the old free text says of them: where goods go, else where invoices go, without the name."""
    found = default_address(addresses, AddressKind.DELIVERY) or default_address(addresses, AddressKind.BILLING)
    return address_text({**found, "name": ""})[:MAX_TEXT] if found else ""


def addresses_of_text(text: str, *, country: str) -> list[KeptAddress]:
    """What somebody wrote as a text, as goods and invoices go there; none of an empty one. It may lack what its country
    requires."""
    address = parse_address(text, country=country)
    if not address["lines"] and not address["city"]:
        return []
    return [{**address, "id": str(new_id()), "kind": kind, "is_default": True} for kind in AddressKind.values]


def joined_addresses(first: Sequence[KeptAddress], others: Sequence[KeptAddress]) -> list[KeptAddress]:
    """Those of two customers who are one; what both have stands once, and the first one's defaults stay."""
    there = {(each["kind"], _as_key(each)) for each in first}
    with_default = {each["kind"] for each in first if each["is_default"]}
    joined = [*first]
    for each in others:
        if (each["kind"], _as_key(each)) not in there and len(joined) < MAX_ADDRESSES:
            is_default = each["is_default"] and each["kind"] not in with_default
            joined.append({**each, "is_default": is_default})
    return joined


def _as_key(address: Mapping[str, Any]) -> str:
    return address_text(address).casefold()

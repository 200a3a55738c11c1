"""Free pairs of texts beside a record, for programs: limits and meaning as Stripe's metadata has them. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext

from shared.errors import InvalidInput
from shared.text.json_pointer import step

MAX_KEYS, MAX_KEY, MAX_VALUE = 50, 40, 500

Fault = tuple[str, str, str]


def change_metadata(
    current: Mapping[str, str], changes: Mapping[str, Any], *, pointer: str = "/metadata"
) -> dict[str, str]:
    """The pairs with some of them changed: keys that are not named stay, one that is set to None or "" goes.

    Raises InvalidInput naming every fault under `pointer`.
    """
    merged = {**current, **changes}
    kept = {key: value for key, value in merged.items() if value is not None and value != ""}
    check_metadata(kept, pointer=pointer)
    return kept


def check_metadata(pairs: Mapping[Any, Any], *, pointer: str = "/metadata") -> None:
    """Raises InvalidInput unless they are texts within the limits."""
    faults = [*_faults(pairs, pointer)]
    if faults:
        raise InvalidInput(*faults)


def _faults(pairs: Mapping[Any, Any], pointer: str) -> Iterator[Fault]:
    if len(pairs) > MAX_KEYS:
        text = gettext("At most %(most)s keys; these are %(found)s.")
        yield pointer, "max_length", text % {"most": MAX_KEYS, "found": len(pairs)}
    for key, value in pairs.items():
        at = f"{pointer}/{step(str(key))}"
        if not isinstance(key, str) or not 1 <= len(key) <= MAX_KEY or "\0" in key:
            yield at, "invalid_key", gettext("A key has 1 to %(most)s characters.") % {"most": MAX_KEY}
        if not isinstance(value, str):
            yield at, "wrong_type", gettext("A value is a text.")
        elif len(value) > MAX_VALUE or "\0" in value:
            yield at, "max_length", gettext("A value has up to %(most)s characters.") % {"most": MAX_VALUE}

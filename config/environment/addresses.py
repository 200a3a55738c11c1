"""Addresses that settings name."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email


def known_addresses(addresses: list[str]) -> list[str]:
    """Raises ValueError naming those that no e-mail can be sent to."""
    bad = [address for address in addresses if not _is_address(address)]
    if bad:
        raise ValueError(f"{', '.join(map(repr, bad))}: write addresses alone, with commas between them")
    return addresses


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True

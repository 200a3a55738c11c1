"""Which column a header means, in any of our languages. Reads no database."""

import re
from collections.abc import Iterable, Sequence

from exchange.kinds.kind import CUSTOM_PREFIX, Column
from exchange.languages import in_every_language
from users.models.custom_field import CustomField


def plain(header: str) -> str:
    """A header without case, spaces and signs: “E-Mail address ” is emailaddress."""
    return re.sub(r"[^\w']|_", "", header.casefold())


def guess_mapping(
    headers: Sequence[str], columns: Iterable[Column], custom_fields: Iterable[CustomField]
) -> dict[str, str]:
    """Place in the row → name of the column, each column once; headers that mean nothing to us are left out."""
    known: dict[str, str] = {}
    for field in custom_fields:
        name = f"{CUSTOM_PREFIX}{field.key}"
        known |= {plain(text): name for text in (name, field.key, field.label)}
    for column in columns:
        known |= {plain(text): column.name for text in (column.name, *in_every_language(column.label), *column.aliases)}
    mapping: dict[str, str] = {}
    for place, header in enumerate(headers):
        meant = known.get(plain(header))
        if meant is not None and meant not in mapping.values():
            mapping[str(place)] = meant
    return mapping

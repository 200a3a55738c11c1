"""Addresses of files that browsers may have."""

from typing import Final

# Nothing else is ever looked for, so no name leads out of the storage and there is nothing to list.
NAMES: Final = r"(?:pictures|shop)/[0-9a-f-]{36}/(?:small|medium|large)\.(?:webp|png)"


def media_url(name: str) -> str:
    return f"/media/{name}"

"""Primary keys: UUIDv7, made by the application, so an id exists before its row does."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A new UUIDv7: roughly in order of time, which keeps B-tree inserts at one end."""
    return uuid7()

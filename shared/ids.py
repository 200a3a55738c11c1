"""Primary keys: UUIDv7, made by the application, so an id exists before its row does."""

import os
from datetime import datetime
from uuid import UUID

from uuid_utils import reseed_rng
from uuid_utils.compat import uuid7

os.register_at_fork(after_in_child=reseed_rng)  # else web processes could make the same ids

_RANDOM_BITS = 80


def new_id() -> UUID:
    """A new UUIDv7: roughly in order of time, which keeps B-tree inserts at one end."""
    return uuid7()


def first_id_of(moment: datetime) -> UUID:
    """Not above any UUIDv7 made from then on, and above all that were made before."""
    return UUID(int=int(moment.timestamp() * 1000) << _RANDOM_BITS)

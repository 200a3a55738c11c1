"""What a database error means to whoever sent the request: a constraint's word is a refusal, never a crash.

Services catch the constraints they expect with `named_constraints`; the rest is told apart by SQLSTATE here.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import ClassVar

from django.db import DatabaseError, DataError, Error, IntegrityError, InterfaceError
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shared.database.conflicts import QUERY_CANCELED, connection_was_lost, constraint_name, is_retryable, sqlstate
from shared.database.transactions import check_if_joined
from shared.errors import InvalidInput, Refusal, Unavailable

_FOREIGN_KEY, _UNIQUE, _EXCLUSION = "23503", "23505", "23P01"
_OUT_OF_MEMORY, DISK_FULL = "53200", "53100"
_BUSY = frozenset({QUERY_CANCELED, _OUT_OF_MEMORY, DISK_FULL})


class Conflict(Refusal):
    """A unique or foreign key constraint said no. `data["constraint"]` names it."""

    code = "conflict"
    title: ClassVar[str | Promise] = _("Conflicts with other records")


class AlreadyExists(Conflict):
    """A value that must be unique is taken; `pointer` is where it stands in the input."""

    code = "already_exists"
    title: ClassVar[str | Promise] = _("Already exists")

    def __init__(self, pointer: str, detail: str) -> None:
        super().__init__(detail, errors=[{"pointer": pointer, "code": "unique", "detail": detail}])


@contextmanager
def named_constraints(refusals: Mapping[str, Callable[[], Refusal]]) -> Iterator[None]:
    """Turn a constraint's violation into its refusal. Outside of `atomic`: foreign keys speak at commit."""
    try:
        yield
        check_if_joined()
    except IntegrityError as error:
        refusal = refusals.get(constraint_name(error) or "")
        if refusal is None:
            raise
        raise refusal() from error


def refusal_for(error: Error) -> Refusal | None:
    """The refusal behind a database error that no service named; None for a fault of ours (bad SQL)."""
    if is_retryable(error) or connection_was_lost(error) or sqlstate(error) in _BUSY:
        return Unavailable(gettext("The database is busy or away. Send the same request again."))
    if isinstance(error, DataError):
        return InvalidInput(("", "out_of_range", gettext("A value is outside of what can be stored.")))
    if isinstance(error, IntegrityError):
        return _integrity_refusal(error)
    return None


def _integrity_refusal(error: DatabaseError | InterfaceError) -> Refusal:
    name = constraint_name(error)
    if sqlstate(error) in {_UNIQUE, _EXCLUSION}:
        return Conflict(gettext("A record like this exists already."), constraint=name)
    if sqlstate(error) == _FOREIGN_KEY:
        return Conflict(gettext("What this points at is gone, or other records point at this one."), constraint=name)
    return InvalidInput(("", name or "constraint", gettext("The values contradict a rule of the database.")))

"""The lock under which a form is compared with the database and saved, whichever model it is of."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model


def lock_rows(model: type[Model], keys: Iterable[Any]) -> None:
    """Lock these rows, in the order of their keys, until the transaction ends. Those that are gone lock nothing."""
    rows = model._base_manager.select_for_update(no_key=True).filter(pk__in=list(keys)).order_by("pk")
    list(rows.values_list("pk"))

"""The frame of every change of an order: its own transaction, the order group's lock, again after a conflict."""

from collections.abc import Callable
from typing import TypeVar

from orders.lifecycle.order_group import OrderGroup
from shared.database.transactions import outermost_transaction, retry_transaction

T = TypeVar("T")


def change_under_lock(
    act: Callable[[OrderGroup], T],
    *,
    lock: Callable[[], OrderGroup],
    name: str,
    find_done: Callable[[], T | None] = lambda: None,
) -> T:
    """What `act` answers for the order group that `lock` locks; its transaction commits when it returns.

    After a conflict or a lost connection all of it runs again. Another try first asks `find_done`, under the lock,
    for what an earlier one may have committed unheard: by an id made before the first try. `name` is for the log.
    Raises what `lock` and `act` raise, and Unavailable.
    """

    def attempt(again: bool) -> T:
        with outermost_transaction():
            group = lock()
            # Only from the second try on: the first cannot have committed anything, and is spared the statement.
            if again and (done := find_done()) is not None:
                return done
            return act(group)

    return retry_transaction(attempt, name=name, find_done=find_done)

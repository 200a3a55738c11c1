"""The entry before the cells: an order of one cell goes there as it is, one of several is held together by a parent.

The parent lies in the database of the first of its cells and is the only thing that the entry keeps. It goes from
reserving to held once every cell has its sub-order reserved, to paid once the money is there, to settled once every
cell knows; or to refused, or expired. Each step can be taken again. What a dead entry leaves reserved expires by
itself: that, and not an undo log, is the compensation.

Knows nothing of Django: a process that is made to be killed must start at once.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any, Final

import psycopg

SECONDS: Final = 30
# An order may be paid until so long before the first of its reservations ends: the cells have to be told in between.
MARGIN: Final = "1 minute"
TABLE: Final = """
    CREATE TABLE cells_parent (
        key text PRIMARY KEY,
        state text NOT NULL CHECK (state IN ('reserving', 'held', 'paid', 'settled', 'refused', 'expired')),
        cells integer NOT NULL,
        sub_orders jsonb NOT NULL DEFAULT '{}',
        reserved_until timestamptz
    )
"""
_BEGIN: Final = """
    INSERT INTO cells_parent (key, cells, state) VALUES (%(key)s, %(cells)s, 'reserving') ON CONFLICT (key) DO NOTHING
"""
_HOLD: Final = """
    UPDATE cells_parent SET state = 'held', sub_orders = %(sub_orders)s, reserved_until = %(until)s
    WHERE key = %(key)s AND state = 'reserving'
"""
_PAY: Final = f"""
    UPDATE cells_parent SET state = 'paid'
    WHERE key = %(key)s AND state = 'held' AND reserved_until > now() + interval '{MARGIN}'
"""
_SETTLE: Final = "UPDATE cells_parent SET state = 'settled' WHERE key = %(key)s AND state = 'paid'"
_REFUSE: Final = "UPDATE cells_parent SET state = 'refused' WHERE key = %(key)s AND state = 'reserving'"
_EXPIRE: Final = "UPDATE cells_parent SET state = 'expired' WHERE state = 'held' AND reserved_until <= now()"


@dataclass(frozen=True)
class Cell:
    """A Kontor of its own. `url`: of its database."""

    port: int
    url: str


@dataclass(frozen=True)
class CrossOrder:
    """`lines`: by the number of the cell, the variant and how many units. The parent lies in the first cell."""

    key: str
    customer: str
    lines: Mapping[int, tuple[str, int]]


class Entry:
    """One client's way to the cells; not to be shared by threads."""

    def __init__(self, cells: list[Cell], secret: str, reached: Callable[[], None] = lambda: None) -> None:
        """`reached` is called before, in and after each step: where a test may end the process."""
        self._secret, self._reached = secret, reached
        self._web = [HTTPConnection("127.0.0.1", cell.port, timeout=SECONDS) for cell in cells]
        self._databases = [psycopg.connect(cell.url, connect_timeout=SECONDS) for cell in cells]

    def close(self) -> None:
        for connection in [*self._web, *self._databases]:
            connection.close()

    def place_within(self, cell: int, key: str, customer: str, lines: Mapping[str, int]) -> tuple[int, Any]:
        """An order of one cell: one transaction, as ever. The status and the answer."""
        items = [{"variant": variant, "quantity": quantity} for variant, quantity in lines.items()]
        return self._ask(cell, "POST", "/orders", {"customer": customer, "items": items}, key)

    def place(self, order: CrossOrder) -> bool:
        """Reserve in each cell, in the order of their numbers; whether all have it."""
        home = min(order.lines)
        self._write(home, _BEGIN, key=order.key, cells=len(order.lines))
        held: dict[int, Any] = {}
        for cell, (variant, quantity) in sorted(order.lines.items()):
            status, answer = self.place_within(cell, f"{order.key}/{cell}", order.customer, {variant: quantity})
            if status not in (200, 201):
                self._give_up(home, order.key, held)
                return False
            held[cell] = answer
        until = min(answer["payment_expires_at"] for answer in held.values())
        sub_orders = json.dumps({cell: answer["id"] for cell, answer in held.items()})
        if self._write(home, _HOLD, key=order.key, sub_orders=sub_orders, until=until) == 1:
            return True
        is_refused = self._state(home, order.key) == "refused"  # else another entry has it, and goes on with it
        if is_refused:
            self._give_up(home, order.key, held)
        return not is_refused

    def pay(self, order: CrossOrder) -> bool:
        """Take the money, once, and tell every cell. False where it is too late, or nothing is held."""
        home = min(order.lines)
        if not self._write(home, _PAY, key=order.key):
            return False
        self._settle(home, order.key)
        return True

    def recover(self) -> None:
        """Bring to an end what entries left: what was paid is told, what was never held is refused."""
        for home, database in enumerate(self._databases):
            with database.transaction():
                begun = database.execute(
                    "SELECT key, state FROM cells_parent WHERE state IN ('reserving', 'paid')"
                ).fetchall()
                database.execute(_EXPIRE)
            for key, state in begun:
                if state == "paid":
                    self._settle(home, key)
                else:
                    self._write(home, _REFUSE, key=key)

    def _give_up(self, home: int, key: str, held: Mapping[int, Any]) -> None:
        """What was reserved is free at once; where that fails, it is when the reservation ends."""
        for cell, answer in held.items():
            self._ask(cell, "DELETE", f"/orders/{answer['id']}")
        self._write(home, _REFUSE, key=key)

    def _state(self, home: int, key: str) -> str:
        with self._databases[home].transaction():
            [(state,)] = self._databases[home].execute(
                "SELECT state FROM cells_parent WHERE key = %s", [key]
            ).fetchall()  # fmt: skip
        return str(state)

    def _settle(self, home: int, key: str) -> None:
        with self._databases[home].transaction():
            [(sub_orders,)] = self._databases[home].execute(
                "SELECT sub_orders FROM cells_parent WHERE key = %s", [key]
            ).fetchall()  # fmt: skip
        for cell, order in sorted(sub_orders.items()):
            status, answer = self._ask(
                int(cell), "PATCH", f"/orders/{order}/payment", {"status": "paid", "reference": key}
            )
            if status != 200:
                raise CellError(f"{key}: cell {cell} says {status} to what was paid: {answer}")
        self._write(home, _SETTLE, key=key)

    def _write(self, cell: int, statement: str, **values: object) -> int:
        """How many parents were there to change."""
        self._reached()
        with self._databases[cell].transaction():
            changed = self._databases[cell].execute(statement, values).rowcount
            self._reached()
        self._reached()
        return changed

    def _ask(self, cell: int, method: str, path: str, body: object = None, key: str = "") -> tuple[int, Any]:
        connection = self._web[cell]
        headers = {"Authorization": f"Api-Key {self._secret}", "Content-Type": "application/json"}
        self._reached()
        connection.request(
            method, f"/api/v1{path}", None if body is None else json.dumps(body),
            headers | ({"Idempotency-Key": key} if key else {}),
        )  # fmt: skip
        self._reached()
        response = connection.getresponse()
        text = response.read()
        self._reached()
        with suppress(ValueError):
            return response.status, json.loads(text)
        return response.status, text


class CellError(Exception):
    """A cell that answers what it must not."""

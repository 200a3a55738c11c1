"""Bugs that the suite must catch: each is planted by exact replacement of text, and names the tests that must fail."""

from dataclasses import dataclass

RACES = "tests/concurrency/test_races.py"
REPEATING = "tests/contracts/test_repeating.py"
WINNERS = "tests/concurrency/test_winners.py"
PAYING = "tests/contracts/orders/test_paying.py"
PAYING_LATE = "tests/contracts/orders/test_paying_late.py"


@dataclass(frozen=True)
class Edit:
    """In `file`, `old` (which stands there exactly once) becomes `new`."""

    file: str
    old: str
    new: str


@dataclass(frozen=True)
class Bug:
    name: str
    tests: tuple[str, ...]
    edits: tuple[Edit, ...]


def _bug(name: str, tests: str, file: str, old: str, new: str) -> Bug:
    return Bug(name, (tests,), (Edit(file, old, new),))


_STOCK = "catalog/services/stock.py"
_PLACING = "orders/services/place_order.py"
_TRY = "orders/placing/attempt.py"
_PLAN = "orders/placing/plan.py"
_WANTED = "orders/placing/wanted.py"
_PAYMENT = "orders/services/confirm_payment.py"

_TOGETHER = "shared/together.py"
_STEPPED = "tests/concurrency/test_together_stepped.py"

BUGS: tuple[Bug, ...] = (
    _bug(
        "who leads is read after leaving the lock",
        _STEPPED,
        _TOGETHER,
        "        with self._lock:\n            if self._leader is mine:\n                return True\n",
        "        if self._leader is mine:\n            return True\n        with self._lock:\n",
    ),
    _bug(
        "the lead is handed over beside the lock",
        _STEPPED,
        _TOGETHER,
        "                if self._leader is mine:\n"
        "                    self._appoint(self._waiting[0] if self._waiting else None)\n"
        "                for waiting in batch:\n"
        "                    waiting.wake()\n",
        "                for waiting in batch:\n"
        "                    waiting.wake()\n"
        "            if self._leader is mine:\n"
        "                self._appoint(self._waiting[0] if self._waiting else None)\n",
    ),
    _bug(
        "a thread that leads is woken twice",
        _STEPPED,
        _TOGETHER,
        "        if not self.woken:\n",
        "        if self is not None:\n",
    ),
    _bug(
        "those whose common work failed are not woken",
        _STEPPED,
        _TOGETHER,
        "                for waiting in batch:\n                    waiting.wake()\n",
        "                for waiting in [one for one in batch if one.answers]:\n                    waiting.wake()\n",
    ),
    _bug(
        "who is out of patience stays in the queue",
        _STEPPED,
        _TOGETHER,
        "                self._waiting.remove(mine)\n                self._replace",
        "                self._replace",
    ),
    _bug(
        "stock is read without FOR UPDATE",
        RACES,
        _STOCK,
        'StockLevel.objects.select_for_update(of=("self",), no_key=True)',
        "StockLevel.objects.all()",
    ),
    _bug("stock is locked in no order", RACES, _STOCK, '.order_by("pk")\n', '.order_by("?")\n'),
    _bug(
        "stock is not looked at again under the lock",
        RACES,
        _STOCK,
        "    if shortages:\n        raise StockShort(shortages)\n",
        "    del shortages\n",
    ),
    _bug(
        "key and order commit before the stock is taken",
        RACES,
        _TRY,
        "        placed = [rows for rows in orders",
        "    with outermost_transaction():\n        placed = [rows for rows in orders",
    ),
    _bug(
        "orders are read without FOR UPDATE",
        WINNERS,
        "orders/locking.py",
        'family.select_for_update(of=("self",), no_key=True).order_by(',
        "family.order_by(",
    ),
    _bug(
        "an overdue order expires blindly, without a second look",
        WINNERS,
        "orders/services/expire_unpaid_orders.py",
        "        if order.status != OrderStatus.PENDING or deadline is None or deadline > moment:\n"
        "            return 0\n",
        "        del deadline\n",
    ),
    Bug(
        "after a lost commit the order is placed anew",
        ("tests/concurrency/test_lost_commit.py",),
        (
            Edit(_TRY, "order_id=attempt.order_id,", "order_id=new_id(),"),
            Edit(
                _TRY,
                "from shared.errors import Refusal\n",
                "from shared.errors import Refusal\nfrom shared.ids import new_id\n",
            ),
            Edit(_PLACING, "return (find_placed() if again else None) or _conclude(", "return _conclude("),
        ),
    ),
    Bug(
        "keys are shared by all principals",
        ("tests/contracts/orders/test_placing_again.py",),
        (
            Edit(
                "orders/placing/rows.py",
                '"principal_id": actor.principal_id',
                '"principal_id": UUID(int=0)',
            ),
            Edit(_PLACING, "principal_id = attempt.actor.principal_id", "principal_id = UUID(int=0)"),
        ),
    ),
    _bug(
        "the fingerprint leaves the note out",
        "tests/contracts/orders/test_placing_again.py",
        _WANTED,
        "items, request.note, request.currency]",
        "items, request.currency]",
    ),
    _bug(
        "only the first short line is told",
        "tests/contracts/orders/test_placing_refused.py",
        _PLAN,
        "[_shortage(line, answer.available) for line, answer in short]",
        "[_shortage(line, answer.available) for line, answer in short[:1]]",
    ),
    _bug(
        "units are released without a ledger row",
        "tests/properties",
        _STOCK,
        "    _write(levels, moves, MovementKind.RELEASE, reason=reason, now=now)\n",
        "    for move in moves:\n"
        "        level = StockLevel.objects.get(pk=move.level_id)\n"
        "        level.reserved -= move.quantity\n"
        "        level.save()\n",
    ),
    _bug(
        "a cancelled order keeps its stock",
        "tests/contracts/orders/test_cancelling.py",
        "orders/services/cancel_order.py",
        "    end_holds(holds, as_status=ReservationStatus.CANCELLED, actor=actor, now=now,"
        ' reason=f"order {order.number}")\n',
        "    del holds\n",
    ),
    _bug(
        "any amount pays an order",
        PAYING,
        _PAYMENT,
        "            _check_amount(order, amount, currency, "
        "expected=_expected(order, payments, reference, open_amount))\n",
        "",
    ),
    _bug(
        "a late payment revives what was cancelled by hand",
        PAYING_LATE,
        "orders/receiving.py",
        "        and order.cancel_reason == CancelReason.PAYMENT_TIMEOUT\n",
        "",
    ),
    _bug(
        "a stale If-Match is let through",
        "tests/contracts/orders/test_moving_on.py",
        "orders/services/advance_order.py",
        "            check_version(order, expected_version)\n",
        "",
    ),
    _bug(
        "a customer sees everyone's orders",
        "tests/contracts/orders/test_lists.py",
        "orders/api/reach.py",
        "    if is_staff(request):\n        return Q()\n",
        "    return Q()\n",
    ),
    _bug(
        "halves are rounded to the even digit",
        "tests/contracts/orders/test_amounts.py",
        "shared/money.py",
        "rounding=ROUND_HALF_UP",
        'rounding="ROUND_HALF_EVEN"',
    ),
    _bug(
        "a repeated request is done again",
        REPEATING,
        "shared/idempotency.py",
        "            if earlier is not None:\n",
        "            if earlier is not None and earlier.answer is None:\n",
    ),
    _bug(
        "the key commits before what it names",
        REPEATING,
        "shared/idempotency.py",
        "        with one_transaction():\n            earlier = _insert(claim, key_id)\n",
        "        earlier = _insert(claim, key_id)\n        with one_transaction():\n",
    ),
    _bug(
        "a key says nothing of the body it was sent with",
        REPEATING,
        "shared/api/idempotency.py",
        "for name, value in kwargs.items()}, request.data]",
        "for name, value in kwargs.items()}]",
    ),
    _bug(
        "a form writes over what a colleague has saved meanwhile",
        "tests/journeys/test_two_colleagues.py",
        "shared/admin/conflicts/form.py",
        "        merging.merge_form(form, record)\n",
        "",
    ),
    _bug(
        "a form is compared without the record's lock",
        "tests/concurrency/test_form_races.py",
        "shared/admin/conflicts/form.py",
        "            self.lock_record(self.opts.pk.to_python(key))\n",
        "            self.opts.pk.to_python(key)\n",
    ),
    _bug(
        "a row that a colleague changed is deleted unasked",
        "tests/journeys/test_two_colleagues_lines.py",
        "shared/admin/conflicts/merging.py",
        "        elif changed or (key in self.opened.asked and choice != MINE):\n",
        "        elif key in self.opened.asked and choice != MINE:\n",
    ),
)

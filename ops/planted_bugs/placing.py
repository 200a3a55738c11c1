"""Bugs of placing an order, and of the stock that it takes."""

from ops.planted_bugs.bug import Bug, Edit, one_edit

RACES = "tests/orders/placing/test_placing_races.py"
_STOCK = "inventory/ledger/stock.py"
_PLACING = "orders/services/orders/place_order.py"
_TRY = "orders/placing/attempt.py"
_PLAN = "orders/placing/plan.py"
_WANTED = "orders/placing/requested_lines.py"

BUGS: tuple[Bug, ...] = (
    one_edit(
        "stock is read without FOR UPDATE",
        RACES,
        _STOCK,
        'StockLevel.objects.select_for_update(of=("self",), no_key=True)',
        "StockLevel.objects.all()",
    ),
    Bug(
        "placing believes a cache",
        ("tests/architecture/test_caches.py",),
        (
            Edit(
                _TRY,
                "    sellables = read_sellables(\n",
                "    read = partial(_remembered, cache)\n    sellables = read(\n",
            ),
            Edit(
                _TRY,
                "from inventory.sellable_variants import SellableVariant, read_sellables\n",
                "from functools import partial\n\nfrom django.core.cache import cache\n\n"
                "from inventory.sellable_variants import SellableVariant, read_sellables\n\n\n"
                "def _remembered(store, references, **named):\n"
                "    references = sorted(references)\n"
                "    key = repr((references, named))\n"
                "    return store.get_or_set(key, lambda: read_sellables(references, **named), 60)\n\n\n",
            ),
        ),
    ),
    one_edit("stock is locked in no order", RACES, _STOCK, '.order_by("pk")\n', '.order_by("?")\n'),
    one_edit(
        "stock is not looked at again under the lock",
        RACES,
        _STOCK,
        "    if shortages:\n        raise StockShort(shortages)\n",
        "    del shortages\n",
    ),
    one_edit(
        "key and order commit before the stock is taken",
        RACES,
        _TRY,
        "        placed = [rows for rows in orders",
        "    with outermost_transaction():\n        placed = [rows for rows in orders",
    ),
    Bug(
        "after a lost commit the order is placed anew",
        ("tests/outages/test_lost_commit.py",),
        (
            Edit(_TRY, "order_id=attempt.order_id,", "order_id=new_id(),"),
            Edit(
                _TRY,
                "from shared.errors import Refusal\n",
                "from shared.errors import Refusal\nfrom shared.ids import new_id\n",
            ),
            Edit(
                _PLACING, "return (find_placed() if again else None) or _order_of_result(", "return _order_of_result("
            ),
        ),
    ),
    Bug(
        "keys are shared by all principals",
        ("tests/orders/placing/test_placing_again.py",),
        (
            Edit(
                "orders/placing/rows.py",
                '"principal_id": actor.principal_id',
                '"principal_id": UUID(int=0)',
            ),
            Edit(_PLACING, "principal_id = attempt.actor.principal_id", "principal_id = UUID(int=0)"),
        ),
    ),
    one_edit(
        "the fingerprint leaves the note out",
        "tests/orders/placing/test_placing_again.py",
        _WANTED,
        "items, request.note, request.currency]",
        "items, request.currency]",
    ),
    one_edit(
        "only the first short line is told",
        "tests/orders/placing/test_placing_refused.py",
        _PLAN,
        "[_shortage_of(line, answer.available) for line, answer in short]",
        "[_shortage_of(line, answer.available) for line, answer in short[:1]]",
    ),
    Bug(
        "placing takes prices and stock from a cache",
        ("tests/architecture/test_caches.py",),
        (
            Edit(
                _TRY,
                "from django.conf import settings\n",
                "from django.conf import settings\nfrom django.core.cache import cache\n",
            ),
            Edit(_TRY, "sellables = read_sellables(", 'sellables = cache.get("sellables") or read_sellables('),
        ),
    ),
)

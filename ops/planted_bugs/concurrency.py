"""Bugs that only show when two act at once, or one acts twice."""

from ops.planted_bugs.bug import Bug, one_edit

REPEATING = "tests/api/test_repeating.py"
CONDITIONAL = "tests/api/test_conditional.py"
TAGS = "tests/api/test_tags.py"
_MEETINGS = "tests/orders/services/test_meetings.py"
_TOGETHER = "shared/concurrency/together.py"
_STEPPED = "tests/shared/concurrency/test_together_stepped.py"

BUGS: tuple[Bug, ...] = (
    one_edit(
        "meeting: an order is read and not locked",
        _MEETINGS,
        "orders/lifecycle/locking.py",
        '    locked = group.select_for_update(of=("self",), no_key=True)\n'
        '    return locked.order_by(F("parent_id").asc(nulls_first=True), "number")\n',
        '    return group.order_by(F("parent_id").asc(nulls_first=True), "number")\n',
    ),
    one_edit(
        "meeting: stock is locked level by level, as each comes",
        _MEETINGS,
        "inventory/ledger/stock.py",
        "    rows = _LOCK.fetch(ids=list(set(level_ids)))\n",
        "    rows = [row for level_id in dict.fromkeys(level_ids) for row in _LOCK.fetch(ids=[level_id])]\n",
    ),
    one_edit(
        "meeting: what was overdue expires without another look under the lock",
        _MEETINGS,
        "orders/services/orders/expire_unpaid_orders.py",
        "        if order.status != OrderStatus.PENDING or deadline is None or deadline > moment:\n"
        "            return 0\n",
        "        del deadline\n",
    ),
    one_edit(
        "meeting: what has changed since a transaction before is not cancelled, and nobody hears of it",
        _MEETINGS,
        "orders/services/orders/cancel_order.py",
        "    event_id = new_id()\n\n    def cancel(group: OrderGroup) -> Order:\n        order = group.parent\n",
        "    event_id = new_id()\n"
        "    seen = change_under_lock(\n"
        '        lambda group: group.parent, lock=partial(lock_parent_order, order_id), name="see"\n'
        "    )\n\n"
        "    def cancel(group: OrderGroup) -> Order:\n"
        "        order = group.parent\n"
        "        if order.payment_status != seen.payment_status:\n"
        "            return order\n",
    ),
    one_edit(
        "who leads is read after leaving the lock",
        _STEPPED,
        _TOGETHER,
        "        with self._lock:\n            if self._leader is mine:\n                return True\n",
        "        if self._leader is mine:\n            return True\n        with self._lock:\n",
    ),
    one_edit(
        "the lead is handed over beside the lock",
        _STEPPED,
        _TOGETHER,
        "                if self._leader is mine:\n"
        "                    self._appoint_leader(self._waiting[0] if self._waiting else None)\n"
        "                for waiting in batch:\n"
        "                    waiting.wake()\n",
        "                for waiting in batch:\n"
        "                    waiting.wake()\n"
        "            if self._leader is mine:\n"
        "                self._appoint_leader(self._waiting[0] if self._waiting else None)\n",
    ),
    one_edit(
        "a thread that leads is woken twice",
        _STEPPED,
        _TOGETHER,
        "        if not self.woken:\n",
        "        if self is not None:\n",
    ),
    one_edit(
        "those whose common work failed are not woken",
        _STEPPED,
        _TOGETHER,
        "                for waiting in batch:\n                    waiting.wake()\n",
        "                for waiting in [one for one in batch if one.answers]:\n                    waiting.wake()\n",
    ),
    one_edit(
        "who is out of patience stays in the queue",
        _STEPPED,
        _TOGETHER,
        "                self._waiting.remove(mine)\n                self._replace",
        "                self._replace",
    ),
    one_edit(
        "a stale If-Match is let through",
        "tests/orders/lifecycle/test_moving_on.py",
        "orders/services/orders/advance_order.py",
        "        check_version(order, expected_version)\n",
        "",
    ),
    one_edit(
        "a repeated request is done again",
        REPEATING,
        "shared/concurrency/idempotency.py",
        "            if earlier is not None:\n",
        "            if earlier is not None and earlier.answer is None:\n",
    ),
    one_edit(
        "the key commits before what it names",
        REPEATING,
        "shared/concurrency/idempotency.py",
        "        with one_transaction():\n            earlier = _insert_key(claim, key_id)\n",
        "        earlier = _insert_key(claim, key_id)\n        with one_transaction():\n",
    ),
    one_edit(
        "a key says nothing of the body it was sent with",
        REPEATING,
        "shared/api/idempotency.py",
        "for name, value in kwargs.items()}, request.data]",
        "for name, value in kwargs.items()}]",
    ),
    one_edit(
        "a form writes over what a colleague has saved meanwhile",
        "tests/admin/test_two_colleagues.py",
        "shared/admin/conflicts/form.py",
        "        merging.merge_form(form, record)\n",
        "",
    ),
    one_edit(
        "a form is compared without the record's lock",
        "tests/admin/test_form_races.py",
        "shared/admin/conflicts/form.py",
        "            self.lock_record(self.opts.pk.to_python(key))\n",
        "            self.opts.pk.to_python(key)\n",
    ),
    one_edit(
        "a row that a colleague changed is deleted unasked",
        "tests/admin/test_two_colleagues_lines.py",
        "shared/admin/conflicts/merging.py",
        "        elif changed or (key in self.opened.asked and choice != MINE):\n",
        "        elif key in self.opened.asked and choice != MINE:\n",
    ),
    one_edit(
        "a whole order keeps its version when a part of it steps on",
        TAGS,
        "orders/lifecycle/changes.py",
        "        raise_versions(Order.objects.filter(pk=order.parent.pk))\n        order.parent.version += 1\n",
        "        pass\n",
    ),
    one_edit(
        "a merge leaves the versions of the orders that it moves",
        TAGS,
        "crm/merging/sql.py",
        '_COUNTERS = ("version", "changes_elsewhere")\n',
        "_COUNTERS = ()\n",
    ),
    one_edit(
        "a threshold is set without a new version",
        CONDITIONAL,
        "inventory/services/set_low_stock_threshold.py",
        '        version=F("version") + 1,\n        threshold_changes=F("threshold_changes") + 1,\n',
        "",
    ),
    one_edit(
        "of two changes by one tag none is stale",
        CONDITIONAL,
        "shared/api/conditional.py",
        "one_transaction(serializable=True)",
        "one_transaction()",
    ),
)

"""Bugs that the suite must catch: each is planted by exact replacement of text, and names the tests that must fail."""

from dataclasses import dataclass

RACES = "tests/concurrency/test_races.py"
REPEATING = "tests/contracts/test_repeating.py"
CONDITIONAL = "tests/contracts/test_conditional.py"
TAGS = "tests/properties/test_tags.py"
WINNERS = "tests/concurrency/test_winners.py"
MIGRATING = "tests/database/test_migrating.py"
PAYING = "tests/contracts/orders/test_paying.py"
PAYING_LATE = "tests/contracts/orders/test_paying_late.py"
SCOPES = "tests/contracts/test_scopes.py"
AGREED = "tests/contracts/test_agreed_prices.py"
REACH = "tests/contracts/test_reach_of_others.py"
RANK = "tests/contracts/test_rank.py"
PRIVACY = "tests/journeys/test_privacy.py"


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


_TURNS = "config/processes/setup_lock.py"
_STOCK = "inventory/ledger/stock.py"
_PLACING = "orders/services/orders/place_order.py"
_TRY = "orders/placing/attempt.py"
_PLAN = "orders/placing/plan.py"
_WANTED = "orders/placing/requested_lines.py"
_PAYMENT = "orders/services/payments/confirm_payment.py"

_TOGETHER = "shared/concurrency/together.py"
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
        "orders/lifecycle/locking.py",
        'family.select_for_update(of=("self",), no_key=True).order_by(',
        "family.order_by(",
    ),
    _bug(
        "an overdue order expires blindly, without a second look",
        WINNERS,
        "orders/services/orders/expire_unpaid_orders.py",
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
        "orders/services/orders/cancel_order.py",
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
        "orders/incoming_payments/receiving.py",
        "        and order.cancel_reason == CancelReason.PAYMENT_TIMEOUT\n",
        "",
    ),
    _bug(
        "a stale If-Match is let through",
        "tests/contracts/orders/test_moving_on.py",
        "orders/services/orders/advance_order.py",
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
        "shared/money/amounts.py",
        "rounding=ROUND_HALF_UP",
        'rounding="ROUND_HALF_EVEN"',
    ),
    _bug(
        "a repeated request is done again",
        REPEATING,
        "shared/concurrency/idempotency.py",
        "            if earlier is not None:\n",
        "            if earlier is not None and earlier.answer is None:\n",
    ),
    _bug(
        "the key commits before what it names",
        REPEATING,
        "shared/concurrency/idempotency.py",
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
    _bug(
        "a deal is ordered with the scope of the CRM alone",
        SCOPES,
        "crm/api/deals/views.py",
        '"order": (Scope.CRM_WRITE, Scope.ORDERS_WRITE)',
        '"order": Scope.CRM_WRITE',
    ),
    _bug(
        "all that is kept about a person is read with the scope of the CRM",
        SCOPES,
        "crm/api/privacy/views.py",
        '"read": Scope.PRIVACY_READ',
        '"read": Scope.CRM_READ',
    ),
    _bug(
        "one of an action's scopes is enough",
        SCOPES,
        "shared/api/permissions.py",
        "return bool(scopes) and not lacking",
        "return len(lacking) < len(scopes)",
    ),
    _bug(
        "a key orders a deal at any price",
        AGREED,
        "crm/services/deals/order_deal.py",
        "    if not agrees_prices:\n",
        "    if not deal:\n",
    ),
    _bug(
        "an edit gives money back without the right to refund",
        AGREED,
        "orders/services/orders/edit_order.py",
        "if not may_refund and _money(family, plan).back:",
        "if not may_refund and _money(family, plan).due:",
    ),
    _bug(
        "staff without a role may do everything over the API",
        "tests/contracts/test_ownership.py",
        "shared/api/principal.py",
        "return is_staff(request) and request.user.has_perm(permission)",
        "return is_staff(request) and (not request.user.has_role or request.user.has_perm(permission))",
    ),
    _bug(
        "a colleague's customer is merged away over the API",
        REACH,
        "crm/api/merging/views.py",
        "        check_may_change(request.user, kept, duplicate)\n",
        "",
    ),
    _bug(
        "a colleague's customer is merged away in the admin",
        REACH,
        "crm/admin/merging/duplicates.py",
        "        check_may_change(request.user, kept, duplicate)\n",
        "",
    ),
    _bug(
        "of two customers to merge one must be within reach",
        REACH,
        "users/access/ownership.py",
        "if not all(may_change(user, row) for row in rows):",
        "if not any(may_change(user, row) for row in rows):",
    ),
    _bug(
        "undoing a merge looks at the kept customer alone",
        REACH,
        "crm/merging/visibility.py",
        "check_may_change(user, merge.kept, *back)",
        "check_may_change(user, merge.kept)",
    ),
    _bug(
        "anybody says of a colleague's customer that it is another",
        REACH,
        "crm/api/merging/views.py",
        "        check_may_change(request.user, pair.first, pair.second)\n",
        "",
    ),
    _bug(
        "a lead is converted into a colleague's customer",
        REACH,
        "crm/api/leads/views.py",
        '            check_may_change(request.user, *Customer.objects.filter(pk=body["customer_id"]))\n',
        "",
    ),
    _bug(
        "a list of the admin compares any column",
        "tests/contracts/test_admin_lookups.py",
        "shared/admin/base.py",
        "            if key not in self._declared_lookups():\n",
        "            if not key:\n",
    ),
    _bug(
        "a calendar's secret is kept as it is",
        "tests/journeys/test_calendar.py",
        "crm/services/tasks/make_calendar_token.py",
        "return sha256(token.encode()).hexdigest()",
        "return sha256(token.encode()).hexdigest() and token",
    ),
    _bug(
        "whoever changes logins sets the password of somebody who may do more",
        RANK,
        "users/access/rank.py",
        "return logins.filter(Q(pk=user.pk) | ~more, is_superuser=False)",
        "return logins.filter(Q(pk=user.pk) | ~Q(pk=None), is_superuser=False)",
    ),
    _bug(
        "a role is given with rights beyond one's own",
        RANK,
        "users/access/rank.py",
        'links.filter(permission__in=_beyond(user)).values("group_id")',
        'links.none().values("group_id")',
    ),
    _bug(
        "a record's history shows what its reader may not view",
        RANK,
        "shared/admin/history.py",
        "sorted(set(tables) - tables_hidden_from(request.user))",
        "sorted(set(tables) - tables_hidden_from(request.user).difference(tables))",
    ),
    _bug(
        "old news of a refund's success hides that it failed",
        "tests/payments/test_taken_back.py",
        "orders/services/refunds/settle_refund.py",
        " and not _is_old_news(refund, step):\n                _take_step",
        ":\n                _take_step",
    ),
    _bug(
        "a refund at the provider is given back once more by us",
        "tests/payments/test_taken_back.py",
        "orders/refunds/create_refunds.py",
        "if refund.payment.provider != MANUAL and gone is None:",
        "if refund.payment.provider != MANUAL:",
    ),
    _bug(
        "a declined attempt stays open at its provider",
        "tests/payments/test_stripe.py",
        "payments/providers/stripe.py",
        "failed_may_be_paid: ClassVar[bool] = True",
        "failed_may_be_paid: ClassVar[bool] = False",
    ),
    _bug(
        "a coupon once a person is once a record",
        "tests/concurrency/test_coupon_races.py",
        "orders/pricing/coupon_use.py",
        "customer__in=ids_of_same_person(customer_id)",
        "customer=customer_id",
    ),
    _bug(
        "goods leave though a part of their price is open",
        "tests/contracts/orders/test_open_amounts.py",
        "orders/incoming_payments/settled.py",
        "    if shown_due(root):\n",
        "    if not root:\n",
    ),
    Bug(
        "who sets up waits for its turn in a statement",
        (MIGRATING,),
        (
            Edit(_TURNS, "SELECT pg_try_advisory_lock(%s)", "SELECT pg_advisory_lock(%s)"),
            Edit(_TURNS, "if cursor.fetchone()[0]:", "if cursor.fetchone():"),
        ),
    ),
    _bug(
        "an index that was left invalid passes for a whole one",
        MIGRATING,
        "shared/database/backend/schema.py",
        "if found == (True,):",
        "if found:",
    ),
    _bug(
        "a migration and the note that it is done do not commit together",
        MIGRATING,
        "config/management/commands/migrate.py",
        "with transaction.atomic(self.connection.alias) if migration.atomic else nullcontext():",
        "with nullcontext():",
    ),
    _bug(
        "a table in use ends the set-up",
        MIGRATING,
        "config/management/commands/migrate.py",
        "if sqlstate(error) not in (LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED):",
        "if error is not None:",
    ),
    _bug(
        "a whole order keeps its version when a part of it steps on",
        TAGS,
        "orders/lifecycle/changes.py",
        "        raise_versions(Order.objects.filter(pk=order.parent.pk))\n        order.parent.version += 1\n",
        "        pass\n",
    ),
    _bug(
        "a merge leaves the versions of the orders that it moves",
        TAGS,
        "crm/merging/sql.py",
        '_COUNTERS = ("version", "changes_elsewhere")\n',
        "_COUNTERS = ()\n",
    ),
    _bug(
        "a threshold is set without a new version",
        CONDITIONAL,
        "inventory/services/set_low_stock_threshold.py",
        '        version=F("version") + 1,\n        threshold_changes=F("threshold_changes") + 1,\n',
        "",
    ),
    _bug(
        "of two changes by one tag none is stale",
        CONDITIONAL,
        "shared/api/conditional.py",
        "one_transaction(serializable=True)",
        "one_transaction()",
    ),
    _bug(
        "an erased person's address stays in the invoice",
        PRIVACY,
        "orders/services/upkeep/erase_words.py",
        '    Invoice.objects.filter(of_orders).update(content=_Set("content", "buyer,email", ""))\n',
        "",
    ),
    _bug(
        "an erased person stays in what a provider told",
        PRIVACY,
        "payments/services/erase_payer.py",
        '    told.update(body=b"", headers={}, error="")\n',
        '    told.update(error="")\n',
    ),
    _bug(
        "a lead is of everybody who has its address",
        PRIVACY,
        "crm/privacy/known_addresses.py",
        '(any_in_any_case("email", shared) & same)',
        'any_in_any_case("email", shared)',
    ),
    _bug(
        "an order's e-mail looks for its lines in all orders",
        "tests/database/full_tables/test_job_plans.py",
        "crm/mail/order_values.py",
        'OrderItem.objects.filter(one_of("order_id", ids_of_whole(order.pk)), quantity__gt=0)',
        "OrderItem.objects.filter(order=order) | "
        "OrderItem.objects.filter(order__in=Order.objects.filter(parent=order))",
    ),
    _bug(
        "the admin knows no address of customers",
        "tests/architecture/test_master_data.py",
        "users/admin/customer.py",
        '("address", "language"), ',
        "",
    ),
    _bug(
        "a page of the admin saves its model by itself",
        "tests/architecture/test_one_write_path.py",
        "users/admin/tag.py",
        "from shared.admin.saving import ServiceAdmin, Values\n",
        "from shared.admin.base import KontorAdmin as ServiceAdmin\nfrom shared.admin.saving import Values\n",
    ),
    _bug(
        "what a service refuses of a row is not said at the row",
        "tests/journeys/test_saved_by_services.py",
        "shared/admin/conflicts/refused.py",
        "            show(form, about)\n",
        "            continue\n",
    ),
    _bug(
        "an erased person keeps country and language",
        "tests/architecture/test_master_data.py",
        "users/services/erase_login.py",
        '    customer.country, customer.language = "", Language.ENGLISH\n',
        "",
    ),
)

"""Bugs of migrations, of plans, and of what is kept about people."""

from ops.planted_bugs.bug import Bug, Edit, one_edit

MIGRATING = "tests/config/test_migrating.py"
PRIVACY = "tests/crm/privacy/test_privacy.py"
_TURNS = "config/processes/setup_lock.py"

BUGS: tuple[Bug, ...] = (
    Bug(
        "who sets up waits for its turn in a statement",
        (MIGRATING,),
        (
            Edit(_TURNS, "SELECT pg_try_advisory_lock(%s)", "SELECT pg_advisory_lock(%s)"),
            Edit(_TURNS, "if cursor.fetchone()[0]:", "if cursor.fetchone():"),
        ),
    ),
    one_edit(
        "an index that was left invalid passes for a whole one",
        MIGRATING,
        "shared/database/backend/schema.py",
        "if is_valid:",
        "if is_valid is not None:",
    ),
    one_edit(
        "a conversion to months that ended early goes on refusing the coming month",
        "tests/orders/partitioning/test_converting.py",
        "orders/partitioning/convert.py",
        "if not is_partitioned(table):\n                forget_bound(table)",
        "if not is_partitioned(table):\n                pass",
    ),
    one_edit(
        "a migration and the note that it is done do not commit together",
        MIGRATING,
        "config/processes/migrating.py",
        "with transaction.atomic(self.connection.alias) if migration.atomic else nullcontext():",
        "with nullcontext():",
    ),
    one_edit(
        "a table in use ends the set-up",
        MIGRATING,
        "config/management/commands/migrate.py",
        "if sqlstate(error) not in (LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED):",
        "if error is not None:",
    ),
    one_edit(
        "an erased person's address stays in the invoice",
        PRIVACY,
        "orders/services/upkeep/erase_words.py",
        '    Invoice.objects.filter(of_orders).update(content=_Set("content", "buyer,email", ""))\n',
        "",
    ),
    one_edit(
        "an erased person stays in what a provider told",
        PRIVACY,
        "payments/services/erase_payer.py",
        '    told.update(body=b"", headers={}, error="")\n',
        '    told.update(error="")\n',
    ),
    one_edit(
        "a lead is of everybody who has its address",
        PRIVACY,
        "crm/privacy/known_addresses.py",
        '(any_in_any_case("email", shared) & same)',
        'any_in_any_case("email", shared)',
    ),
    one_edit(
        "an order's e-mail looks for its lines in all orders",
        "tests/full_tables/test_job_plans.py",
        "crm/mail/order_facts.py",
        'OrderItem.objects.filter(one_of("order_id", whole_of), quantity__gt=0)',
        "(OrderItem.objects.filter(order__in=wholes) | "
        "OrderItem.objects.filter(order__in=Order.objects.filter(parent__in=wholes)))",
    ),
    one_edit(
        "two workers that have the same e-mail both send it",
        "tests/crm/mail/test_order_mails.py",
        "crm/mail/order_mail_sql.py",
        "WHERE id = %(next)s AND status = '{OrderMailStatus.QUEUED}'",
        "WHERE id = %(next)s",
    ),
    one_edit(
        "the admin knows no address of customers",
        "tests/architecture/test_master_data.py",
        "users/admin/customer.py",
        '("address", "language"), ',
        "",
    ),
    one_edit(
        "a page of the admin saves its model by itself",
        "tests/architecture/test_one_write_path.py",
        "users/admin/tag.py",
        "from shared.admin.saving import ServiceAdmin, Values\n",
        "from shared.admin.base import KontorAdmin as ServiceAdmin\nfrom shared.admin.saving import Values\n",
    ),
    one_edit(
        "what a service refuses of a row is not said at the row",
        "tests/admin/test_saved_by_services.py",
        "shared/admin/conflicts/refused.py",
        "            show(form, about)\n",
        "            continue\n",
    ),
    one_edit(
        "an erased person keeps country and language",
        "tests/architecture/test_master_data.py",
        "users/services/erase_login.py",
        '_STAYS = frozenset({"id", "owner",',
        '_STAYS = frozenset({"id", "country", "language", "owner",',
    ),
)

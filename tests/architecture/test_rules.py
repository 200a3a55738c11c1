"""House rules that import-linter and ruff cannot see."""

import ast
import re

from tests.architecture.source import PACKAGES, ROOT, modules, receiver

STOCK_HOME = "inventory/ledger/stock.py"
ORDER_HOME = "orders/lifecycle/locking.py"
# The record that a form of the admin changes, whichever it is; of a stock level and of orders it is never asked to.
FORM_HOME = "shared/admin/conflicts/locking.py"

# Rooms besides the services that lock what they are about.
LOCKING_ROOMS = (
    *("inventory/documents/", "users/security/", "webhooks/deliveries/", "config/upkeep/alerts/"),
    *("orders/documents/", "orders/drafts/", "orders/lifecycle/", "orders/pricing/coupon_use.py"),
)

# A database server of our own, and millions of made-up orders: SQL is what these folders are about.
RAW_SQL_FOLDERS = (
    "embedded_postgres/",
    "shared/database/backend/",
    "orders/generator/",
    "orders/partitioning/",
    "orders/archiving/",
)

# Elsewhere raw SQL is the exception: each module that executes some, and why the ORM would not do.
RAW_SQL = {
    "inventory/documents/ledger_names.py": "thousands of lines named in one statement, under the levels' locks",
    "inventory/ledger/stock_sql.py": "levels and ledger in one statement",
    "config/metrics/states.py": "tables of procrastinate, statistics and sessions of the server",
    "config/upkeep/rows.py": "what PostgreSQL says of itself",
    "config/processes/pooler.py": "what sessions are limited to, and two statements that must not be mixed up",
    "config/processes/setup_lock.py": "an advisory lock and the session's limits",
    "crm/demo/opening.py": "an advisory lock, and dates that services do not let anybody set",
    "crm/services/segments/refresh_segment.py": "a segment's members brought in line in one statement",
    "crm/mail/order_mail_sql.py": "e-mails by the thousand; two notes and an entry of the timeline in one statement",
    "crm/merging/sql.py": "rows by the ten thousand moved and written down in one statement",
    "crm/reads/sales.py": "kept sums and live orders in one snapshot",
    "crm/timeline/entries.py": "three tables merged, each read no further than the page needs",
    "crm/reads/open_deals.py": "the newest deals of each stage, each from its own stretch of an index",
    "webhooks/deliveries/claim_sql.py": "window functions over what waits, and an update of what may go next",
    "events/feed/lag.py": "the sequencer's candidates, to see how old they are",
    "events/feed/sequencing_sql.py": "four ledgers read, counted and written as events in one statement",
    "events/feed/turn.py": "an advisory lock",
    "exchange/running/long_transaction.py": "limits of a session, a lock, ANALYZE, and progress seen from outside",
    "exchange/checking/record_matching.py": "a hundred thousand rows matched in one statement",
    "exchange/services/check_import.py": "rows of a file kept as JSON, in one statement for two thousand",
    "exchange/services/undo_import.py": "records made of their images",
    "exchange/writing/records.py": "records made of JSON, in one statement a table",
    "orders/reservations/backorders.py": "counters raised within their limits, in the order of their locks",
    "orders/reservations/expiry_sql.py": "hundreds of overdue orders in one statement",
    "tools/measuring/hot_reads.py": "who buys and sells most, to measure with",
    "orders/reads/newest.py": "the newest of several kinds, each from its own stretch of an index",
    "orders/placing/sql.py": "an order in one statement",
    "orders/reservations/holds.py": "holds ended and told in one statement",
    "orders/lifecycle/changes_sql.py": "orders, their lines and events in one statement",
    "shared/planner/compiled.py": "an update compiled once",
    "shared/database/set_columns.py": "columns set by a statement whose text is the same each time",
    "shared/database/insert_rows.py": "rows in one statement, whose text is the same for any number",
    "orders/reservations/hold_terms.py": "the one rule of hold policies, which placing reads within its statement",
    "orders/services/upkeep/lift_order_numbers.py": "a sequence, moved on",
    "orders/services/upkeep/audit_books.py": "the books recomputed by other means than those that wrote them",
    "orders/services/orders/fill_backorders.py": "queues that can be served, found by what lies on the shelves",
    "orders/reads/sales.py": "days and customers added up by PostgreSQL straight from the rows",
    "shared/planner/word_search.py": "PostgreSQL's own statistics, for the words of a text that it splits itself",
    "shared/planner/near_words.py": "words that may have been meant, each counted by a look into the index",
    "shared/planner/newest.py": "the newest of several owners, each from its own stretch of an index",
    "shared/clock.py": "the database's clock",
    "shared/planner/compiled_query.py": "a query compiled once",
    "tools/measuring/explaining.py": "EXPLAIN of whatever was sent, and an index put aside",
    "shared/history/unrecorded.py": "a setting of the transaction, which the triggers read",
    "shared/history/tracking.py": "triggers, which no migration of another app has to know",
    "shared/http/health.py": "the worker's heartbeat, in a table of procrastinate",
    "tools/measuring/index_health.py": "PostgreSQL's own catalogues",
    "shared/concurrency/throttling.py": "an atomic counter",
    "shared/concurrency/read_index.py": "how far the primary's log is",
    "shared/database/append_only.py": "triggers told to look away, in one statement",
    "shared/database/replica.py": "how far a replica is",
    "shared/database/restored.py": "a setting of the database",
    "shared/database/transactions.py": "a transaction's own statement timeout",
}


def test_orders_and_stock_are_locked_in_their_homes_only() -> None:
    for module in modules(*PACKAGES):
        for call in module.calls("select_for_update"):
            if module.name in {STOCK_HOME, ORDER_HOME, FORM_HOME}:
                continue
            locked = receiver(call)
            assert re.fullmatch(r"\w+\.(objects|everyone)", locked), (
                f"{module.name}:{call.lineno} hides what it locks: {locked}"
            )
            assert locked not in {"StockLevel.objects", "Order.objects"}, f"{module.name}:{call.lineno}"
            assert module.name.startswith(LOCKING_ROOMS) or "/services/" in module.name, (
                f"{module.name}:{call.lineno} locks outside a service"
            )


def test_nobody_but_the_stock_service_writes_balances() -> None:
    for module in modules(*PACKAGES):
        if module.name == STOCK_HOME:
            continue
        written = {
            target.attr
            for node in module.nodes
            if isinstance(node, ast.Assign | ast.AugAssign)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Attribute)
        }
        updated = {keyword.arg for call in module.calls("update") for keyword in call.keywords}
        assert not {"on_hand", "reserved"} & (written | updated), module.name
        if module.name != "inventory/ledger/stock_sql.py":
            assert "stock_sql" not in module.text, f"{module.name} goes round {STOCK_HOME}"


def test_raw_sql_is_executed_where_it_is_declared_and_nowhere_else() -> None:
    executing = {
        module.name
        for module in modules(*PACKAGES)
        if any(receiver(call).endswith("cursor") for call in module.calls("execute"))
        and not module.name.startswith(RAW_SQL_FOLDERS)
        and "/management/" not in module.name
    }
    assert executing == set(RAW_SQL)


def test_apps_are_not_reached_by_name() -> None:
    reaching = [module.name for module in modules(*PACKAGES) if list(module.calls("get_model"))]
    assert reaching == [], "get_model would go round the import rules"


def test_packages_import_modules_and_hide_nothing() -> None:
    for package in PACKAGES:
        services = ROOT / package / "services" / "__init__.py"
        imports = ast.parse(services.read_text("utf-8")).body if services.exists() else []
        assert all(isinstance(line, ast.Expr) for line in imports), "a word on the package is all that may stand here"
        models = ROOT / package / "models" / "__init__.py"
        if models.exists():
            names = re.findall(r"__all__ = \[(.*?)\]", models.read_text("utf-8"), re.DOTALL)
            assert all(name.islower() for name in re.findall(r'"(\w+)"', "".join(names))), "modules only, no classes"


def test_no_signals_but_djangos_hook_after_migrating() -> None:
    for module in modules(*PACKAGES):
        connected = {receiver(call) for call in module.calls("connect")}
        assert not [name for name in connected if name.endswith(("_save", "_delete", "_changed"))], module.name
        assert "django.dispatch" not in module.text, module.name


def test_who_acts_and_when_is_always_named() -> None:
    for module in modules(*PACKAGES):
        for node in module.nodes if "/services/" in module.name else []:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                by_position = {argument.arg for argument in node.args.args}
                assert not by_position & {"actor", "actor_id", "now", "reason"}, f"{module.name}: {node.name}"


def test_tests_put_nothing_in_place_of_our_own_code() -> None:
    banned = re.compile(r"unittest\.mock|\bmock\b|mocker|pytest\.(mark\.)?(skip|xfail)|importorskip")
    for module in modules("tests", "benchmarks"):
        if module.name != "tests/architecture/test_rules.py":
            found = banned.search(module.text)
            assert found is None, f"{module.name}: {found and found[0]}"


def test_nothing_is_left_unfinished() -> None:
    for module in modules(*PACKAGES, "tests", "benchmarks"):
        marks = re.findall(r"# *(?:TODO|FIXME|XXX|HACK)\b", module.text)
        assert not marks, module.name
        assert not list(module.calls("breakpoint")), module.name


def test_the_workers_connections_wait_for_no_silent_server_for_ever() -> None:
    connectors = ("PsycopgConnector", "BeatingConnector")
    made = [call for module in modules(*PACKAGES) for name in connectors for call in module.calls(name)]

    classes = [{word.arg: ast.unparse(word.value) for word in call.keywords}.get("connection_class") for call in made]

    assert classes == ["BoundedAsyncConnection"]

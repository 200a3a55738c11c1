"""A migration of a big table reads none of it under a strong lock: orders go on meanwhile."""

import ast
import hashlib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PUBLISHED = Path(__file__).parent / "published_migrations.sha256"
BIG = {
    "order",
    "orderitem",
    "orderevent",
    "draft",
    "draftline",
    "payment",
    "reservation",
    "customer",
    "stocklevel",
    "stockmovement",
    "variant",
}


def operations(node: ast.AST) -> Iterator[ast.Call]:
    """Calls that reach the database: those of `state_operations` do not."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.keyword) and child.arg == "state_operations":
            continue
        if isinstance(child, ast.Call):
            yield child
        yield from operations(child)


def why_it_reads_all(call: ast.Call) -> str:
    """Empty, or what is to be done instead."""
    name, given = ast.unparse(call.func).split(".")[-1], {word.arg: word.value for word in call.keywords}
    model = given.get("model_name")
    if not isinstance(model, ast.Constant) or model.value not in BIG:
        return ""
    if name == "AddConstraint":
        return "AddConstraintNotValid, and ValidateConstraint in a migration after it"
    if name in ("AddIndex", "RemoveIndex"):
        return f"{name}Concurrently"
    if name != "AddField":
        return ""
    field = ast.unparse(given["field"])
    if "Positive" in field:
        return "its check added NOT VALID by SQL, and validated in a migration after it"
    if "OneToOneField" in field or "unique=True" in field:
        return "a unique index built concurrently"
    # PostgreSQL adds a foreign key with a new empty column without looking at the rows.
    return "null=True" if "ForeignKey" in field and "null=True" not in field else ""


def test_no_migration_reads_a_big_table_while_nobody_else_may() -> None:
    faults = [
        f"{path.relative_to(ROOT)}:{call.lineno}: {why}"
        for app in ("orders", "inventory", "catalog", "users")
        for path in sorted((ROOT / app / "migrations").glob("0*.py"))
        if not path.name.startswith("0001")
        for call in operations(ast.parse(path.read_text()))
        if (why := why_it_reads_all(call))
    ]

    assert faults == []


def test_a_published_migration_is_never_edited() -> None:
    """Write a new one instead. When a version is cut, add its migrations: `sha256sum */migrations/0*.py`."""
    published = {name: digest for digest, name in (line.split("  ") for line in PUBLISHED.read_text().splitlines())}

    edited = [name for name, digest in published.items() if _digest(ROOT / name) != digest]

    assert published
    assert edited == []


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else "is gone"

import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.math
from django.db import migrations, models

# What is before the name's index and after it, as CREATE INDEX wants them.
WORTH = "((floor(ln(greatest(total, 1)::double precision) * 4)), created_at DESC, id DESC) INCLUDE (total)"
LISTED = "WHERE deleted_at IS NULL AND parent_id IS NULL"
SHOWN_BY = "INCLUDE (parent_id, deleted_at)"
INDEXES = {
    "order_status_created": ("(status, created_at DESC, id DESC)", LISTED),
    "order_payment_created": ("(payment_status, created_at DESC, id DESC)", LISTED),
    "order_worth_created": (WORTH, LISTED),
    "order_customer_created": ("(customer_id, created_at DESC, id DESC)", SHOWN_BY),
    "order_customer_status": ("(customer_id, status, created_at DESC, id DESC)", SHOWN_BY),
}


def exchange(name: str, *definition: str) -> list[str]:
    """Statements that put another index in place of one, which serves until the new one is there."""
    return [
        f"CREATE INDEX CONCURRENTLY {name}_next ON orders_order {' '.join(definition)}",
        f"DROP INDEX CONCURRENTLY {name}",
        f"ALTER INDEX {name}_next RENAME TO {name}",
    ]


class Migration(migrations.Migration):
    """The indexes of lists leave out sellers' parts and deleted orders, which no list shows, or tell them apart."""

    atomic = False

    dependencies = [
        ("catalog", "0009_ledger_rows_of_documents_and_backorders"),
        ("orders", "0021_backorders"),
        ("users", "0012_customers_of_groups"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(exchange(name, columns, addition), exchange(name, columns))
                for name, (columns, addition) in INDEXES.items()
            ],
            state_operations=[
                migrations.RemoveIndex(model_name="order", name="order_customer_created"),
                migrations.AddIndex(
                    model_name="order",
                    index=models.Index(
                        fields=["customer", "-created_at", "-id"],
                        include=("parent", "deleted_at"),
                        name="order_customer_created",
                    ),
                ),
                migrations.RemoveIndex(
                    model_name="order",
                    name="order_status_created",
                ),
                migrations.RemoveIndex(
                    model_name="order",
                    name="order_payment_created",
                ),
                migrations.RemoveIndex(
                    model_name="order",
                    name="order_worth_created",
                ),
                migrations.RemoveIndex(
                    model_name="order",
                    name="order_customer_status",
                ),
                migrations.AddIndex(
                    model_name="order",
                    index=models.Index(
                        condition=models.Q(("deleted_at__isnull", True), ("parent__isnull", True)),
                        fields=["status", "-created_at", "-id"],
                        name="order_status_created",
                    ),
                ),
                migrations.AddIndex(
                    model_name="order",
                    index=models.Index(
                        fields=["customer", "status", "-created_at", "-id"],
                        include=("parent", "deleted_at"),
                        name="order_customer_status",
                    ),
                ),
                migrations.AddIndex(
                    model_name="order",
                    index=models.Index(
                        condition=models.Q(("deleted_at__isnull", True), ("parent__isnull", True)),
                        fields=["payment_status", "-created_at", "-id"],
                        name="order_payment_created",
                    ),
                ),
                migrations.AddIndex(
                    model_name="order",
                    index=models.Index(
                        django.db.models.functions.math.Floor(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.functions.math.Ln(
                                    django.db.models.functions.comparison.Cast(
                                        django.db.models.functions.comparison.Greatest("total", models.Value(1)),
                                        models.FloatField(),
                                    )
                                ),
                                "*",
                                models.Value(4),
                            )
                        ),
                        models.OrderBy(models.F("created_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("deleted_at__isnull", True), ("parent__isnull", True)),
                        include=("total",),
                        name="order_worth_created",
                    ),
                ),
            ],
        ),
    ]

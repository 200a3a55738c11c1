"""Idempotency keys of every request, not of orders alone: their table comes down from orders, where it stays by name.

Only the catalogue changes: a foreign key is dropped, columns with a constant come. No row is read or written. The way
back forgets the keys of other requests than orders'.
"""

from django.db import migrations, models

_DROP_FOREIGN_KEY = """
DO $$
DECLARE
    found text;
BEGIN
    SELECT conname INTO found FROM pg_constraint
    WHERE conrelid = 'orders_idempotency_key'::regclass AND contype = 'f';
    IF found IS NOT NULL THEN
        EXECUTE format('ALTER TABLE orders_idempotency_key DROP CONSTRAINT %I', found);
    END IF;
END $$
"""
_FOREIGN_KEY_AGAIN = """
DELETE FROM orders_idempotency_key WHERE route <> '';
ALTER TABLE orders_idempotency_key ADD CONSTRAINT orders_idempotency_key_order_id_fk FOREIGN KEY (order_id)
    REFERENCES orders_order (id) DEFERRABLE INITIALLY DEFERRED NOT VALID;
ALTER TABLE orders_idempotency_key VALIDATE CONSTRAINT orders_idempotency_key_order_id_fk
"""
_COLUMNS = """
ALTER TABLE orders_idempotency_key
    ADD COLUMN IF NOT EXISTS route varchar(100) DEFAULT '' NOT NULL,
    ADD COLUMN IF NOT EXISTS answer jsonb
"""
_NO_COLUMNS = "ALTER TABLE orders_idempotency_key DROP COLUMN route, DROP COLUMN answer"


class Migration(migrations.Migration):
    dependencies = [
        ("shared", "0005_translated_names"),
        ("orders", "0028_sales_are_net"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(_COLUMNS, _NO_COLUMNS),
                migrations.RunSQL(_DROP_FOREIGN_KEY, _FOREIGN_KEY_AGAIN),
            ],
            state_operations=[
                migrations.CreateModel(
                    name="IdempotencyKey",
                    fields=[
                        ("id", models.UUIDField(db_column="order_id", primary_key=True, serialize=False)),
                        ("principal_id", models.UUIDField()),
                        ("key", models.CharField(max_length=255)),
                        (
                            "fingerprint",
                            models.CharField(help_text="SHA-256 of the validated request body.", max_length=64),
                        ),
                        (
                            "route",
                            models.CharField(
                                db_default="", default="", help_text="Empty: an order was placed.", max_length=100
                            ),
                        ),
                        ("answer", models.JSONField(null=True)),
                        ("created_at", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name": "idempotency key",
                        "verbose_name_plural": "idempotency keys",
                        "db_table": "orders_idempotency_key",
                        "indexes": [models.Index(fields=["created_at"], name="idempotency_key_age")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("principal_id", "key"), name="idempotency_key_once_per_principal"
                            )
                        ],
                    },
                ),
            ],
        ),
    ]

import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

# By name: AlterField alone drops every index on that one column.
DROP = "DROP INDEX CONCURRENTLY users_customer_company_id_48e5a22f"
CREATE = "CREATE INDEX CONCURRENTLY users_customer_company_id_48e5a22f ON users_customer (company_id)"
# Django makes the table that links tags, and knows no way to say this of it.
TAG = "CREATE INDEX CONCURRENTLY customer_tag_newest ON users_customer_tag (tag_id, customer_id DESC)"
DROP_TAG = "DROP INDEX CONCURRENTLY customer_tag_newest"


class Migration(migrations.Migration):
    """A company's or a tag's customers, and the few logins of a kind, come out of an index page by page."""

    atomic = False
    dependencies = [("users", "0001_initial")]
    operations = [
        AddIndexConcurrently(
            model_name="customer",
            index=models.Index(fields=["company", "-id"], name="customer_company"),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(DROP, CREATE)],
            state_operations=[
                migrations.AlterField(
                    model_name="customer",
                    name="company",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="customers",
                        to="users.company",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(TAG, DROP_TAG),
        AddIndexConcurrently(
            model_name="user",
            index=models.Index(condition=models.Q(("is_staff", True)), fields=["email"], name="user_staff"),
        ),
        AddIndexConcurrently(
            model_name="user",
            index=models.Index(condition=models.Q(("is_superuser", True)), fields=["email"], name="user_superusers"),
        ),
        AddIndexConcurrently(
            model_name="user",
            index=models.Index(condition=models.Q(("is_active", False)), fields=["email"], name="user_inactive"),
        ),
    ]

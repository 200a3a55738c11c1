from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations

from shared.planner.words import Words


class Migration(migrations.Migration):
    """Words of what is searched, with their statistics: the searches ask them which words are common."""

    atomic = False
    dependencies = [
        ("shared", "0007_words_of_texts"),
        ("users", "0005_scope_mcp"),
    ]
    operations = [
        AddIndexConcurrently(
            model_name="customer",
            index=GinIndex(
                Words("name", "email", phone=("phone_e164", "phone")), fastupdate=False, name="customer_words"
            ),
        ),
        AddIndexConcurrently(
            model_name="company",
            index=GinIndex(Words("name", phone=("phone",)), fastupdate=False, name="company_words"),
        ),
        migrations.RunSQL("ANALYZE users_customer", migrations.RunSQL.noop),
        migrations.RunSQL("ANALYZE users_company", migrations.RunSQL.noop),
    ]

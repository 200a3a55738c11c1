from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations

from shared.planner.words import Words


class Migration(migrations.Migration):
    """Words of what is searched, with their statistics: the searches ask them which words are common."""

    atomic = False
    dependencies = [
        ("shared", "0007_words_of_texts"),
        ("catalog", "0001_initial"),
    ]
    operations = [
        AddIndexConcurrently(
            model_name="product",
            index=GinIndex(Words("name"), fastupdate=False, name="product_words"),
        ),
        AddIndexConcurrently(
            model_name="variant",
            index=GinIndex(Words("sku", "name"), fastupdate=False, name="variant_words"),
        ),
        migrations.RunSQL("ANALYZE catalog_product", migrations.RunSQL.noop),
        migrations.RunSQL("ANALYZE catalog_variant", migrations.RunSQL.noop),
    ]

"""Names are found however their letters are written: an index on what shared.planner.folding makes of them takes the place of
that on their lower case. Built beside the work that goes on."""

from django.contrib.postgres.indexes import OpClass
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

import shared.planner.folding


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("catalog", "0011_versions_of_thresholds"),
        ("shared", "0007_fold_of_names"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="product",
            index=models.Index(
                OpClass(shared.planner.folding.Fold("name"), name="text_pattern_ops"), name="product_name_folded"
            ),
        ),
        RemoveIndexConcurrently(model_name="product", name="product_name_prefix"),
    ]

"""Names are found however their letters are written: an index on what shared.planner.folding makes of them takes the place of
that on their lower case. Built beside the work that goes on."""

from django.contrib.postgres.indexes import OpClass
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

import shared.planner.folding


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("users", "0017_calendar_tokens_hashed"),
        ("shared", "0007_fold_of_names"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="customer",
            index=models.Index(
                OpClass(shared.planner.folding.Fold("name"), name="text_pattern_ops"), name="customer_name_folded"
            ),
        ),
        AddIndexConcurrently(
            model_name="company",
            index=models.Index(
                OpClass(shared.planner.folding.Fold("name"), name="text_pattern_ops"), name="company_name_folded"
            ),
        ),
        RemoveIndexConcurrently(model_name="customer", name="customer_name_prefix"),
        RemoveIndexConcurrently(model_name="company", name="company_name_prefix"),
    ]

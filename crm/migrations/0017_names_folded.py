"""Names are found however their letters are written: an index on what shared.planner.folding makes of them takes the place of
that on their lower case. Built beside the work that goes on."""

from django.contrib.postgres.indexes import OpClass
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

import shared.planner.folding


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("crm", "0016_repeat_on_the_31st"),
        ("shared", "0007_fold_of_names"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="deal",
            index=models.Index(
                OpClass(shared.planner.folding.Fold("title"), name="text_pattern_ops"), name="deal_title_folded"
            ),
        ),
        AddIndexConcurrently(
            model_name="lead",
            index=models.Index(
                OpClass(shared.planner.folding.Fold("name"), name="text_pattern_ops"), name="lead_name_folded"
            ),
        ),
        RemoveIndexConcurrently(model_name="deal", name="deal_title_prefix"),
        RemoveIndexConcurrently(model_name="lead", name="lead_name_prefix"),
    ]
